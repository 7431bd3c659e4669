import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { Type } from 'typebox'
import type { App, Context } from './context.ts'
import { isConnectionLoss } from './database/pool.ts'
import { listFeeds } from './ingest/feeds-store.ts'
import type { Live } from './live/index.ts'

/** GET /metrics in Prometheus' form; it holds no names of people, no addresses and no keys. */
export function registerMetrics(app: App, context: Context, live: () => Live | undefined): void {
  const register = new Registry()
  collectDefaultMetrics({ register })
  countRequests(app, register)
  countFacts(context, register)
  gaugeConnections(context, register, live)
  const renewFeeds = gaugeFeeds(context, register)
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
    async (_request, reply) => {
      await renewFeeds()
      return reply.type(register.contentType).send(await register.metrics())
    },
  )
}

function countRequests(app: App, register: Registry): void {
  const requests = new Histogram({
    name: 'pantau_http_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 2],
    registers: [register],
  })
  app.addHook('onResponse', async (request, reply) => {
    requests.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
      reply.elapsedTime / 1000,
    )
  })
}

/** What happened since the start, as the domains tell it after their commits. */
function countFacts({ bus }: Context, register: Registry): void {
  const rows = new Counter({
    name: 'pantau_rows_total',
    help: 'Rows of feeds, pushed and pulled, by what became of them',
    labelNames: ['feed', 'outcome'],
    registers: [register],
  })
  const commits = new Histogram({
    name: 'pantau_commit_seconds',
    help: 'Time of a commit of rows or checks, which many small requests may share',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2],
    registers: [register],
  })
  const changes = new Counter({
    name: 'pantau_camera_changes_total',
    help: 'State changes of cameras',
    registers: [register],
  })
  const checks = new Counter({
    name: 'pantau_checks_total',
    help: 'Checks of cameras that this instance stored, by what they came to',
    labelNames: ['outcome'],
    registers: [register],
  })
  const failures = new Counter({
    name: 'pantau_job_failures_total',
    help: 'Turns of a regular job that failed; it is tried again at its next turn',
    labelNames: ['job'],
    registers: [register],
  })
  bus.on('checks:stored', ({ checks: count, failed, tookMs }) => {
    commits.observe(tookMs / 1000)
    checks.inc({ outcome: 'failed' }, failed)
    checks.inc({ outcome: 'ok' }, count - failed)
  })
  bus.on('rows:committed', ({ parcels, tookMs }) => {
    commits.observe(tookMs / 1000)
    for (const { feed, counts } of parcels) {
      rows.inc({ feed, outcome: 'accepted' }, counts.accepted)
      rows.inc({ feed, outcome: 'unchanged' }, counts.unchanged)
      rows.inc({ feed, outcome: 'duplicate' }, counts.duplicate)
      rows.inc({ feed, outcome: 'rejected' }, counts.rejected)
    }
  })
  bus.on('cameras:changed', (statuses) => changes.inc(statuses.length))
  bus.on('job:failed', ({ job }) => failures.inc({ job }))
}

function gaugeConnections({ pool }: Context, register: Registry, live: () => Live | undefined): void {
  new Gauge({
    name: 'pantau_live_connections',
    help: 'Open Socket.IO connections',
    registers: [register],
    collect() {
      this.set(live()?.connections() ?? 0)
    },
  })
  new Gauge({
    name: 'pantau_database_connections',
    help: 'Connections to the database at work and idle, and work that waits for one',
    labelNames: ['state'],
    registers: [register],
    collect() {
      this.set({ state: 'working' }, pool.totalCount - pool.idleCount)
      this.set({ state: 'idle' }, pool.idleCount)
      this.set({ state: 'waiting' }, pool.waitingCount)
    },
  })
}

/** Returns what renews them. While the database is away they are left out rather than told as they were. */
function gaugeFeeds({ pool, clock }: Context, register: Registry): () => Promise<void> {
  const late = new Gauge({
    name: 'pantau_feed_late',
    help: '1 where a feed is stale or failing, else 0',
    labelNames: ['feed'],
    registers: [register],
  })
  const age = new Gauge({
    name: 'pantau_feed_age_seconds',
    help: "Age of each feed's last good run",
    labelNames: ['feed'],
    registers: [register],
  })
  return async () => {
    const now = clock()
    const feeds = await listFeeds(pool, now).catch((error: unknown) => {
      if (isConnectionLoss(error)) return []
      throw error
    })
    late.reset()
    age.reset()
    for (const { id, mode, state, lastGoodAt } of feeds) {
      if (mode === 'history') continue
      late.set({ feed: id }, state === 'stale' || state === 'failing' ? 1 : 0)
      if (lastGoodAt !== null) age.set({ feed: id }, (now.getTime() - Date.parse(lastGoodAt)) / 1000)
    }
  }
}
