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

/** Which day a page shows, and by the end of which day all of it had been received. */
export interface AskedDay {
  wanted?: string | undefined
  known?: string | undefined
  today: string
}

/** The day that a page shows: the one that is asked for, else the newest with a price, not after the day of which it is known. */
export async function shownDay(pool: Pool, { wanted, known, today }: AskedDay): Promise<string> {
  const newest = wanted ?? (await dayRange(pool)).latest ?? today
  return wanted === undefined && known !== undefined && known < newest ? known : newest
}
