import type { Pool } from 'pg'
import type { Counted } from './figures.ts'
import type { ServiceDay } from './service-time.ts'

export interface CountedCamera {
  id: number
  name: string
  site: string | null
  district: string | null
  owner: string | null
  vendor: string | null
  group: string | null
  enabled: boolean
  counted: Counted
}

const MS = (at: string) => `date_part('epoch', ${at}) * 1000`
/** The clock of service-time.ts, which runs at all times or in service hours: $3 opens, $4 closes, $5 before. */
const clocks = {
  always: MS,
  hours: (at: string) => {
    const day = `width_bucket(${MS(at)}, $3::float8[])`
    return `($5::float8[])[${day}] + least(${MS(at)}, ($4::float8[])[${day}]) - ($3::float8[])[${day}]`
  },
}

/**
 * Reads of the transitions those of the period and the one before it of each camera.
 * @param once keeps a clock that costs something from being asked each time its answer is read
 */
const query = (clock: (at: string) => string, once = '') => `
WITH marks AS (
  SELECT m.id AS camera_id, $1::timestamptz AS at, coalesce(earlier.state, 'unknown') AS state
  FROM camera m LEFT JOIN LATERAL (
    SELECT state FROM camera_transition t WHERE t.camera_id = m.id AND t.at <= $1 ORDER BY t.at DESC LIMIT 1) earlier ON true
  UNION ALL SELECT camera_id, at, state FROM camera_transition WHERE at > $1 AND at < $2
  UNION ALL SELECT id, $2, NULL FROM camera -- where the last span ends
), clocked AS (
  SELECT camera_id, at, state, ${clock('at')} AS ms FROM marks ${once}
), spans AS (
  SELECT camera_id, state, lead(ms) OVER (PARTITION BY camera_id ORDER BY at) - ms AS ms FROM clocked
), held AS (
  SELECT camera_id,
    sum(ms) FILTER (WHERE state IN ('up', 'degraded')) AS up, sum(ms) FILTER (WHERE state = 'down') AS down,
    sum(ms) FILTER (WHERE state = 'unknown') AS unknown, sum(ms) FILTER (WHERE state = 'unreachable') AS unreachable,
    sum(ms) FILTER (WHERE state = 'maintenance') AS planned
  FROM spans GROUP BY camera_id
), cut AS (
  SELECT camera_id, greatest(started_at, $1) AS start, least(coalesce(ended_at, $2), $2) AS stop, coalesce(ended_at <= $2, false) AS ended
  FROM outage WHERE NOT planned AND started_at < $2 AND (ended_at IS NULL OR ended_at > $1)
), lasting AS (
  SELECT camera_id, ended, ${clock('stop')} - (${clock('start')}) AS ms FROM cut ${once}
), failed AS (
  SELECT camera_id, count(*)::int AS outages, count(*) FILTER (WHERE ended)::int AS ended,
    sum(ms) FILTER (WHERE ended) AS repair, max(ms) AS longest
  FROM lasting WHERE ms > 0 GROUP BY camera_id
)
SELECT m.id, m.name, m.site, m.district, m.owner, m.vendor, m.camera_group AS "group", m.enabled,
  coalesce(up, 0) AS up, coalesce(down, 0) AS down, coalesce(unknown, 0) AS unknown, coalesce(unreachable, 0) AS unreachable,
  coalesce(planned, 0) AS planned, coalesce(outages, 0) AS outages, coalesce(ended, 0) AS ended,
  coalesce(repair, 0) AS repair, coalesce(longest, 0) AS longest
FROM camera m LEFT JOIN held ON held.camera_id = m.id LEFT JOIN failed ON failed.camera_id = m.id ORDER BY m.id`

const ALWAYS = query(clocks.always)
const IN_HOURS = query(clocks.hours, 'OFFSET 0')

/**
 * What each camera did in [from, to), to the millisecond, within service hours.
 * @param days null: service is owed at all times
 */
export async function countCameras(
  pool: Pool,
  from: Date,
  to: Date,
  days: readonly ServiceDay[] | null,
): Promise<CountedCamera[]> {
  const { rows } = await pool.query<Omit<CountedCamera, 'counted'> & Counted>(
    days === null
      ? { name: 'availability', text: ALWAYS, values: [from, to] }
      : {
          name: 'availability-hours',
          text: IN_HOURS,
          values: [
            from,
            to,
            days.map(({ opens }) => opens),
            days.map(({ closes }) => closes),
            days.map(({ before }) => before),
          ],
        },
  )
  return rows.map(({ id, name, site, district, owner, vendor, group, enabled, ...counted }) => ({
    id,
    name,
    site,
    district,
    owner,
    vendor,
    group,
    enabled,
    counted,
  }))
}

/** Something that is shown came from the demo's stand-in feeds. */
export async function showsDemo(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ demo: boolean }>({
    name: 'availability-demo',
    text: 'SELECT EXISTS (SELECT FROM camera_current c JOIN feed f ON f.number = c.feed WHERE f.demo) AS demo',
  })
  return rows[0]?.demo ?? false
}
