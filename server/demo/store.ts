import type { Pool } from 'pg'
import type { PastChange } from '../cameras/index.ts'
import { writePast } from '../cameras/index.ts'
import { withTransaction } from '../database/pool.ts'

const STARTED = 'demo:started'
const PAST = 'demo:past'

/** When this demo was started for the first time: now, where it never was. */
export async function firstStart(pool: Pool, now: Date): Promise<Date> {
  await pool.query('INSERT INTO job_progress VALUES ($1, $2) ON CONFLICT DO NOTHING', [STARTED, now])
  const result = await pool.query<{ done_until: Date }>(
    'SELECT done_until FROM job_progress WHERE job = $1',
    [STARTED],
  )
  return result.rows[0]?.done_until ?? now
}

/** The newest day that each demo feed has in the store. */
export async function newestDays(pool: Pool): Promise<Map<string, string>> {
  const result = await pool.query<{ id: string; day: string }>(
    `SELECT f.id, max(q.day) AS day FROM quote q JOIN feed f ON f.number = q.feed WHERE f.demo GROUP BY f.id`,
  )
  return new Map(result.rows.map(({ id, day }) => [id, day]))
}

/**
 * Writes the cameras' past once, into a store that has seen no camera yet. Answers whether it did.
 * @param past makes the changes; not asked where they are not wanted
 */
export async function writePastOnce(
  pool: Pool,
  feedId: string,
  span: { from: number; until: number },
  past: () => PastChange[],
): Promise<boolean> {
  return withTransaction(pool, async (client) => {
    const seen = await client.query('SELECT FROM camera_transition LIMIT 1')
    const marked = await client.query('INSERT INTO job_progress VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      PAST,
      new Date(span.until),
    ])
    if (seen.rows.length > 0 || marked.rowCount === 0) return false
    const feed = await client.query<{ number: number }>('SELECT number FROM feed WHERE id = $1', [feedId])
    const number = feed.rows[0]?.number
    if (number === undefined) throw new Error(`the demo's feed ${feedId} is not defined`)
    await writePast(client, past(), { feed: number, ...span })
    return true
  })
}
