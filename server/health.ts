import { Type } from 'typebox'
import type { App, Context } from './context.ts'
import { pendingMigrations } from './database/migrate.ts'
import { isConnectionLoss } from './database/pool.ts'
import { listFeeds } from './ingest/feeds-store.ts'
import { VERSION } from './version.ts'

const Check = Type.Object({ ok: Type.Boolean(), detail: Type.String() })
const Readiness = Type.Object({ ready: Type.Boolean(), database: Check, migrations: Check, feeds: Check })

/** Alive: the process answers. Ready: it can do its work; a stale feed is told but does not make it unready. */
export function healthRoutes(app: App, { pool, clock }: Context): void {
  const open = { config: { access: 'public' as const, rateLimit: false as const }, logLevel: 'warn' as const }
  app.get(
    '/healthz',
    {
      ...open,
      schema: {
        tags: ['health'],
        summary: 'Is the process alive',
        response: { 200: Type.Object({ alive: Type.Boolean(), version: Type.String() }) },
      },
    },
    async () => ({ alive: true, version: VERSION }),
  )
  app.get(
    '/readyz',
    {
      ...open,
      schema: {
        tags: ['health'],
        summary: 'Can it do its work: database, migrations, feeds',
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (request, reply) => {
      const attempt = async (work: () => Promise<string | null>) => {
        try {
          const problem = await work()
          return { ok: problem === null, detail: problem ?? 'ok' }
        } catch (error) {
          if (isConnectionLoss(error)) return { ok: false, detail: 'the database does not answer' }
          request.log.warn({ err: error }, 'a check of readiness failed')
          return { ok: false, detail: 'the check failed; the log says why' }
        }
      }
      const [database, migrations, feeds] = await Promise.all([
        attempt(async () => (await pool.query('SELECT 1'), null)),
        attempt(async () => {
          const pending = await pendingMigrations(pool)
          return pending.length === 0 ? null : `not run yet: ${pending.join(', ')}`
        }),
        attempt(async () => {
          const late = (await listFeeds(pool, clock())).filter(
            (feed) => feed.state === 'stale' || feed.state === 'failing',
          )
          return late.length === 0 ? null : `stale or failing: ${late.map((feed) => feed.id).join(', ')}`
        }),
      ])
      const ready = database.ok && migrations.ok
      return reply.code(ready ? 200 : 503).send({ ready, database, migrations, feeds })
    },
  )
}
