import type { Pool } from 'pg'
import type { QuoteStatus } from '#contract/model.ts'

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
}

/** What counts of each market and day, of a commodity or of a market, the oldest first; at most `limit` rows. */
export async function readHistoryRows(
  pool: Pool,
  { commodity, market, from, to }: Wanted,
  limit: number,
): Promise<HistoryRow[]> {
  const found = await pool.query<HistoryRow>(
    `SELECT p.day, p.commodity, p.market, p.price, p.status, f.title AS source, f.demo
     FROM market_price p JOIN feed f ON f.number = p.feed
     WHERE ($1::text IS NULL OR p.commodity = $1) AND ($2::text IS NULL OR p.market = $2)
       AND ($3::date IS NULL OR p.day >= $3) AND ($4::date IS NULL OR p.day <= $4)
     ORDER BY p.day, p.commodity, p.market LIMIT $5`,
    [commodity ?? null, market ?? null, from ?? null, to ?? null, limit],
  )
  return found.rows
}
