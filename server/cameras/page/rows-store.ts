import type { Pool } from 'pg'
import type { PartialSettings, Targets } from '#contract/probing.ts'

/** ms that a camera worked (degraded too) and failed. */
export interface Worked {
  up: number
  down: number
}
export interface RolledUp {
  /** until then everything is rolled up */
  done: Date
  byCamera: Map<number, { day: Worked; month: Worked }>
}

/**
 * What cameras did as far as it is rolled up: from full hours since `dayStart`, and from days since `monthStart`.
 * @param monthDay YYYY-MM-DD of the city's calendar, which begins at `monthStart`
 */
export async function readRolledUp(
  pool: Pool,
  { dayStart, monthStart, monthDay }: { dayStart: Date; monthStart: Date; monthDay: string },
): Promise<RolledUp> {
  const { rows } = await pool.query<{
    id: number
    done: Date
    up24: number
    down24: number
    up: number
    down: number
  }>({
    name: 'rows-rolled-up',
    text: `
    WITH progress AS MATERIALIZED (
      SELECT greatest($2, coalesce((SELECT done_until FROM job_progress WHERE job = 'camera-rollups'), $2)) AS done
    ), month AS (
      SELECT camera_id, sum(up_ms::bigint + degraded_ms) AS up, sum(down_ms::bigint) AS down
      FROM camera_day WHERE day >= $3::date GROUP BY camera_id
    )
    SELECT m.id, done, coalesce(h.up, 0)::float8 AS up24, coalesce(h.down, 0)::float8 AS down24,
      coalesce(month.up, 0)::float8 AS up, coalesce(month.down, 0)::float8 AS down
    FROM progress, camera m LEFT JOIN month ON month.camera_id = m.id, LATERAL (
      SELECT sum(up_ms + degraded_ms) AS up, sum(down_ms) AS down FROM camera_hour WHERE camera_id = m.id AND at >= $1) h`,
    values: [dayStart, monthStart, monthDay],
  })
  return {
    done: rows[0]?.done ?? monthStart,
    byCamera: new Map(
      rows.map((row) => [
        row.id,
        { day: { up: row.up24, down: row.down24 }, month: { up: row.up, down: row.down } },
      ]),
    ),
  }
}

export interface RunningCamera {
  id: number
  group: string | null
  enabled: boolean
  targets: Targets
  settings: PartialSettings
  latencies: (number | null)[]
  /** what it did in [done, now), and in what of it lies in the last 24 hours */
  month: Worked
  day: Worked
}

/** What is set of each camera, and what it did since the roll-up, from its transitions. */
export async function readRunning(
  pool: Pool,
  done: Date,
  dayStart: Date,
  now: Date,
): Promise<RunningCamera[]> {
  const { rows } = await pool.query<
    Omit<RunningCamera, 'month' | 'day'> & { up: number; down: number; up24: number; down24: number }
  >({
    name: 'rows-running',
    text: `
    WITH marks AS (
      SELECT c.camera_id, $1::timestamptz AS at, CASE WHEN c.since <= $1 THEN c.state ELSE (
        SELECT state FROM camera_transition t WHERE t.camera_id = c.camera_id AND t.at <= $1 ORDER BY t.at DESC LIMIT 1) END AS state
      FROM camera_current c
      UNION ALL SELECT camera_id, at, state FROM camera_transition WHERE at > $1 AND at < $2
    ), spans AS (
      SELECT camera_id, state, date_part('epoch', at) * 1000 AS start,
        date_part('epoch', lead(at, 1, $2) OVER (PARTITION BY camera_id ORDER BY at)) * 1000 AS stop
      FROM marks
    ), worked AS (
      SELECT camera_id, sum(stop - start) FILTER (WHERE state <> 'down') AS up, sum(stop - start) FILTER (WHERE state = 'down') AS down,
        sum(greatest(0, stop - greatest(start, $3))) FILTER (WHERE state <> 'down') AS up24,
        sum(greatest(0, stop - greatest(start, $3))) FILTER (WHERE state = 'down') AS down24
      FROM spans WHERE state IN ('up', 'degraded', 'down') AND stop > start GROUP BY camera_id
    )
    SELECT m.id, m.camera_group AS "group", m.enabled, m.targets, m.settings, coalesce(to_json(p.latencies), '[]') AS latencies,
      coalesce(up, 0) AS up, coalesce(down, 0) AS down, coalesce(up24, 0) AS up24, coalesce(down24, 0) AS down24
    FROM camera m LEFT JOIN worked w ON w.camera_id = m.id LEFT JOIN probe_state p ON p.camera_id = m.id ORDER BY m.id`,
    values: [done, now, dayStart.getTime()],
  })
  return rows.map(({ up, down, up24, down24, ...camera }) => ({
    ...camera,
    month: { up, down },
    day: { up: up24, down: down24 },
  }))
}
