import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { App, Context } from './context.ts'
import { createPool } from './database/pool.ts'
import { testDatabase, type TestDatabase } from './database/testing/index.ts'
import { defineFeed, findFeed } from './ingest/feeds-store.ts'
import { Intake } from './ingest/intake.ts'
import { Bus } from './live/bus.ts'
import { registerMetrics } from './metrics.ts'

const now = new Date('2026-07-01T01:00:00Z')
let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await defineFeed(database.pool, {
    id: 'cctv',
    domain: 'cameras',
    mode: 'push',
    kind: 'push',
    title: 'CCTV',
  })
})
afterAll(() => database.drop())

function watched(pool = database.pool) {
  const bus = new Bus()
  const app: App = Fastify().withTypeProvider<TypeBoxTypeProvider>()
  registerMetrics(app, { pool, bus, clock: () => now } as Context, () => undefined)
  const figures = async () => (await app.inject('/metrics')).body.split('\n')
  return { app, bus, figures }
}

it('counts the rows of each feed by what became of them, and times their commits', async () => {
  const { app, bus, figures } = watched()
  const feed = await findFeed(database.pool, 'cctv')
  if (feed === undefined) throw new Error('no feed')
  const reject = { row: 1, field: 'at', reason: 'future', expected: 'a time', payload: {} } as const
  await new Intake({ pool: database.pool, bus, clock: () => now }).store({
    feed,
    observations: [],
    rejects: [reject, reject],
    notReported: 0,
    received: 2,
    startedAt: now,
    push: true,
    recordsRun: true,
  })
  const told = await figures()
  expect(told).toContain('pantau_rows_total{feed="cctv",outcome="rejected"} 2')
  expect(told).toContain('pantau_rows_total{feed="cctv",outcome="accepted"} 0')
  expect(told).toContain('pantau_commit_seconds_count 1')
  await app.close()
})

it('tells of failed jobs, late feeds and connections', async () => {
  const { app, bus, figures } = watched()
  bus.tell('job:failed', { job: 'roll-ups' })
  const told = await figures()
  expect(told).toContain('pantau_job_failures_total{job="roll-ups"} 1')
  expect(told).toContain('pantau_feed_late{feed="cctv"} 0')
  expect(told.some((line) => line.startsWith('pantau_feed_age_seconds{feed="cctv"} '))).toBe(true)
  expect(told).toContain('pantau_database_connections{state="waiting"} 0')
  expect(told).toContain('pantau_live_connections 0')
  await app.close()
})

it('answers while the database is away, without what only that knows', async () => {
  const pool = createPool('postgres://nobody:secret@127.0.0.1:1/none')
  const { app, figures } = watched(pool)
  const told = await figures()
  expect(told.some((line) => line.startsWith('process_cpu_seconds_total '))).toBe(true)
  expect(told.filter((line) => line.startsWith('pantau_feed_'))).toEqual([])
  await app.close()
  await pool.end()
})
