import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { App, Context } from './context.ts'
import { createPool } from './database/pool.ts'
import { testDatabase, type TestDatabase } from './database/testing/index.ts'
import { healthRoutes } from './health.ts'
import { defineFeed } from './ingest/feeds-store.ts'

let database: TestDatabase
beforeAll(async () => (database = await testDatabase()))
afterAll(() => database.drop())

const ok = { ok: true, detail: 'ok' }

async function ask(path: string, { pool = database.pool, now = new Date() } = {}) {
  const app: App = Fastify().withTypeProvider<TypeBoxTypeProvider>()
  healthRoutes(app, { pool, clock: () => now } as Context)
  const answer = await app.inject(path)
  await app.close()
  return { status: answer.statusCode, body: answer.json<unknown>() }
}

it('is ready where the database answers, every migration ran and no feed is late', async () => {
  expect(await ask('/readyz')).toEqual({
    status: 200,
    body: { ready: true, database: ok, migrations: ok, feeds: ok },
  })
})

it('names feeds that are late, and stays ready', async () => {
  const about = { mode: 'push', kind: 'push', staleSeconds: 60 } as const
  await defineFeed(database.pool, { id: 'cctv', domain: 'cameras', title: 'CCTV', ...about })
  await database.pool.query(
    `INSERT INTO feed_run (feed_id, started_at, outcome) VALUES ('cctv', now() - interval '1 hour', 'ok')`,
  )
  expect(await ask('/readyz')).toMatchObject({
    status: 200,
    body: { ready: true, feeds: { ok: false, detail: 'stale or failing: cctv' } },
  })
})

it('is not ready while migrations wait', async () => {
  const { rows } = await database.pool.query<{ name: string }>(
    `DELETE FROM pgmigrations WHERE id = (SELECT max(id) FROM pgmigrations) RETURNING name`,
  )
  const answer = await ask('/readyz')
  await database.pool.query(`INSERT INTO pgmigrations (name, run_on) VALUES ($1, now())`, [rows[0]?.name])
  expect(answer).toMatchObject({
    status: 503,
    body: { ready: false, database: ok, migrations: { ok: false, detail: `not run yet: ${rows[0]?.name}` } },
  })
})

it('is alive and not ready while the database is away', async () => {
  const pool = createPool('postgres://nobody:secret@127.0.0.1:1/none')
  const away = { ok: false, detail: 'the database does not answer' }
  expect(await ask('/readyz', { pool })).toEqual({
    status: 503,
    body: { ready: false, database: away, migrations: away, feeds: away },
  })
  expect(await ask('/healthz', { pool })).toMatchObject({ status: 200, body: { alive: true } })
  await pool.end()
})
