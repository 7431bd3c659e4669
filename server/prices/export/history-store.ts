import type { Pool } from 'pg'
import type { QuoteStatus } from '#contract/price.ts'
import { countingRows } from '../current.ts'
import type { AsOf } from '../known.ts'

export interface HistoryRow {
  day: string
  commodity: string
  market: string
  price: number
  status: QuoteStatus
  source: string
  demo: boolean
}
export interface Wanted {
  commodity: string | undefined
  market: string | undefined
  from: string | undefined
  to: string | undefined
  known: AsOf | undefined
}

/** What counts of each market and day, of a commodity or of a market, the oldest first; at most `limit` rows. */
export async function readHistoryRows(
  pool: Pool,
  { commodity, market, from, to, known }: Wanted,
  limit: number,
): Promise<HistoryRow[]> {
  const asked: unknown[] = [limit]
  const conditions = (
    [
      ['q.commodity =', commodity],
      ['q.market =', market],
      ['q.day >=', from],
      ['q.day <=', to],
    ] as const
  ).flatMap(([condition, value]) => (value === undefined ? [] : [`${condition} $${asked.push(value)}`]))
  const { head, rows, values } = countingRows(['true', ...conditions].join(' AND '), asked, known)
  const found = await pool.query<HistoryRow>(
    `${head} SELECT p.day, p.commodity, p.market, p.price, p.status, f.title AS source, f.demo
     FROM (${rows}) p JOIN feed f ON f.number = p.feed ORDER BY p.day, p.commodity, p.market LIMIT $1`,
    values,
  )
  return found.rows
}
