import type pg from 'pg'
import { loadPack, type CityPack } from '../../server/cities/index.ts'
import { loadCity } from '../../server/cities/load.ts'
import { testDatabase } from '../../server/database/testing/index.ts'

export const CAMERAS = 1_000
/** of raw observations, one a minute and camera: no page's query reads them, they are there to be in the way */
export const RAW_DAYS = 3
const TRANSITIONS_PER_DAY = 4
const RUNS_KEPT_DAYS = 90
const REJECTS = 20_000

export interface KeptData {
  pool: pg.Pool
  pack: CityPack
  now: Date
  cameraIds: number[]
  /** bytes of transitions, outages and roll-ups per camera and year */
  bytesPerYear: number
  /** bytes of raw observations per camera and day */
  rawBytesPerDay: number
  drop(): Promise<void>
}

/**
 * A database as the product leaves it after so many days: cameras of whom four transitions a day are known, their
 * outages, hours and days exactly as the roll-up job sums them, raw observations of the last days, the pack's price
 * history (of the same days where there are fewer than the pack has), runs, rejects and alerts.
 */
export async function keepDays(adminUrl: string, days: number): Promise<KeptData> {
  const database = await testDatabase(adminUrl)
  const { pool } = database
  const pack = await loadPack('malang')
  const now = new Date(Math.floor(Date.now() / 60_000) * 60_000)
  const work = await pool.connect()
  try {
    await work.query(`SET statement_timeout = 0; SET work_mem = '256MB'`)
    await loadCity(pool, pack, () => undefined)
    await work.query('TRUNCATE camera_current, camera CASCADE')
    await fillCameras(work, pack, now, days)
    await fillRollUps(work, pack.city.timezone, now, days)
    await fillRaw(work, now)
    await trimPrices(work, days)
    await fillRecords(work, now, days)
  } finally {
    work.release(true)
  }
  await pool.query('VACUUM ANALYZE')
  const cameras = await pool.query<{ id: number }>('SELECT id FROM camera ORDER BY id')
  const size = await pool.query<{ kept: number; raw: number }>(
    `SELECT (hypertable_size('camera_hour') + pg_total_relation_size('camera_transition') + pg_total_relation_size('camera_day')
       + pg_total_relation_size('district_day') + pg_total_relation_size('outage'))::float8 AS kept,
       hypertable_size('camera_observation')::float8 AS raw`,
  )
  const { kept, raw } = size.rows[0] as { kept: number; raw: number }
  return {
    pool,
    pack,
    now,
    cameraIds: cameras.rows.map(({ id }) => id),
    bytesPerYear: (kept / CAMERAS / days) * 365,
    rawBytesPerDay: raw / CAMERAS / RAW_DAYS,
    drop: () => database.drop(),
  }
}

async function fillCameras(client: pg.PoolClient, pack: CityPack, now: Date, days: number): Promise<void> {
  await client.query(
    `INSERT INTO feed (id, domain, mode, kind, title) VALUES ('bench', 'cameras', 'push', 'push', 'bench')`,
  )
  await client.query(
    `INSERT INTO camera (stream_id, name, latitude, longitude, site, district)
     SELECT 'c' || n, 'Camera ' || n, -8.03 + 0.11 * random(), 112.58 + 0.11 * random(), 'site ' || n / 4, ($2::text[])[1 + n % cardinality($2::text[])]
     FROM generate_series(1, $1) n`,
    [CAMERAS, pack.districts.map(({ code }) => code)],
  )
  await client.query(
    `INSERT INTO camera_transition (at, camera_id, state, feed)
     SELECT date_trunc('milliseconds', $1::timestamptz - make_interval(secs => (n + 0.9 * random()) * (86400.0 / $3::int))), c.id,
       (ARRAY['up', 'down', 'up', 'unknown'])[1 + n % 4]::camera_state, (SELECT number FROM feed WHERE id = 'bench')
     FROM camera c, generate_series(0, $2::int * $3::int - 1) n ON CONFLICT DO NOTHING`,
    [now, days, TRANSITIONS_PER_DAY],
  )
  await client.query(
    `CREATE TEMP TABLE span AS SELECT camera_id, state, at, lead(at) OVER (PARTITION BY camera_id ORDER BY at) AS ended FROM camera_transition`,
  )
  await client.query(
    `INSERT INTO outage (camera_id, started_at, ended_at) SELECT camera_id, at, ended FROM span WHERE state = 'down'`,
  )
  await client.query(
    `INSERT INTO camera_current (camera_id, state, since, at, silent_after, feed)
     SELECT camera_id, state, at, $1, $1::timestamptz + interval '2 minutes', (SELECT number FROM feed WHERE id = 'bench') FROM span WHERE ended IS NULL`,
    [now],
  )
}

async function fillRollUps(client: pg.PoolClient, timezone: string, now: Date, days: number): Promise<void> {
  const end = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000)
  await client.query('CREATE INDEX ON span (at)')
  for (let from = days; from > 0; from -= 10)
    await client.query(
      `INSERT INTO camera_hour (at, camera_id, up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms)
       SELECT h, camera_id, coalesce(sum(ms) FILTER (WHERE state = 'up'), 0), 0, coalesce(sum(ms) FILTER (WHERE state = 'down'), 0),
         3600000 - coalesce(sum(ms) FILTER (WHERE state <> 'unknown'), 0), 0
       FROM (
         SELECT h, camera_id, state, round(extract(epoch FROM least(ended, h + interval '1 hour') - greatest(at, h)) * 1000)::int AS ms
         FROM (SELECT camera_id, state, at, coalesce(ended, $2) AS ended FROM span) s,
           generate_series(greatest(date_trunc('hour', at), $1), least(ended, $2), interval '1 hour') h
         WHERE at < $2 AND ended > $1 AND h < least(ended, $2)) pieces
       GROUP BY h, camera_id`,
      [daysBefore(end, from), daysBefore(end, Math.max(0, from - 10))],
    )
  await client.query(
    `INSERT INTO camera_day (day, camera_id, up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms)
     SELECT (at AT TIME ZONE $1)::date, camera_id, sum(up_ms), sum(degraded_ms), sum(down_ms), sum(unknown_ms), sum(maintenance_ms)
     FROM camera_hour GROUP BY 1, 2`,
    [timezone],
  )
  await client.query(
    `INSERT INTO district_day (day, district, up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms)
     SELECT day, district, sum(up_ms), sum(degraded_ms), sum(down_ms), sum(unknown_ms), sum(maintenance_ms)
     FROM camera_day JOIN camera c ON c.id = camera_id GROUP BY 1, 2`,
  )
  await client.query(`INSERT INTO job_progress VALUES ('camera-rollups', $1)`, [end])
}

const daysBefore = (moment: Date, days: number) => new Date(moment.getTime() - days * 86_400_000)

async function fillRaw(client: pg.PoolClient, now: Date): Promise<void> {
  await client.query(
    `INSERT INTO camera_observation (at, camera_id, state, feed, hold, received_at)
     SELECT $1::timestamptz - make_interval(mins => n, secs => c.id % 60), c.id, 'up', 1, 120, $1::timestamptz - make_interval(mins => n)
     FROM generate_series(0, $2::int * 1440 - 1) n, camera c`,
    [now, RAW_DAYS],
  )
}

/** The history as it would be, had the product begun so many days before its newest price. */
async function trimPrices(client: pg.PoolClient, days: number): Promise<void> {
  for (const table of ['quote', 'quote_day_city'])
    await client.query(`DELETE FROM ${table} WHERE day <= (SELECT max(day) FROM quote_day_city) - $1::int`, [
      days,
    ])
}

/** Runs of each feed every minute, the last of them failing; full lists of rejects; an alert an hour. */
async function fillRecords(client: pg.PoolClient, now: Date, days: number): Promise<void> {
  await client.query(
    `INSERT INTO feed_run (feed_id, started_at, took_ms, outcome, received)
     SELECT f.id, $1::timestamptz - make_interval(mins => n), 120, CASE WHEN n < 600 THEN 'failed' ELSE 'ok' END, 1000
     FROM feed f, generate_series(0, $2::int * 1440 - 1) n WHERE f.mode <> 'history'`,
    [now, Math.min(days, RUNS_KEPT_DAYS)],
  )
  await client.query(
    `INSERT INTO reject (feed_id, at, last_at, row, field, reason, expected, payload, fingerprint)
     SELECT 'bench', $1::timestamptz - make_interval(mins => n), $1::timestamptz - make_interval(mins => n), n, 'state', 'shape', 'a state',
       jsonb_build_object('cameraId', 'c' || n, 'state', 'broken'), decode(md5(n::text), 'hex')
     FROM generate_series(1, $2::int) n`,
    [now, REJECTS],
  )
  await client.query(
    `INSERT INTO alert (rule, subject, severity, facts, opened_at, resolved_at)
     SELECT 'feed-stale', 'feed ' || n, 'warning', '{}', $1::timestamptz - make_interval(hours => n),
       CASE WHEN n > 20 THEN $1::timestamptz - make_interval(hours => n - 1) END
     FROM generate_series(1, $2::int * 24) n`,
    [now, days],
  )
}
