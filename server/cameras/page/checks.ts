import type { Pool } from 'pg'
import type { CheckPoint } from '#contract/camera-page.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Within it each check is read, beyond it the sums of hours. */
const SHORT = 48 * HOUR
/** About as many points as a chart is wide. */
const POINTS = 300

interface Row {
  at: Date
  latency: number | null
  slowest: number | null
  checks: number
  failures: number
}
const SUMS = `sum(checks)::int AS checks, sum(failures)::int AS failures,
  sum(latency)::float8 / nullif(sum(timed), 0) AS latency, max(slowest) FILTER (WHERE timed > 0)::float8 AS slowest`

/** Width of a point, ms: minutes for a short span, hours for a long one. */
export function bucketOf(from: Date, to: Date): number {
  const span = to.getTime() - from.getTime()
  const unit = span <= SHORT ? MINUTE : HOUR
  return Math.max(1, Math.ceil(span / POINTS / unit)) * unit
}

/** Mean and slowest latency, checks and failures of a camera over [from, to), oldest first; no point where no check was. */
export async function readChecks(pool: Pool, cameraId: number, from: Date, to: Date): Promise<CheckPoint[]> {
  const bucket = bucketOf(from, to)
  const source =
    bucket < HOUR
      ? `SELECT at, 1 AS checks, (NOT ok)::int AS failures, (latency_ms IS NOT NULL)::int AS timed, coalesce(latency_ms, 0) AS latency,
           latency_ms AS slowest FROM camera_check`
      : `SELECT at, checks, failures, timed, latency, slowest FROM camera_check_hour`
  const { rows } = await pool.query<Row>({
    name: bucket < HOUR ? 'camera-checks' : 'camera-check-hours',
    text: `SELECT time_bucket(make_interval(secs => $4), at) AS at, ${SUMS} FROM (${source}
        WHERE camera_id = $1 AND at >= $2 AND at < $3) parts GROUP BY 1 ORDER BY 1`,
    values: [cameraId, from, to, bucket / 1000],
  })
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}
