import type { PoolClient } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../database/testing/index.ts'
import { rollUp } from './rollups.ts'
import { markSilent } from './statuses.ts'
import { storeObservations, type Observation } from './store.ts'

/** What one transaction does while another, which it has to wait for, is not committed yet. */
const HOUR = 3_600_000
const MINUTE = 60_000
const START = Date.UTC(2026, 5, 1)
const NOW = START + 3 * HOUR
const TIMEZONE = 'Asia/Jakarta'
let database: Awaited<ReturnType<typeof testDatabase>>
let feed = 0

beforeAll(async () => {
  database = await testDatabase()
  const made = await database.pool.query<{ number: number }>(
    `INSERT INTO feed (id, domain, mode, kind, title) VALUES ('test', 'cameras', 'push', 'push', 'test') RETURNING number`,
  )
  feed = made.rows[0]?.number ?? 0
})
afterAll(() => database.drop())

async function newCamera(name: string): Promise<number> {
  const made = await database.pool.query<{ id: number }>(
    `WITH c AS (INSERT INTO camera (stream_id, name) VALUES ($1, $1) RETURNING id)
     INSERT INTO camera_current (camera_id, state, since, at, silent_after)
     SELECT id, 'unknown', $2, '-infinity', '-infinity' FROM c RETURNING camera_id AS id`,
    [name, new Date(START)],
  )
  return made.rows[0]?.id ?? 0
}
const observe = (cameraId: number, at: number, state: Observation['state']): Observation => ({
  cameraId,
  at: new Date(at),
  state,
  feed,
  holdSeconds: 3600,
  latencyMs: null,
  reason: null,
})
const store = (client: PoolClient, ...rows: Observation[]) => storeObservations(client, rows, new Date(NOW))

/** Runs `first` and, before it commits, `second`, which waits for it. */
async function overlapping(
  first: (client: PoolClient) => Promise<unknown>,
  second: (client: PoolClient) => Promise<unknown>,
): Promise<void> {
  const [one, other] = await Promise.all([database.pool.connect(), database.pool.connect()])
  try {
    await one.query('BEGIN')
    await other.query('BEGIN')
    const { rows } = await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    await first(one)
    const waiting = second(other)
    await waits(rows[0]?.pid ?? 0)
    await one.query('COMMIT')
    await waiting
    await other.query('COMMIT')
  } finally {
    one.release()
    other.release()
  }
}

/** Resolves when the session waits for another one's lock. */
async function waits(pid: number): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query<{ blocked: boolean }>(
      `SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked`,
      [pid],
    )
    if (rows[0]?.blocked === true) return
  }
}

/** [from, to] of each, ms since 1970. */
async function outages(cameraId: number) {
  const { rows } = await database.pool.query<{
    started_at: Date
    ended_at: Date | null
    cause: string | null
  }>(`SELECT * FROM outage WHERE camera_id = $1 ORDER BY started_at`, [cameraId])
  return rows.map(({ started_at, ended_at }) => [started_at.getTime(), ended_at?.getTime()])
}
const downInHour = async (cameraId: number) => {
  const { rows } = await database.pool.query<{ down_ms: number }>(
    `SELECT down_ms FROM camera_hour WHERE camera_id = $1 AND at = $2`,
    [cameraId, new Date(START)],
  )
  return rows[0]?.down_ms
}

it('ends an outage that a batch opened which it had to wait for', async () => {
  const id = await newCamera('waits')
  await overlapping(
    (client) => store(client, observe(id, START, 'down')),
    (client) => store(client, observe(id, START + MINUTE, 'up')),
  )
  expect(await outages(id)).toEqual([[START, START + MINUTE]])
})

it('ends by silence an outage that a batch opened which it had to wait for', async () => {
  const id = await newCamera('silent')
  await overlapping(
    (client) => store(client, observe(id, START, 'up')),
    (client) => store(client, observe(id, START + MINUTE, 'up')),
  )
  await overlapping(
    (client) => store(client, observe(id, START + 2 * MINUTE, 'down')),
    (client) => markSilent(client, new Date(NOW)),
  )
  expect(await outages(id)).toEqual([[START + 2 * MINUTE, START + 2 * MINUTE + HOUR]])
})

it('rolls an hour up again when a batch changed it that was not committed at the time', async () => {
  const id = await newCamera('due')
  await database.pool.query(`INSERT INTO job_progress VALUES ('camera-rollups', $1)`, [new Date(NOW)])
  const client = await database.pool.connect()
  try {
    await client.query('BEGIN')
    await store(client, observe(id, START + 10 * MINUTE, 'up'))
    await client.query('COMMIT')
    await client.query('BEGIN')
    await store(client, observe(id, START + 20 * MINUTE, 'down'))
    await rollUp(database.pool, new Date(NOW), TIMEZONE)
    await client.query('COMMIT')
  } finally {
    client.release()
  }
  await rollUp(database.pool, new Date(NOW), TIMEZONE)
  expect(await downInHour(id)).toBe(40 * MINUTE)
})
