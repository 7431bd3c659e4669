import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { Type } from 'typebox'
import type { App, Context } from './context.ts'
import { listFeeds } from './ingest/feeds-store.ts'
import type { Live } from './live/index.ts'

/** GET /metrics in Prometheus' form; it holds no names of people, no addresses and no keys. */
export function registerMetrics(app: App, { pool, clock, bus }: Context, live: () => Live | undefined): void {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const requests = new Histogram({
    name: 'pantau_http_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 2],
    registers: [register],
  })
  const changes = new Gauge({
    name: 'pantau_camera_changes_total',
    help: 'State changes published since the start',
    registers: [register],
  })
  bus.on('cameras:changed', (statuses) => changes.inc(statuses.length))
  new Gauge({
    name: 'pantau_live_connections',
    help: 'Open Socket.IO connections',
    registers: [register],
    collect() {
      this.set(live()?.connections() ?? 0)
    },
  })
  new Gauge({
    name: 'pantau_feed_age_seconds',
    help: "Age of each feed's last good run",
    labelNames: ['feed'],
    registers: [register],
    async collect() {
      this.reset()
      const now = clock()
      const feeds = await listFeeds(pool, now).catch(() => [])
      for (const { id, mode, lastGoodAt } of feeds)
        if (mode !== 'history' && lastGoodAt !== null)
          this.set({ feed: id }, (now.getTime() - Date.parse(lastGoodAt)) / 1000)
    },
  })
  app.addHook('onResponse', async (request, reply) => {
    requests.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
      reply.elapsedTime / 1000,
    )
  })
  app.get(
    '/metrics',
    {
      config: { access: 'public' },
      schema: {
        tags: ['health'],
        summary: 'Figures for Prometheus',
        response: { 200: { content: { 'text/plain': { schema: Type.String() } } } },
      },
    },
    async (_request, reply) => reply.type(register.contentType).send(await register.metrics()),
  )
}
