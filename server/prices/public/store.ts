import type { Pool } from 'pg'
import type { QuoteStatus } from '#contract/price.ts'

/** A price as anyone may see it: what counts, and nothing of who said it. */
export interface PublicRow {
  commodity: string
  day: string
  price: number
  status: QuoteStatus
  /** of the day before `day` and of seven days before it */
  before: number | null
  week: number | null
  /** titles */
  sources: string[]
  demo: boolean
}

/** Newest city median of every commodity of the `carry` days to the day, with the titles of the sources behind it. */
export async function publicCity(pool: Pool, day: string, carry: number): Promise<PublicRow[]> {
  const result = await pool.query<PublicRow>({
    name: 'public-city',
    text: `SELECT c.commodity, c.day, c.median AS price, c.demo,
        CASE WHEN c.day < $1 THEN 'carried' ELSE 'reported' END AS status,
        (SELECT b.median FROM quote_day_city b WHERE b.commodity = c.commodity AND b.day = c.day - 1) AS before,
        (SELECT w.median FROM quote_day_city w WHERE w.commodity = c.commodity AND w.day = c.day - 7) AS week,
        ARRAY(SELECT DISTINCT f.title
          FROM market_price p JOIN market m ON m.code = p.market JOIN feed f ON f.number = p.feed
          WHERE p.commodity = c.commodity AND p.day = c.day AND p.status <> 'imputed'
            AND m.level = CASE WHEN c.markets = 0 THEN 'city' ELSE 'market' END
          ORDER BY f.title) AS sources
      FROM (SELECT DISTINCT ON (commodity) commodity, day, median, markets, demo FROM quote_day_city
        WHERE day BETWEEN $1::date - $2::int AND $1 ORDER BY commodity, day DESC) c`,
    values: [day, carry],
  })
  return result.rows
}

/** The same of one market. */
export async function publicMarket(
  pool: Pool,
  market: string,
  day: string,
  carry: number,
): Promise<PublicRow[]> {
  const result = await pool.query<PublicRow>({
    name: 'public-market',
    text: `SELECT c.commodity, c.day, c.price, f.demo, ARRAY[f.title] AS sources,
        CASE WHEN c.day < $1 THEN 'carried' ELSE c.status::text END AS status,
        (SELECT b.price FROM market_price b
          WHERE b.commodity = c.commodity AND b.market = $3 AND b.day = c.day - 1) AS before,
        (SELECT w.price FROM market_price w
          WHERE w.commodity = c.commodity AND w.market = $3 AND w.day = c.day - 7) AS week
      FROM (SELECT DISTINCT ON (commodity) commodity, day, price, status, feed FROM market_price
        WHERE market = $3 AND day BETWEEN $1::date - $2::int AND $1 ORDER BY commodity, day DESC) c
      JOIN feed f ON f.number = c.feed`,
    values: [day, carry, market],
  })
  return result.rows
}
