import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { LogController } from 'fastify'
import { accessRoutes, createAccess, type Access } from './access/index.ts'
import { cameraRoutes } from './cameras/index.ts'
import { availabilityRoutes } from './cameras/availability/index.ts'
import { maintenanceRoutes } from './cameras/maintenance/index.ts'
import { outageRoutes } from './cameras/outages/index.ts'
import { cameraPageRoutes } from './cameras/page/index.ts'
import { allowedNetworks } from './cameras/probe/allowed.ts'
import { pictureRoutes } from './cameras/probe/picture/index.ts'
import { cameraSettingsRoutes } from './cameras/settings/index.ts'
import { transferRoutes } from './cameras/transfer/index.ts'
import { topologyRoutes } from './cameras/topology/index.ts'
import { cityRoutes } from './cities/routes.ts'
import type { App, Context } from './context.ts'
import { handleError } from './errors.ts'
import { healthRoutes } from './health.ts'
import { createIngest, type Ingest } from './ingest/index.ts'
import { startLive, type Live } from './live/index.ts'
import { isQuiet } from './log.ts'
import { registerMetrics } from './metrics.ts'
import { describeApi } from './openapi.ts'
import { basketRoutes } from './prices/basket/index.ts'
import { indicatorRoutes } from './prices/indicators/index.ts'
import { priceChangeRoutes, priceRoutes } from './prices/index.ts'
import { priceExportRoutes } from './prices/export/index.ts'
import { priceImportRoutes } from './prices/import/index.ts'
import { publicPriceRoutes } from './prices/public/index.ts'
import { qualityRoutes } from './prices/quality/index.ts'
import { surveyRoutes } from './prices/survey/index.ts'
import { summaryRoutes } from './summary/index.ts'
import { compileValidator } from './validation.ts'
import { VERSION } from './version.ts'
import { createVideo, videoRoutes } from './video/index.ts'
import { webRoutes } from './web.ts'

export interface Built {
  app: App
  access: Access
  ingest: Ingest
  /** there once the app is ready */
  live(): Live
}

/** Enough for every screen of a city; what floods beyond it must not eat the memory. */
const MAX_CONNECTIONS = 20_000

/** The application: feed -> read -> validate -> store -> decide -> publish -> view. */
export async function buildApp(context: Context, options: { webFolder?: string } = {}): Promise<Built> {
  const { config } = context
  const app: App = Fastify({
    loggerInstance: context.log,
    logController: new LogController({ disableRequestLogging: isQuiet }),
    trustProxy: config.trustProxy,
    genReqId: () => randomUUID(),
    requestTimeout: 120_000,
    return503OnClosing: true,
    forceCloseConnections: true,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.maxConnections = MAX_CONNECTIONS
  app.setErrorHandler(handleError)
  app.setValidatorCompiler(compileValidator)

  await app.register(helmet, {
    contentSecurityPolicy: { directives: contentPolicy(config.tileUrl, config.publicUrl) },
    hsts: config.publicUrl?.startsWith('https') ?? false,
  })
  await app.register(cookie)
  await app.register(rateLimit, {
    global: true,
    max: 600,
    timeWindow: '1 minute',
    // By the route that answers: an address may be written in many ways. Pushes are limited by size and key.
    allowList: ({ routeOptions: { url = '' } }) => !url.startsWith('/api/') || url.startsWith('/api/ingest/'),
  })
  await describeApi(app)

  const running: { live?: Live } = {}
  const access = createAccess(context)
  access.registerGuard(app)
  registerMetrics(app, context, () => running.live)
  const ingest = createIngest(context, access)

  accessRoutes(app, context, access)
  ingest.routes(app)
  cameraRoutes(app, context)
  cameraSettingsRoutes(app, context)
  topologyRoutes(app, context)
  outageRoutes(app, context)
  maintenanceRoutes(app, context)
  availabilityRoutes(app, context)
  cameraPageRoutes(app, context)
  transferRoutes(app, context)
  pictureRoutes(app, context)
  const video = await createVideo(context, {
    allowed: allowedNetworks(config.probeNetworks),
    now: () => context.clock().getTime(),
  })
  videoRoutes(app, video)
  priceRoutes(app, context)
  priceChangeRoutes(app, context)
  indicatorRoutes(app, context)
  basketRoutes(app, context)
  priceImportRoutes(app, context)
  priceExportRoutes(app, context)
  qualityRoutes(app, context)
  publicPriceRoutes(app, context)
  surveyRoutes(app, context)
  summaryRoutes(app, context)
  await cityRoutes(app, context)
  healthRoutes(app, context)
  await webRoutes(app, options.webFolder)

  app.addHook('preClose', async () => {
    await running.live?.close()
    await ingest.intake.drain()
    await video.close()
  })
  await app.ready()
  const live = startLive(app.server, context, {
    viewerOf: (header) => access.viewerOfCookieHeader(header),
    version: VERSION,
    originAllowed: (origin, host) => sameOrigin(origin, host, config.publicUrl),
  })
  await live.reload()
  running.live = live
  return { app, access, ingest, live: () => live }
}

function contentPolicy(tileUrl: string | undefined, publicUrl: string | undefined) {
  const tiles = tileUrl === undefined ? [] : [new URL(tileUrl.replace(/[{}]/g, '')).origin]
  return {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    // blob: a photo that waits on the phone
    imgSrc: ["'self'", 'data:', 'blob:', ...tiles],
    connectSrc: ["'self'"],
    // what a video is made of within the page (Media Source Extensions)
    mediaSrc: ["'self'", 'blob:'],
    fontSrc: ["'self'"],
    workerSrc: ["'self'"],
    manifestSrc: ["'self'"],
    objectSrc: ["'none'"],
    frameAncestors: ["'none'"],
    upgradeInsecureRequests: publicUrl?.startsWith('https') === true ? [] : null,
  }
}

function sameOrigin(
  origin: string | undefined,
  host: string | undefined,
  publicUrl: string | undefined,
): boolean {
  if (origin === undefined) return true
  if (publicUrl !== undefined && new URL(publicUrl).origin === origin) return true
  return URL.canParse(origin) && new URL(origin).host === host
}
