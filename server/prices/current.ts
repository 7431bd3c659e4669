import type { Pool, PoolClient } from 'pg'
import type { CityPriceOf } from '#contract/live.ts'
import type { CityPrice, QuoteStatus } from '#contract/price.ts'
import { addDays } from './days.ts'
import { before, differs, FIGURES, within, type AsOf } from './known.ts'
import { listOf } from './lists.ts'

/** What counts of a market on a day. */
export interface CountingPrice {
  market: string
  commodity: string
  day: string
  price: number
  status: QuoteStatus
  revision: number
  feed: string
  demo: boolean
}

type Database = Pool | PoolClient

const CITY_PRICE = ['day', 'median', 'low', 'high', 'markets', 'demo'] as const

/** A query of what the range has: `head` comes before it, and `rows` may be read from. */
interface Rows {
  head: string
  rows: string
  values: unknown[]
}

/** SQL of the daily city figures of a range: as they stand, or as they were known. */
export function cityRows(range: string, values: unknown[], known: AsOf | undefined): Rows {
  const stands = `SELECT ${FIGURES} FROM quote_day_city q WHERE ${range}`
  if (!differs(known)) return { head: '', rows: stands, values }
  const then = before(known, range, values.length + 1)
  return {
    head: `WITH ${then.tables}`,
    rows: `${stands} AND ${then.unchanged} UNION ALL SELECT ${FIGURES} FROM (${then.figures}) figures`,
    values: [...values, ...then.values],
  }
}

/**
 * SQL of the months before one: days with a figure, the sum of their medians and of their squares. What was known of a month
 * of which something was received since is summed up from its days.
 * @param month its first day
 */
export function monthRows(commodities: readonly string[], month: string, known: AsOf | undefined): Rows {
  const stands = `SELECT commodity, month, days, total, squares FROM price_month q
    WHERE q.commodity = ANY ($1::text[]) AND q.month < $2`
  const values = [commodities, month]
  if (!differs(known)) return { head: '', rows: stands, values }
  const range = 'q.commodity = ANY ($1::text[]) AND q.day < $2'
  const then = before(known, range, values.length + 1)
  const summed = (
    days: string,
  ) => `SELECT commodity, date_trunc('month', day)::date AS month, count(*)::int AS days,
      sum(median)::float8 AS total, sum(median::bigint * median)::float8 AS squares
    FROM (${days}) days GROUP BY 1, 2`
  const counted = `SELECT commodity, day, median FROM (${then.figures}) figures`
  if (known.later === 'much')
    return { head: `WITH ${then.tables}`, rows: summed(counted), values: [...values, ...then.values] }
  return {
    head: `WITH ${then.tables},
      touched AS MATERIALIZED (SELECT DISTINCT commodity, date_trunc('month', day)::date AS month FROM later)`,
    rows: `${stands} AND NOT EXISTS (SELECT FROM touched t WHERE t.commodity = q.commodity AND t.month = q.month)
      UNION ALL ${summed(`SELECT q.commodity, q.day, q.median FROM touched t JOIN quote_day_city q
          ON q.commodity = t.commodity AND q.day >= t.month AND q.day < t.month + interval '1 month'
        WHERE ${range} AND ${then.unchanged} UNION ALL ${counted}`)}`,
    values: [...values, ...then.values],
  }
}

/**
 * The newest day of each commodity, not after one, that has a figure, as they stand or as they were known; without those that
 * have none.
 */
export async function newestDays(
  database: Database,
  commodities: readonly string[],
  until: string,
  known: AsOf | undefined,
): Promise<Map<string, string>> {
  const range = 'q.commodity = ANY ($1::text[]) AND q.day <= $2'
  const then = differs(known) ? before(known, range, 3) : undefined
  const last = (and: string) => `unnest($1::text[]) AS c(commodity) LEFT JOIN LATERAL (
      SELECT q.day FROM quote_day_city q WHERE q.commodity = c.commodity AND q.day <= $2 ${and} ORDER BY q.day DESC LIMIT 1
    ) stands ON true`
  const { rows } = await database.query<{ commodity: string; day: string | null }>({
    text:
      then === undefined
        ? `SELECT c.commodity, stands.day FROM ${last('')}`
        : `WITH ${then.tables} SELECT c.commodity, greatest(stands.day, changed.day) AS day
          FROM ${last(`AND ${then.unchanged}`)} LEFT JOIN (
            SELECT commodity, max(day) AS day FROM (${then.figures}) figures GROUP BY 1
          ) changed USING (commodity)`,
    values: [commodities, until, ...(then?.values ?? [])],
  })
  return new Map(rows.flatMap(({ commodity, day }) => (day === null ? [] : [[commodity, day] as const])))
}

/** Daily city figures of a commodity between two days, both included. */
export async function citySeries(
  database: Database,
  commodity: string,
  from: string,
  to: string,
  known?: AsOf,
): Promise<CityPrice[]> {
  const range = 'q.commodity = $1 AND q.day BETWEEN $2 AND $3'
  const { head, rows, values } = cityRows(range, [commodity, from, to], known)
  const result = await database.query<{ [Name in keyof CityPrice]: CityPrice[Name][] | null }>({
    text: `${head} SELECT ${CITY_PRICE.map((name) => `${listOf(name)} AS ${name}`).join(', ')} FROM (${rows}) figures`,
    values,
  })
  const { day, median, low, high, markets, demo } = result.rows[0] ?? {}
  return (day ?? [])
    .map((one, place) => ({
      day: one,
      median: median?.[place] as number,
      low: low?.[place] as number,
      high: high?.[place] as number,
      markets: markets?.[place] as number,
      demo: demo?.[place] as boolean,
    }))
    .sort((a, b) => (a.day < b.day ? -1 : 1))
}

/**
 * Daily city figures of all commodities between two days, both included.
 * @param commodities of these alone
 */
export async function cityBetween(
  database: Database,
  from: string,
  to: string,
  { known, commodities }: { known?: AsOf | undefined; commodities?: readonly string[] } = {},
): Promise<CityPriceOf[]> {
  const { head, rows, values } = cityRows(
    `q.day BETWEEN $1 AND $2${commodities === undefined ? '' : ' AND q.commodity = ANY ($3::text[])'}`,
    [from, to, ...(commodities === undefined ? [] : [commodities])],
    known,
  )
  const text = `${head} SELECT commodity, ${CITY_PRICE.join(', ')} FROM (${rows}) figures ORDER BY commodity, day`
  return (await database.query<CityPriceOf>({ text, values })).rows
}

/** SQL of the rows of what counts of markets: now, or as it was known. */
export function countingRows(range: string, values: unknown[], known: AsOf | undefined): Rows {
  const columns = 'q.commodity, q.day, q.market, q.price, q.status, q.feed, q.revision'
  const stands = `SELECT ${columns} FROM market_price q WHERE ${range}`
  if (!differs(known)) return { head: '', rows: stands, values }
  const then = before(known, range, values.length + 1)
  return {
    head: `WITH ${then.tables}`,
    rows: `${stands} AND ${then.unchanged} UNION ALL SELECT ${columns} FROM best q`,
    values: [...values, ...then.values],
  }
}

/**
 * What counts of markets on a day: of each commodity and market its newest price of the `carry` days before it, marked as
 * carried where it is older.
 */
export async function pricesOn(
  database: Database,
  day: string,
  {
    carry,
    commodity,
    market,
    known,
  }: { carry: number; commodity?: string; market?: string; known?: AsOf | undefined },
): Promise<CountingPrice[]> {
  const from = addDays(day, -carry)
  const asked: unknown[] = [from, day]
  const which = [['commodity', commodity] as const, ['market', market] as const].flatMap(
    ([column, wanted]) => {
      if (wanted === undefined) return []
      asked.push(wanted)
      return [`AND q.${column} = $${asked.length}`]
    },
  )
  const { head, rows, values } = countingRows(
    `q.day BETWEEN $1 AND $2 ${which.join(' ')}`,
    asked,
    within(known, from, day),
  )
  const result = await database.query<CountingPrice>({
    text: `${head} SELECT DISTINCT ON (q.commodity, q.market) q.market, q.commodity, q.day, q.price, q.revision,
        f.id AS feed, f.demo, CASE WHEN q.day < $2 THEN 'carried' ELSE q.status::text END AS status
      FROM (${rows}) q JOIN feed f ON f.number = q.feed JOIN market m ON m.code = q.market AND m.level = 'market'
      ORDER BY q.commodity, q.market, q.day DESC`,
    values,
  })
  return result.rows
}

/** A Monday before all days. */
const A_MONDAY = "'1900-01-01'::date"

/** What counts of a place, by the feed that it comes from; days, prices and statuses belong together. */
export interface PlaceSeries {
  market: string
  feed: string
  demo: boolean
  days: string[]
  prices: number[]
  statuses: QuoteStatus[]
}
/** What counts of a commodity at every place between two days, in any order, or the means of so many days each, from a Monday on. */
export async function seriesOf(
  database: Database,
  commodity: string,
  { from, to, stepDays, known }: { from: string; to: string; stepDays: number; known: AsOf | undefined },
): Promise<PlaceSeries[]> {
  const range = 'q.commodity = $1 AND q.day BETWEEN $2 AND $3'
  const { head, rows, values } = countingRows(range, [commodity, from, to], known)
  const steps =
    stepDays === 1
      ? rows
      : // Whole numbers are grouped by far faster than dates. A step counts as reported where any of its days was.
        `SELECT market, ${A_MONDAY} + ${stepDays} * step AS day, feed, status, price FROM (
          SELECT market, feed, (day - ${A_MONDAY}) / ${stepDays} AS step, min(status) AS status, round(avg(price))::int AS price
          FROM (${rows}) days GROUP BY 1, 2, 3) steps`
  const result = await database.query<PlaceSeries>({
    text: `${head} SELECT s.market, f.id AS feed, f.demo, ${listOf('s.day')} AS days, ${listOf('s.price')} AS prices,
        ${listOf('s.status')} AS statuses
      FROM (${steps}) s JOIN feed f ON f.number = s.feed GROUP BY 1, 2, 3`,
    values,
  })
  return result.rows
}

/** What counts of every commodity at a place between two days. */
export async function pricesBetween(
  database: Database,
  market: string,
  from: string,
  to: string,
  known: AsOf | undefined,
): Promise<{ commodity: string; day: string; price: number }[]> {
  const range = 'q.market = $1 AND q.day BETWEEN $2 AND $3'
  const { head, rows, values } = countingRows(range, [market, from, to], known)
  const result = await database.query<{ commodity: string; day: string; price: number }>({
    text: `${head} SELECT commodity, day, price FROM (${rows}) q`,
    values,
  })
  return result.rows
}
