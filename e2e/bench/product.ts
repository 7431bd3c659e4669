import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type pg from 'pg'
import { startTestCluster, testDatabase } from '../../server/database/testing/index.ts'
import { freePort, ProductServer } from '../server.ts'

/** The real product over an own database, with as many cameras as asked for and a key that opens a push feed. */
export interface BenchProduct {
  url: string
  key: string
  pool: pg.Pool
  databaseUrl: string
  cameraIds: number[]
  /** ms since 1970 from which the made readings count on */
  start: number
  row(turn: number, camera: number): { cameraId: string; state: string; at: string }
  /** a reading of each of a lane's 1,000 cameras */
  rows(turn: number, lane: number): { cameraId: string; state: string; at: string }[]
  batch(turn: number, lane: number): string
  /** resident memory of the server, MB */
  memory(): number
  pid: number
  stop(): Promise<void>
}

/** how far back the made readings begin: room for a turn a second */
const SPAN_MS = 3_500_000

export async function startBenchProduct({
  cameras,
  env = {},
}: {
  cameras: number
  env?: Record<string, string>
}): Promise<BenchProduct> {
  const cluster = await startTestCluster({ durable: true })
  const database = await testDatabase(cluster.adminUrl)
  const key = `pk_${randomBytes(32).toString('base64url')}`
  const { pool } = database
  await pool.query(
    `INSERT INTO feed (id, domain, mode, kind, title, hold_seconds) VALUES ('bench', 'cameras', 'push', 'push', 'bench', 2592000)`,
  )
  await pool.query(`INSERT INTO feed_key (feed_id, name, hint, hash) VALUES ('bench', 'bench', $1, $2)`, [
    key.slice(-4),
    createHash('sha256').update(key).digest(),
  ])
  const ids = await pool.query<{ id: number }>(
    `INSERT INTO camera (stream_id, name, latitude, longitude, site)
     SELECT 'bench-' || n, 'Bench ' || n, -8.03 + 0.11 * random(), 112.58 + 0.11 * random(), 'site-' || n / 4 FROM generate_series(0, $1 - 1) n ORDER BY n RETURNING id`,
    [cameras],
  )
  await pool.query(
    `INSERT INTO camera_current (camera_id, state, since, at, silent_after) SELECT id, 'unknown', now(), '-infinity', '-infinity' FROM camera`,
  )
  await pool.query(`CREATE TABLE camera_observation_copy (LIKE camera_observation INCLUDING ALL)`)
  await pool.query(
    `SELECT create_hypertable('camera_observation_copy', 'at', chunk_time_interval => INTERVAL '1 day', create_default_indexes => false)`,
  )
  const server = new ProductServer(await freePort(), {
    DATABASE_URL: database.url,
    DEMO: 'off',
    GUESTS_MAY_LOOK: 'yes',
    INGEST_MAX_BYTES: String(2 ** 30),
    INGEST_MAX_ROWS: '10000000',
    ...env,
  })
  await server.start()
  const start = Date.now() - SPAN_MS
  const row = (turn: number, camera: number) => ({
    cameraId: `bench-${camera}`,
    // one reading in a hundred changes the state
    state: (turn * 31 + camera) % 100 === 0 ? 'down' : 'up',
    at: new Date(start + turn * 1_000 + (camera % 50)).toISOString(),
  })
  const rows = (turn: number, lane: number) =>
    Array.from({ length: 1_000 }, (_, index) => row(turn, lane * 1_000 + index))
  return {
    url: server.url,
    key,
    pool,
    databaseUrl: database.url,
    cameraIds: ids.rows.map((camera) => camera.id),
    start,
    row,
    rows,
    batch: (turn, lane) => JSON.stringify(rows(turn, lane)),
    memory: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024,
    pid: server.pid,
    stop: async () => {
      await server.end()
      await database.drop()
      await cluster.stop()
    },
  }
}
