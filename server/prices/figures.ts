import type { Pool, PoolClient } from 'pg'
import type { CityPriceOf } from '#contract/live.ts'
import { checksDue, cityRenewal, indicatorsDue, marketRenewal } from './renewals.ts'

/** A value that changed: of which source. */
export interface Touched {
  day: string
  commodity: string
  market: string
  feed: number
}

const PAIRS = 'SELECT * FROM unnest($1::date[], $2::text[]) AS p(day, commodity)'
const MARKETS = 'SELECT * FROM unnest($1::date[], $2::text[], $3::text[]) AS t(day, commodity, market)'
const SOURCES =
  'SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::smallint[]) AS t(day, commodity, market, feed)'

/**
 * Renews what is derived from the given values: what counts of the market and the city's figures of the day. Tells the queues of indicators and of quality checks what changed, in the same transaction.
 * @param check false for what was loaded as history: it is not looked at by the quality checks
 * @returns the city figures that were renewed
 */
export async function renewFigures(
  client: Pool | PoolClient,
  touched: readonly Touched[],
  { check = true }: { check?: boolean } = {},
): Promise<CityPriceOf[]> {
  if (touched.length === 0) return []
  const values = [...new Map(touched.map((one) => [keyOf(one), one])).values()]
  const pairs = [...new Map(touched.map((one) => [`${one.day} ${one.commodity}`, one])).values()]
  const pairColumns = [pairs.map(({ day }) => day), pairs.map(({ commodity }) => commodity)]
  const valueColumns = [
    values.map(({ day }) => day),
    values.map(({ commodity }) => commodity),
    values.map(({ market }) => market),
  ]
  const days = values.map(({ day }) => day).sort()
  await client.query({
    name: 'market-price',
    text: marketRenewal(MARKETS, ['$4', '$5'], { gone: true }),
    values: [...valueColumns, days[0], days[days.length - 1]],
  })
  const city = await client.query<CityPriceOf>({
    name: 'quote-city',
    text: cityRenewal(PAIRS),
    values: pairColumns,
  })
  await client.query({ name: 'indicator-due', text: indicatorsDue(PAIRS), values: pairColumns })
  if (check)
    await client.query({
      name: 'quality-due',
      text: checksDue(SOURCES),
      values: [...valueColumns, values.map(({ feed }) => feed)],
    })
  return city.rows
}

const keyOf = ({ day, commodity, market, feed }: Touched) => `${day} ${commodity} ${market} ${feed}`
