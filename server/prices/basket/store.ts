import type { Pool, PoolClient } from 'pg'
import { cityRows } from '../current.ts'
import type { AsOf } from '../known.ts'

export interface BasketPrice {
  commodity: string
  day: string
  median: number
  demo: boolean
}

/** City medians of the given commodities between two days, both included, by day. */
export async function basketPrices(
  database: Pool | PoolClient,
  commodities: readonly string[],
  from: string,
  to: string,
  known: AsOf | undefined,
): Promise<BasketPrice[]> {
  const range = 'q.commodity = ANY ($1::text[]) AND q.day BETWEEN $2 AND $3'
  const { head, rows, values } = cityRows(range, [commodities, from, to], known)
  const result = await database.query<BasketPrice>({
    text: `${head} SELECT commodity, day, median, demo FROM (${rows}) figures ORDER BY day`,
    values,
  })
  return result.rows
}

/** Mean of a month's city medians, by commodity, and whether any was made up. */
export async function monthMeans(
  database: Pool | PoolClient,
  commodities: readonly string[],
  month: string,
  known: AsOf | undefined,
): Promise<Map<string, { mean: number; demo: boolean }>> {
  const range = `q.commodity = ANY ($1::text[]) AND q.day >= $2::date AND q.day < $2::date + interval '1 month'`
  const { head, rows, values } = cityRows(range, [commodities, `${month}-01`], known)
  const result = await database.query<{ commodity: string; mean: number; demo: boolean }>({
    text: `${head} SELECT commodity, avg(median)::float8 AS mean, bool_or(demo) AS demo FROM (${rows}) figures
      GROUP BY commodity`,
    values,
  })
  return new Map(result.rows.map(({ commodity, mean, demo }) => [commodity, { mean, demo }]))
}

/** The first month, YYYY-MM, in which at least so many of the commodities have a price; null where there is none. */
export async function firstFullMonth(
  pool: Pool,
  commodities: readonly string[],
  needed: number,
): Promise<string | null> {
  const result = await pool.query<{ month: string }>({
    name: 'basket-first-month',
    text: `SELECT to_char(month, 'YYYY-MM') AS month FROM price_month WHERE commodity = ANY ($1::text[])
      GROUP BY price_month.month HAVING count(*) >= $2 ORDER BY price_month.month LIMIT 1`,
    values: [commodities, needed],
  })
  return result.rows[0]?.month ?? null
}
