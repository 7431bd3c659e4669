import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { closed, Nullable } from '#contract/basic.ts'
import { Viewer } from '#contract/viewer.ts'
import type { App, Context } from '../context.ts'
import { AppError } from '../errors.ts'
import type { Access } from './index.ts'
import { Name, Nothing, SignedInAs, Token, TypedPassword, TypedUsername, Username } from './schemas.ts'
import { setUp } from './setup.ts'
import { shown } from './viewer.ts'

export function sessionRoutes(app: App, context: Context, access: Access): void {
  const { cookies, sessions } = access

  app.get(
    '/api/session',
    {
      config: { access: 'public' },
      schema: {
        tags: ['access'],
        summary: 'Who is signed in',
        response: { 200: Type.Object({ viewer: Nullable(Viewer), guestsMayLook: Type.Boolean() }) },
      },
    },
    async (request, reply) => {
      const { device } = cookies.read(request.headers.cookie)
      // Browsers cut a cookie's life to 400 days: a wall renews its own whenever it loads.
      if (request.viewer?.kind === 'device' && device !== undefined)
        reply.header('set-cookie', cookies.device(device))
      reply.header('cache-control', 'no-store')
      return {
        viewer: request.viewer === null ? null : shown(request.viewer),
        guestsMayLook: context.config.guestsMayLook,
      }
    },
  )

  app.post(
    '/api/session',
    {
      config: { access: 'public' },
      schema: {
        tags: ['access'],
        summary: 'Sign in',
        body: Type.Object({ username: TypedUsername, password: TypedPassword }, closed),
        response: { 200: SignedInAs },
      },
    },
    async (request, reply) => {
      const previous = cookies.read(request.headers.cookie).session
      const { token, viewer } = await sessions
        .signIn({ ...request.body, ip: request.ip, previous })
        .catch((error: unknown) => throwWithWait(error, reply))
      reply.header('set-cookie', cookies.session(token))
      return { viewer: shown(viewer) }
    },
  )

  app.delete(
    '/api/session',
    {
      config: { access: 'public' },
      schema: { tags: ['access'], summary: 'Sign out', response: { 204: Nothing } },
    },
    async (request, reply) => {
      const { session } = cookies.read(request.headers.cookie)
      if (session !== undefined) await sessions.signOut(session)
      return reply.header('set-cookie', cookies.forgotten()).code(204).send(null)
    },
  )

  app.post(
    '/api/setup',
    {
      config: { access: 'public' },
      schema: {
        tags: ['access'],
        summary: 'Create the first administrator with the one-time link',
        body: Type.Object({ token: Token, username: Username, name: Name, password: TypedPassword }, closed),
        response: { 200: SignedInAs },
      },
    },
    async (request, reply) => {
      const previous = cookies.read(request.headers.cookie).session
      const { token, viewer } = await setUp(context, sessions, request.body, { ip: request.ip, previous })
      reply.header('set-cookie', cookies.session(token))
      return { viewer: shown(viewer) }
    },
  )
}

/** A refusal for too many attempts also says when to come back in the header that machines read. */
export function throwWithWait(error: unknown, reply: FastifyReply): never {
  if (error instanceof AppError && error.kind === 'too-many')
    reply.header('retry-after', String(error.details['retryAfterSeconds']))
  throw error
}
