import type { Pool } from 'pg'
import type { CountingPrice } from './current.ts'
import type { AsOf } from './known.ts'
import { addDays } from './days.ts'

/** A commodity at a market, by their codes. */
export interface Place {
  commodity: string
  market: string
}
/** How many flags of a price nobody had judged. */
export interface OpenFlags extends Place {
  feed: string
  price: number
  flags: number
}

/** The end of the day that is asked about; infinity: now. */
const END = `coalesce($3::date::timestamp AT TIME ZONE $4, 'infinity')`
const endOf = (known: AsOf | undefined) =>
  known === undefined ? [null, 'UTC'] : [addDays(known.day, 1), known.timezone]

/** Prices of a day with a flag that nobody judged yet. */
export async function openFlags(
  pool: Pool,
  day: string,
  { market, known }: { market?: string; known?: AsOf | undefined } = {},
): Promise<OpenFlags[]> {
  const result = await pool.query<OpenFlags>({
    name: 'price-open-flags',
    text: `SELECT q.commodity, q.market, f.id AS feed, q.price, count(*)::int AS flags
      FROM quality_flag q JOIN feed f ON f.number = q.feed
      WHERE q.day = $1 AND ($2::text IS NULL OR q.market = $2) AND q.raised_at < ${END}
        AND (q.outcome IS NULL OR q.outcome_at >= ${END})
      GROUP BY 1, 2, 3, 4`,
    values: [day, market ?? null, ...endOf(known)],
  })
  return result.rows
}

/** Flags of a day that speak of what counts: others are of prices that were replaced or that another source outweighs. */
export function flagsOf(
  flags: readonly OpenFlags[],
  prices: readonly CountingPrice[],
  day: string,
): OpenFlags[] {
  const key = ({ commodity, market, feed, price }: Omit<OpenFlags, 'flags'>) =>
    `${commodity} ${market} ${feed} ${price}`
  const counting = new Set(prices.filter((price) => price.day === day).map(key))
  return flags.filter((flag) => counting.has(key(flag)))
}

/** What officers said was not sold on a day, once it was published. */
export async function notSoldOn(
  pool: Pool,
  day: string,
  { market, known }: { market?: string; known?: AsOf | undefined } = {},
): Promise<Place[]> {
  const result = await pool.query<Place>({
    name: 'price-not-sold',
    text: `SELECT e.commodity, s.market FROM survey s JOIN survey_entry e ON e.survey_id = s.id
      WHERE s.day = $1 AND e.answer = 'not-sold' AND e.state = 'published' AND ($2::text IS NULL OR s.market = $2)
        AND e.published_at < ${END}`,
    values: [day, market ?? null, ...endOf(known)],
  })
  return result.rows
}
