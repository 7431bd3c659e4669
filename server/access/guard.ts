import type { FastifyRequest } from 'fastify'
import type { App, Context } from '../context.ts'
import { AppError } from '../errors.ts'
import type { KnownViewer, RouteAccess } from './viewer.ts'

declare module 'fastify' {
  interface FastifyRequest {
    viewer: KnownViewer | null
  }
  interface FastifyContextConfig {
    access?: RouteAccess
  }
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Stands before every route registered after it: who asks, and may they? */
export function registerGuard(
  app: App,
  { config }: Context,
  viewerOf: (cookieHeader: string | undefined) => Promise<KnownViewer | null>,
): void {
  const publicOrigin = config.publicUrl === undefined ? undefined : new URL(config.publicUrl).origin
  app.decorateRequest('viewer', null)
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return
    const route = request.routeOptions.url ?? ''
    const api = route === '/api' || route.startsWith('/api/')
    const access = request.routeOptions.config.access ?? (api ? 'view' : 'public')
    // A source that pushes carries its key in a header, which no foreign page can make a browser send.
    const pushed = access === 'public' && route.startsWith('/api/ingest/')
    if (!pushed && !SAFE.has(request.method)) refuseForeign(request, publicOrigin)
    // What is public besides the API (page, health, metrics) must answer while the database is away.
    if (access === 'public' && (pushed || !api)) return
    request.viewer = await viewerOf(request.headers.cookie)
    if (access === 'public') return
    // Whoever uses the browser next, and proxies between, keep nothing of it; a route may say otherwise.
    void reply.header('cache-control', 'no-store')
    refuseStranger(request.viewer, access)
  })
}

function refuseStranger(viewer: KnownViewer | null, access: Exclude<RouteAccess, 'public'>): void {
  if (viewer === null || (access !== 'view' && viewer.kind === 'guest'))
    throw new AppError('not-signed-in', 'Sign in first.')
  if (access !== 'view' && viewer.kind === 'device')
    throw new AppError('forbidden', 'This is for accounts: a display shows what is on show.')
  if (access !== 'view' && !access.includes(viewer.role))
    throw new AppError(
      'forbidden',
      `This is for the roles ${access.join(', ')}; you are signed in as ${viewer.role}.`,
    )
}

/** A page of another site may send a request with the visitor's cookie, and cannot hide where it comes from. */
function refuseForeign(request: FastifyRequest, publicOrigin: string | undefined): void {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const own =
    origin === undefined
      ? site === 'same-origin' || site === 'none'
      : publicOrigin !== undefined
        ? origin === publicOrigin // a proxy may pass on whatever Host it was told
        : URL.canParse(origin) && new URL(origin).host === hostOf(request)
  if (!own)
    throw new AppError(
      'forbidden',
      'This request does not come from a page of this server: send it with an Origin header that names the server.',
    )
}

/** As a URL writes it: in small letters and without the scheme's own port. */
function hostOf(request: FastifyRequest): string | undefined {
  const url = `${request.protocol}://${request.host}`
  return URL.canParse(url) ? new URL(url).host : undefined
}
