import type { Pool, PoolClient } from 'pg'
import { withTransaction } from '../database/pool.ts'

export const ROLLUP_JOB = 'camera-rollups'
const MAX_PAIRS = 20_000

/**
 * Brings hourly and daily roll-ups up to the last full hour. Its work grows with the hours that passed and the hours
 * whose transitions moved, not with what is stored. Returns how many (camera, hour) pairs it renewed.
 * @param timezone the days of `camera_day` are of this clock
 */
export async function rollUp(pool: Pool, now: Date, timezone: string): Promise<number> {
  const end = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000)
  let renewed = 0
  for (;;) {
    const { count, behind } = await withTransaction(pool, async (client) => {
      const lock = await client.query<{ got: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtext($1)) AS got`,
        [ROLLUP_JOB],
      )
      if (lock.rows[0]?.got !== true) return { count: 0, behind: false }
      await client.query(`INSERT INTO job_progress VALUES ($1, $2) ON CONFLICT DO NOTHING`, [ROLLUP_JOB, end])
      const span = await client.query<{ old: Date; new: Date }>(
        `UPDATE job_progress SET done_until = least(done_until + interval '1 day', $2) WHERE job = $1 AND done_until < $2
         RETURNING (SELECT done_until FROM job_progress WHERE job = $1) AS old, done_until AS new`,
        [ROLLUP_JOB, end],
      )
      // An hour that a batch is just changing is passed over, and stays due until that batch is committed. The sums
      // are a statement of their own, which sees all that was committed before the hour was taken. The job writes
      // nothing that a batch writes, so that neither waits for what the other holds.
      const due = await client.query<{ camera_id: number; hour: Date }>(
        `DELETE FROM camera_rollup_due WHERE (camera_id, hour) IN (
           SELECT camera_id, hour FROM camera_rollup_due WHERE hour < $1 ORDER BY hour, camera_id LIMIT $2
           FOR UPDATE SKIP LOCKED)
         RETURNING camera_id, hour`,
        [end, MAX_PAIRS],
      )
      const result = await client.query<{ camera_id: number; at: Date }>(
        `WITH due AS MATERIALIZED (
           SELECT * FROM unnest($1::int[], $2::timestamptz[]) AS d(camera_id, hour)
           UNION
           SELECT camera_id, hour FROM camera_current,
             generate_series($3::timestamptz, $4::timestamptz - interval '1 hour', interval '1 hour') hour
         ), marks AS (
           SELECT camera_id, hour, hour AS at, coalesce((
             SELECT state FROM camera_transition t WHERE t.camera_id = due.camera_id AND t.at <= due.hour ORDER BY at DESC LIMIT 1), 'unknown') AS state
           FROM due
           UNION ALL
           SELECT due.camera_id, hour, t.at, t.state FROM due
             JOIN camera_transition t ON t.camera_id = due.camera_id AND t.at > hour AND t.at < hour + interval '1 hour'
         ), spans AS (
           SELECT camera_id, hour, state, round(extract(epoch FROM
             coalesce(lead(at) OVER (PARTITION BY camera_id, hour ORDER BY at), hour + interval '1 hour') - at) * 1000)::int AS ms
           FROM marks
         ), hours AS (
           INSERT INTO camera_hour AS h (at, camera_id, up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms)
           SELECT hour, camera_id,
             coalesce(sum(ms) FILTER (WHERE state = 'up'), 0), coalesce(sum(ms) FILTER (WHERE state = 'degraded'), 0),
             coalesce(sum(ms) FILTER (WHERE state = 'down'), 0), coalesce(sum(ms) FILTER (WHERE state IN ('unknown', 'unreachable')), 0),
             coalesce(sum(ms) FILTER (WHERE state = 'maintenance'), 0)
           FROM spans GROUP BY hour, camera_id
           ON CONFLICT (camera_id, at) DO UPDATE SET up_ms = excluded.up_ms, degraded_ms = excluded.degraded_ms,
             down_ms = excluded.down_ms, unknown_ms = excluded.unknown_ms, maintenance_ms = excluded.maintenance_ms
           RETURNING camera_id, at
         )
         SELECT camera_id, at FROM hours`,
        [
          due.rows.map((row) => row.camera_id),
          due.rows.map((row) => row.hour),
          span.rows[0]?.old ?? null,
          span.rows[0]?.new ?? null,
        ],
      )
      await renewDays(client, result.rows, timezone)
      const left = await client.query(`SELECT FROM job_progress WHERE job = $1 AND done_until < $2`, [
        ROLLUP_JOB,
        end,
      ])
      return { count: result.rows.length, behind: left.rows.length > 0 || due.rows.length === MAX_PAIRS }
    })
    renewed += count
    if (!behind) return renewed
  }
}

/** Sums the hours of each (camera, day) that has a renewed hour. */
async function renewDays(
  client: PoolClient,
  renewed: { camera_id: number; at: Date }[],
  timezone: string,
): Promise<void> {
  if (renewed.length === 0) return
  await client.query(
    `INSERT INTO camera_day AS d (day, camera_id, up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms)
     SELECT day, h.camera_id, sum(up_ms), sum(degraded_ms), sum(down_ms), sum(unknown_ms), sum(maintenance_ms)
     FROM (SELECT DISTINCT camera_id, (hour AT TIME ZONE $3)::date AS day FROM unnest($1::int[], $2::timestamptz[]) AS r(camera_id, hour)) r
     JOIN camera_hour h ON h.camera_id = r.camera_id
       AND h.at >= r.day::timestamp AT TIME ZONE $3 AND h.at < (r.day + 1)::timestamp AT TIME ZONE $3
     GROUP BY day, h.camera_id
     ON CONFLICT (day, camera_id) DO UPDATE SET up_ms = excluded.up_ms, degraded_ms = excluded.degraded_ms,
       down_ms = excluded.down_ms, unknown_ms = excluded.unknown_ms, maintenance_ms = excluded.maintenance_ms`,
    [renewed.map((row) => row.camera_id), renewed.map((row) => row.at), timezone],
  )
  // Anew as a whole: a camera that moved to another district leaves nothing behind in its former one.
  await client.query(
    `WITH days AS (SELECT DISTINCT (hour AT TIME ZONE $2)::date AS day FROM unnest($1::timestamptz[]) AS r(hour)),
     sums AS MATERIALIZED (
       SELECT day, coalesce(c.district, '') AS district, sum(up_ms) AS up_ms, sum(degraded_ms) AS degraded_ms,
         sum(down_ms) AS down_ms, sum(unknown_ms) AS unknown_ms, sum(maintenance_ms) AS maintenance_ms
       FROM camera_day JOIN days USING (day) JOIN camera c ON c.id = camera_id GROUP BY 1, 2
     ), emptied AS (
       DELETE FROM district_day d USING days WHERE d.day = days.day
         AND NOT EXISTS (SELECT FROM sums s WHERE s.day = d.day AND s.district = d.district)
     )
     INSERT INTO district_day (day, district, up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms)
     SELECT * FROM sums
     ON CONFLICT (day, district) DO UPDATE SET up_ms = excluded.up_ms, degraded_ms = excluded.degraded_ms,
       down_ms = excluded.down_ms, unknown_ms = excluded.unknown_ms, maintenance_ms = excluded.maintenance_ms`,
    [[...new Set(renewed.map((row) => row.at.getTime()))].map((ms) => new Date(ms)), timezone],
  )
}

/** Drops raw observations and checks older than the retention. Roll-ups, transitions and outages stay. Returns dropped chunks. */
export async function dropOldObservations(pool: Pool, now: Date, days: number): Promise<number> {
  const result = await pool.query(
    `SELECT drop_chunks('camera_observation', older_than => $1::timestamptz)
     UNION ALL SELECT drop_chunks('camera_check', older_than => $1::timestamptz)`,
    [new Date(now.getTime() - days * 86_400_000)],
  )
  return result.rowCount ?? 0
}
