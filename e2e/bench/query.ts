import { loadPack } from '../../server/cities/index.ts'
import { listCameras, heldSince, readStatuses } from '../../server/cameras/index.ts'
import { outagesOf, stateSpans } from '../../server/cameras/queries.ts'
import { longestOutage } from '../../server/summary/store.ts'
import { startTestCluster, testDatabase } from '../../server/database/testing/index.ts'
import { median, quantile, timed, type Bench } from './figures.ts'

const CAMERAS = 1_000
const TRANSITIONS_PER_DAY = 4
const RUNS = 40
const TIMEZONE = 'Asia/Jakarta'
const DAY = 86_400_000

/** The pages' queries over a year of 1,000 cameras as the product keeps it, against a month of the same. */
export const query: Bench = async (report) => {
  const cluster = await startTestCluster()
  try {
    const month = await fill(cluster.adminUrl, 30)
    const year = await fill(cluster.adminUrl, 365)
    for (const name of Object.keys(year.queries)) {
      const times = { month: [] as number[], year: [] as number[] }
      // In turns, so that a slow moment of the machine strikes both.
      for (let index = -3; index < RUNS; index += 1)
        for (const [key, { queries }] of Object.entries({ month, year })) {
          const ms = await timed(async () => queries[name]?.(Math.max(0, index)))
          if (index >= 0) times[key as keyof typeof times].push(ms)
        }
      const p95 = quantile(times.year, 0.95)
      const limit = name === 'current state' ? 15 : 50
      report({
        figure: `${name}, a year, p95`,
        value: p95,
        unit: 'ms',
        limit,
        goal: `under ${limit} ms`,
        ok: p95 < limit,
      })
      const [own, before] = [median(times.year), median(times.month)]
      report({
        figure: `${name}, median, a year against a month`,
        value: own,
        unit: 'ms',
        limit: before,
        goal: 'under 1.5',
        ok: own / before < 1.5,
      })
    }
    report({
      figure: 'kept per camera and year',
      value: year.bytes / CAMERAS / 1_000,
      unit: 'kB',
      limit: null,
      goal: 'told',
      ok: true,
    })
    await month.drop()
    await year.drop()
  } finally {
    await cluster.stop()
  }
}

async function fill(adminUrl: string, days: number) {
  const database = await testDatabase(adminUrl)
  const { pool } = database
  const now = new Date()
  const pack = await loadPack('malang')
  await pool.query(
    `INSERT INTO camera (stream_id, name, district) SELECT 'c' || n, 'Camera ' || n, '357301' FROM generate_series(1, $1) n`,
    [CAMERAS],
  )
  await pool.query(
    `INSERT INTO camera_transition (at, camera_id, state)
       SELECT $1::timestamptz - make_interval(secs => n * (86400.0 / $3::int) + random() * 3600), c.id,
         (CASE WHEN n % 2 = 0 THEN 'down' ELSE 'up' END)::camera_state
       FROM camera c, generate_series(1, $2::int * $3::int) n ON CONFLICT DO NOTHING`,
    [now, days, TRANSITIONS_PER_DAY],
  )
  await pool.query(
    `INSERT INTO outage (camera_id, started_at, ended_at) SELECT camera_id, at, ended FROM (
         SELECT camera_id, at, state, lead(at) OVER (PARTITION BY camera_id ORDER BY at) AS ended FROM camera_transition) t
       WHERE state = 'down' AND ended > at`,
  )
  await pool.query(
    `INSERT INTO camera_hour (at, camera_id, up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms)
       SELECT h, c.id, 3000000, 0, 600000, 0, 0 FROM camera c, generate_series(date_trunc('hour', $1::timestamptz) - make_interval(days => $2::int), date_trunc('hour', $1::timestamptz) - interval '1 hour', interval '1 hour') h`,
    [now, days],
  )
  await pool.query(
    `INSERT INTO camera_day SELECT (at AT TIME ZONE $1)::date, camera_id, sum(up_ms), 0, sum(down_ms), 0, 0 FROM camera_hour GROUP BY 1, 2`,
    [TIMEZONE],
  )
  await pool.query(
    `INSERT INTO district_day SELECT day, district, sum(up_ms), sum(degraded_ms), sum(down_ms), sum(unknown_ms), sum(maintenance_ms) FROM camera_day JOIN camera c ON c.id = camera_id GROUP BY 1, 2`,
  )
  await pool.query(
    `INSERT INTO camera_current (camera_id, state, since, at, silent_after)
       SELECT DISTINCT ON (camera_id) camera_id, state, at, $1, $1 FROM camera_transition ORDER BY camera_id, at DESC`,
    [now],
  )
  await pool.query(
    `INSERT INTO job_progress VALUES ('camera-rollups', date_trunc('hour', $1::timestamptz))`,
    [now],
  )
  await pool.query('VACUUM ANALYZE')
  const ids = await pool.query<{ id: number }>('SELECT id FROM camera ORDER BY id')
  const some = (index: number) => ids.rows[(index * 37) % CAMERAS]?.id ?? 1
  const queries: Record<string, (index: number) => Promise<unknown>> = {
    'current state': () => readStatuses(pool),
    'list of cameras': () => listCameras(pool, pack),
    'a camera: 24 h': (index) => stateSpans(pool, some(index), new Date(now.getTime() - DAY), now),
    'a camera: outages': (index) => outagesOf(pool, some(index), 10),
    'summary: availability by day and district, 60 days': () =>
      heldSince(pool, new Date(now.getTime() - 59 * DAY), now, TIMEZONE),
    'summary: longest outage': () => longestOutage(pool, new Date(now.getTime() - 30 * DAY), now),
  }
  const size = await pool.query<{ bytes: number }>(
    `SELECT sum(hypertable_size(t::regclass))::float8 + pg_total_relation_size('camera_transition') + pg_total_relation_size('camera_day') + pg_total_relation_size('outage') AS bytes
       FROM unnest(ARRAY['camera_hour']) t`,
  )
  return { queries, bytes: (size.rows[0]?.bytes ?? 0) * (365 / days), drop: () => database.drop() }
}
