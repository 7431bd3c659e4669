import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CameraState } from '#contract/camera.ts'
import { withTransaction } from '../database/pool.ts'
import { testDatabase, type TestDatabase } from '../database/testing/index.ts'
import { defineFeed, findFeed } from '../ingest/feeds-store.ts'
import { applyPlanned } from './planned.ts'
import { storeObservations } from './store.ts'

const START = Date.parse('2026-06-01T00:00:00Z')
const MINUTE = 60_000
const at = (minute: number) => new Date(START + minute * MINUTE)

let database: TestDatabase
let feed = 0
let id = 0
beforeAll(async () => {
  database = await testDatabase()
  await defineFeed(database.pool, {
    id: 'portal',
    domain: 'cameras',
    mode: 'pull',
    kind: 'test',
    title: 'Portal',
  })
  feed = (await findFeed(database.pool, 'portal'))?.number ?? 0
  const { rows } = await database.pool.query<{ id: number }>(`
    WITH c AS (INSERT INTO camera (stream_id, name) VALUES ('alun-alun', 'Alun-alun') RETURNING id),
    current AS (INSERT INTO camera_current (camera_id, state, since, at, silent_after) SELECT id, 'unknown', '-infinity', '-infinity', '-infinity' FROM c)
    SELECT id FROM c`)
  id = rows[0]?.id ?? 0
})
afterAll(() => database.drop())

const report = (minute: number, state: CameraState) =>
  withTransaction(database.pool, (client) =>
    storeObservations(
      client,
      [{ cameraId: id, at: at(minute), state, feed, holdSeconds: 600, latencyMs: null, reason: null }],
      at(minute),
    ),
  )

it('lets a window begin and end when it was planned, and keeps what the source says meanwhile', async () => {
  await report(0, 'up')
  await report(5, 'down')
  const window = new Map([[id, at(7).getTime()]])
  expect(await applyPlanned(database.pool, window, at(8))).toMatchObject([{ id, state: 'maintenance' }])
  expect(await applyPlanned(database.pool, window, at(9))).toEqual([])
  await report(10, 'up')
  await report(12, 'down')
  expect(await applyPlanned(database.pool, new Map(), at(15))).toMatchObject([{ id, state: 'down' }])
  await report(20, 'up')
  const transitions = await database.pool.query<{ at: Date; state: string }>(
    'SELECT at, state FROM camera_transition ORDER BY at',
  )
  expect(transitions.rows).toEqual([
    { at: at(0), state: 'up' },
    { at: at(5), state: 'down' },
    { at: at(7), state: 'maintenance' },
    { at: at(15), state: 'down' },
    { at: at(20), state: 'up' },
  ])
  const outages = await database.pool.query(
    'SELECT started_at, ended_at, planned FROM outage ORDER BY started_at',
  )
  expect(outages.rows).toEqual([
    { started_at: at(5), ended_at: at(7), planned: false },
    { started_at: at(15), ended_at: at(20), planned: false },
  ])
})
