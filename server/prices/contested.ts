import type { PoolClient } from 'pg'
import { renewFigures, type Touched } from './figures.ts'

/** Values whose figures are renewed at once. */
const BATCH = 5_000

/**
 * Renews what counts where two sources speak of one market and day: only there can their order matter. A closed month
 * keeps what it has.
 * @param month YYYY-MM: of that month alone
 */
export async function renewContested(client: PoolClient, month?: string): Promise<void> {
  const contested = await client.query<Touched>(
    `SELECT q.day, q.commodity, q.market, min(q.feed) AS feed FROM quote q
     WHERE q.day >= coalesce($1::date, '-infinity') AND q.day < coalesce($1::date + interval '1 month', 'infinity')
       AND NOT EXISTS (
         SELECT FROM price_lock l WHERE l.unlocked_at IS NULL AND l.month = date_trunc('month', q.day)::date
       )
     GROUP BY 1, 2, 3 HAVING min(q.feed) <> max(q.feed)`,
    [month === undefined ? null : `${month}-01`],
  )
  for (let start = 0; start < contested.rows.length; start += BATCH)
    await renewFigures(client, contested.rows.slice(start, start + BATCH), { check: false })
}
