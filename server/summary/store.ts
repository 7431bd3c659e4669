import type { Pool } from 'pg'
import type { Summary } from '#contract/summary.ts'

/** The longest outage that touched the period, an open one counted until now. */
export async function longestOutage(
  pool: Pool,
  from: Date,
  now: Date,
): Promise<Summary['cameras']['longestOutage']> {
  const result = await pool.query<{
    camera_id: number
    name: string
    started_at: Date
    ended_at: Date | null
    seconds: number
  }>({
    name: 'summary-longest-outage',
    text: `SELECT o.camera_id, c.name, o.started_at, o.ended_at,
        round(extract(epoch FROM coalesce(o.ended_at, $2) - o.started_at))::int AS seconds
      FROM (
        (SELECT * FROM outage WHERE ended_at IS NULL ORDER BY started_at LIMIT 1)
        UNION ALL
        (SELECT * FROM outage WHERE ended_at > $1 ORDER BY ended_at - started_at DESC LIMIT 1)
      ) o JOIN camera c ON c.id = o.camera_id ORDER BY seconds DESC LIMIT 1`,
    values: [from, now],
  })
  const row = result.rows[0]
  if (row === undefined) return null
  return {
    cameraId: row.camera_id,
    name: row.name,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    seconds: Math.max(0, row.seconds),
  }
}

/** How many markets reported at least one price on the day. */
export async function marketsReporting(pool: Pool, day: string): Promise<number> {
  const result = await pool.query<{ count: number }>({
    name: 'summary-markets',
    text: `SELECT count(DISTINCT q.market)::int AS count FROM quote q JOIN market m ON m.code = q.market
      WHERE q.day = $1 AND m.level = 'market' AND q.status <> 'imputed'`,
    values: [day],
  })
  return result.rows[0]?.count ?? 0
}

/** How many cameras worked at a moment, by their transitions; null where none was known to work or to fail then. */
export async function workingAt(pool: Pool, moment: Date): Promise<number | null> {
  const result = await pool.query<{ working: number; known: number }>({
    name: 'summary-working-at',
    text: `SELECT count(*) FILTER (WHERE earlier.state IN ('up', 'degraded'))::int AS working,
        count(*) FILTER (WHERE earlier.state <> 'unknown')::int AS known
      FROM camera_current c CROSS JOIN LATERAL (
        SELECT state FROM camera_transition t WHERE t.camera_id = c.camera_id AND t.at <= $1 ORDER BY at DESC LIMIT 1) earlier`,
    values: [moment],
  })
  const row = result.rows[0]
  return row === undefined || row.known === 0 ? null : row.working
}
