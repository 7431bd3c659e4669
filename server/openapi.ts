import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { RouteOptions } from 'fastify'
import { Type } from 'typebox'
import { closed } from '#contract/basic.ts'
import type { App } from './context.ts'
import { ErrorBody } from './errors.ts'
import { VERSION } from './version.ts'

const Empty = Type.Object({}, closed)

/**
 * OpenAPI from the schemas of every route registered after it, with a page to browse it. What all routes share is added
 * here: how a failure looks, who may ask, and that a query which nobody reads is refused.
 */
export async function describeApi(app: App): Promise<void> {
  app.addHook('onRoute', (route) => {
    const { schema, url } = route
    if (schema === undefined || schema.hide === true) return
    route.schema = {
      ...(url.startsWith('/api/') && { querystring: Empty, ...audience(route.config?.access) }),
      ...schema,
      response: { '4xx': ErrorBody, '5xx': ErrorBody, ...(schema.response as object) },
    }
  })
  await app.register(swagger, {
    openapi: {
      info: { title: 'Pantau Kota', version: VERSION, description: 'Real-time monitor of a city' },
      components: {
        securitySchemes: {
          feedKey: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'pantau_session' },
        },
      },
    },
  })
  await app.register(swaggerUi, { routePrefix: '/api/docs' })
}

type Access = NonNullable<RouteOptions['config']>['access']

function audience(access: Access): { description?: string; security?: Record<string, string[]>[] } {
  if (access === 'public') return {}
  if (access === undefined || access === 'view')
    return { description: 'For everyone who may look.', security: [{ session: [] }] }
  return { description: `For the roles ${access.join(', ')}.`, security: [{ session: [] }] }
}
