import type { Pool } from 'pg'

/** Shares by the number of the hour, counted from the first one; an hour of which nothing is known is not there. */
export interface HeatRow {
  cameraId: number
  hours: number[]
  shares: number[]
}

/**
 * Share of down in up + degraded + down of each camera and hour of [from, to), both full hours: of what is rolled up
 * from the roll-up, of the hours since from the transitions until `now`. Two digits.
 */
export async function readHeat(pool: Pool, from: Date, to: Date, now: Date): Promise<HeatRow[]> {
  const { rows } = await pool.query<HeatRow>({
    name: 'outage-heat',
    text: `
    WITH progress AS MATERIALIZED (
      SELECT least($2, greatest($1, coalesce((SELECT done_until FROM job_progress WHERE job = 'camera-rollups'), $1))) AS done
    ), marks AS (
      SELECT m.id AS camera_id, done AS at, coalesce(earlier.state, 'unknown') AS state
      FROM progress, camera m LEFT JOIN LATERAL (
        SELECT state FROM camera_transition t WHERE t.camera_id = m.id AND t.at <= (SELECT done FROM progress)
        ORDER BY t.at DESC LIMIT 1) earlier ON true
      WHERE done < least($2, $3::timestamptz)
      UNION ALL SELECT t.camera_id, t.at, t.state FROM camera_transition t
        WHERE t.at > (SELECT done FROM progress) AND t.at < least($2, $3)
    ), spans AS (
      SELECT camera_id, state, at AS start, coalesce(lead(at) OVER (PARTITION BY camera_id ORDER BY at), least($2, $3)) AS stop FROM marks
    ), running AS (
      SELECT camera_id, hour, state, date_part('epoch', least(stop, hour + interval '1 hour') - greatest(start, hour)) * 1000 AS ms
      FROM spans, generate_series(date_trunc('hour', start), stop, interval '1 hour') AS hour
      WHERE state IN ('up', 'degraded', 'down') AND start < stop
    ), parts AS (
      SELECT camera_id, at AS hour, down_ms::float8 AS down, (up_ms + degraded_ms + down_ms)::float8 AS known
      FROM camera_hour WHERE at >= $1 AND at < (SELECT done FROM progress)
      UNION ALL
      SELECT camera_id, hour, coalesce(sum(ms) FILTER (WHERE state = 'down'), 0), sum(ms) FROM running GROUP BY camera_id, hour
    )
    SELECT camera_id AS "cameraId",
      to_json(array_agg((date_part('epoch', hour - $1) / 3600)::int)) AS hours,
      to_json(array_agg(round((down / known)::numeric, 2)::float4)) AS shares
    FROM parts WHERE known > 0 GROUP BY camera_id ORDER BY camera_id`,
    values: [from, to, now],
  })
  return rows
}
