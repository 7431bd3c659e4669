import type { PoolClient } from 'pg'
import type { CityPriceOf } from '#contract/live.ts'
import type { QuoteStatus } from '#contract/price.ts'
import { checksDue, cityRenewal, indicatorsDue, marketRenewal } from '../renewals.ts'

/** A change of one source's price, with the revision that it makes; at most one per day, commodity and market. */
export interface Change {
  day: string
  commodity: string
  market: string
  price: number
  status: QuoteStatus
  revision: number
}

const BATCH = 20_000
const PAIRS = 'SELECT DISTINCT day, commodity FROM import_change'
const MARKETS = 'SELECT day, commodity, market FROM import_change'

/**
 * Stores many changes of one source and renews what is derived from them, as storeQuotes and renewFigures do with few: all
 * of them at once and each table read once. For whoever holds the quotes' lock and knows that no month is closed.
 * @param said who corrected and why: of the changes that are corrections
 * @returns the city figures that were renewed
 */
export async function storeBulk(
  client: PoolClient,
  changes: readonly Change[],
  { feed, now, said }: { feed: number; now: Date; said: { author: string; reason: string } },
): Promise<CityPriceOf[]> {
  if (changes.length === 0) return []
  await client.query(
    `CREATE TEMPORARY TABLE import_change (day date, commodity text, market text, price integer, status quote_status, revision integer)
     ON COMMIT DROP`,
  )
  for (let at = 0; at < changes.length; at += BATCH) {
    const some = changes.slice(at, at + BATCH)
    await client.query(
      `INSERT INTO import_change SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::int[], $5::quote_status[], $6::int[])`,
      [
        some.map(({ day }) => day),
        some.map(({ commodity }) => commodity),
        some.map(({ market }) => market),
        some.map(({ price }) => price),
        some.map(({ status }) => status),
        some.map(({ revision }) => revision),
      ],
    )
  }
  // The planner knows nothing of a new table, and would look up each row by itself.
  await client.query('ANALYZE import_change')
  await client.query('SET LOCAL enable_nestloop = off')
  await client.query(
    `INSERT INTO quote (day, commodity, market, price, status, revision, feed, received_at, author, reason)
     SELECT day, commodity, market, price, status, revision, $1, $2,
       CASE WHEN status = 'corrected' THEN $3 END, CASE WHEN status = 'corrected' THEN $4 END
     FROM import_change ORDER BY day`,
    [feed, now, said.author, said.reason],
  )
  await client.query(
    marketRenewal(MARKETS, ['(SELECT min(day) FROM import_change)', '(SELECT max(day) FROM import_change)'], {
      gone: false,
    }),
  )
  const city = await client.query<CityPriceOf>(cityRenewal(PAIRS))
  await client.query(indicatorsDue(PAIRS))
  await client.query(checksDue(`SELECT *, ${feed}::smallint AS feed FROM import_change`))
  await client.query('SET LOCAL enable_nestloop = on')
  return city.rows
}
