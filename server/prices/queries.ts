import type { Pool } from 'pg'
import type { CityPriceOf } from '#contract/live.ts'

/** First and newest day with any market's price. */
export async function dayRange(pool: Pool): Promise<{ first: string | null; latest: string | null }> {
  const result = await pool.query<{ first: string | null; latest: string | null }>({
    name: 'price-days',
    text: `SELECT min(day) AS first, max(day) AS latest FROM quote_day_city`,
  })
  return result.rows[0] ?? { first: null, latest: null }
}

/** City figures of the newest day of every commodity. */
export async function latestCity(pool: Pool): Promise<CityPriceOf[]> {
  const result = await pool.query<CityPriceOf>({
    name: 'price-latest',
    text: `SELECT DISTINCT ON (commodity) commodity, day, median, low, high, markets, demo FROM quote_day_city
      WHERE day > (SELECT max(day) FROM quote_day_city) - 31 ORDER BY commodity, day DESC`,
  })
  return result.rows
}

/** City figures of all commodities between two days, both included. */
export async function cityBetween(pool: Pool, from: string, to: string): Promise<CityPriceOf[]> {
  const result = await pool.query<CityPriceOf>({
    name: 'price-city-between',
    text: `SELECT commodity, day, median, low, high, markets, demo FROM quote_day_city WHERE day BETWEEN $1 AND $2 ORDER BY commodity, day`,
    values: [from, to],
  })
  return result.rows
}
