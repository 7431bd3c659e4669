import type { Pool, PoolClient } from 'pg'
import type { CityPriceOf } from '#contract/live.ts'
import type { CityPrice, QuoteStatus } from '#contract/model.ts'
import { cityFigures, counting } from './counting.ts'
import { addDays } from './days.ts'

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

/** Figures as all of them had been received by the end of a day of the city's clock. */
export interface AsOf {
  day: string
  timezone: string
  /** of which commodities and days something was received since, where that was read beforehand for many questions */
  later?: { commodities: string[]; days: string[] }
}
/** @param known the day; undefined: as it is known now */
export const asOf = (known: string | undefined, timezone: string): AsOf | undefined =>
  known === undefined ? undefined : { day: known, timezone }

/** More is read anew by each question for itself. */
const MOST_LATER = 5_000
/** Later than all days. */
export const LAST_DAY = '9999-12-31'

/** The same for many questions about commodities and days up to `until`: none of them looks for what was received since. */
export async function readLater(
  database: Database,
  known: AsOf,
  until: string,
  commodities: readonly string[],
): Promise<AsOf> {
  const result = await database.query<{ commodity: string; day: string }>({
    text: `SELECT DISTINCT q.commodity, q.day FROM quote q
      WHERE q.commodity = ANY ($1::text[]) AND q.day <= $2 AND q.received_at >= ${bound(3)} LIMIT $5`,
    values: [commodities, until, ...boundOf(known), MOST_LATER + 1],
  })
  if (result.rows.length > MOST_LATER) return known
  return {
    ...known,
    later: {
      commodities: result.rows.map(({ commodity }) => commodity),
      days: result.rows.map(({ day }) => day),
    },
  }
}

/** Where nothing was received since, what was known is what stands today. */
const differs = (known: AsOf | undefined): known is AsOf =>
  known !== undefined && known.later?.days.length !== 0

/** SQL of the moment from which on something was received too late: the end of the day; `at` is the number of its first parameter. */
const bound = (at: number) => `($${at}::date::timestamp AT TIME ZONE $${at + 1})`
const boundOf = ({ day, timezone }: AsOf): [string, string] => [addDays(day, 1), timezone]

/**
 * SQL of the tables `later` (commodities and days of which something was received since) and `best` (what counted of their
 * markets before). Of all others nothing has changed since, so that what stands today is what was known.
 * @param range conditions on a table named q with the columns of quote
 * @param at the number of the first of the parameters in `values`
 */
function before(known: AsOf, range: string, at: number) {
  const end = bound(at)
  const later =
    known.later === undefined
      ? `SELECT DISTINCT q.commodity, q.day FROM quote q WHERE ${range} AND q.received_at >= ${end}`
      : `SELECT * FROM unnest($${at + 2}::text[], $${at + 3}::date[]) AS l(commodity, day)`
  return {
    tables: `later AS MATERIALIZED (${later}),
      ${counting(`FROM later JOIN quote q USING (commodity, day) WHERE ${range} AND q.received_at < ${end}`)}`,
    unchanged: 'NOT EXISTS (SELECT FROM later l WHERE l.commodity = q.commodity AND l.day = q.day)',
    values: [
      ...boundOf(known),
      ...(known.later === undefined ? [] : [known.later.commodities, known.later.days]),
    ],
  }
}

const FIGURES = 'commodity, day, median, low, high, q1, q3, trimmed, markets, demo'

const CITY_PRICE = 'day, median, low, high, markets, demo'

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
    rows: `${stands} AND ${then.unchanged} UNION ALL SELECT ${FIGURES} FROM (${cityFigures('best')}) figures`,
    values: [...values, ...then.values],
  }
}

/**
 * SQL of the months before one: days with a figure, the sum of their medians and of their squares. What was known of a month
 * of which something was received since is summed up from its days.
 * @param before first day of the month
 */
export function monthRows(commodities: readonly string[], before: string, known: AsOf | undefined): Rows {
  const stands = `SELECT commodity, month, days, total, squares FROM price_month q
    WHERE q.commodity = ANY ($1::text[]) AND q.month < $2`
  const values = [commodities, before]
  if (!differs(known)) return { head: '', rows: stands, values }
  const days = cityRows('q.commodity = ANY ($1::text[]) AND q.day < $2', values, known)
  return {
    head: `${days.head},
      touched AS MATERIALIZED (SELECT DISTINCT commodity, date_trunc('month', day)::date AS month FROM later)`,
    rows: `${stands} AND NOT EXISTS (SELECT FROM touched t WHERE t.commodity = q.commodity AND t.month = q.month)
      UNION ALL SELECT commodity, date_trunc('month', day)::date, count(*)::int, sum(median)::float8,
        sum(median::bigint * median)::float8
      FROM (${days.rows}) figures
      WHERE (commodity, date_trunc('month', day)::date) IN (SELECT commodity, month FROM touched) GROUP BY 1, 2`,
    values: days.values,
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
            SELECT commodity, max(day) AS day FROM (${cityFigures('best')}) figures GROUP BY 1
          ) changed USING (commodity)`,
    values: [commodities, until, ...(then?.values ?? [])],
  })
  return new Map(rows.flatMap(({ commodity, day }) => (day === null ? [] : [[commodity, day] as const])))
}

async function cityOf<T extends CityPrice>(
  database: Database,
  columns: string,
  range: string,
  asked: unknown[],
  known: AsOf | undefined,
): Promise<T[]> {
  const { head, rows, values } = cityRows(range, asked, known)
  const text = `${head} SELECT ${columns} FROM (${rows}) figures ORDER BY commodity, day`
  return (await database.query<T>({ text, values })).rows
}

/** Daily city figures of a commodity between two days, both included. */
export const citySeries = (
  database: Database,
  commodity: string,
  from: string,
  to: string,
  known?: AsOf,
): Promise<CityPrice[]> =>
  cityOf(database, CITY_PRICE, 'q.commodity = $1 AND q.day BETWEEN $2 AND $3', [commodity, from, to], known)

/**
 * Daily city figures of all commodities between two days, both included.
 * @param commodities of these alone
 */
export const cityBetween = (
  database: Database,
  from: string,
  to: string,
  { known, commodities }: { known?: AsOf | undefined; commodities?: readonly string[] } = {},
): Promise<CityPriceOf[]> =>
  cityOf(
    database,
    `commodity, ${CITY_PRICE}`,
    `q.day BETWEEN $1 AND $2${commodities === undefined ? '' : ' AND q.commodity = ANY ($3::text[])'}`,
    [from, to, ...(commodities === undefined ? [] : [commodities])],
    known,
  )

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
  const asked: unknown[] = [addDays(day, -carry), day]
  const which = [['commodity', commodity] as const, ['market', market] as const].flatMap(
    ([column, wanted]) => {
      if (wanted === undefined) return []
      asked.push(wanted)
      return [`AND q.${column} = $${asked.length}`]
    },
  )
  const { head, rows, values } = countingRows(`q.day BETWEEN $1 AND $2 ${which.join(' ')}`, asked, known)
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

/** What counts of a commodity at every place between two days, the oldest first, or the means of so many days each, from a Monday on. */
export async function seriesOf(
  database: Database,
  commodity: string,
  { from, to, stepDays, known }: { from: string; to: string; stepDays: number; known: AsOf | undefined },
): Promise<Omit<CountingPrice, 'commodity' | 'revision'>[]> {
  const range = 'q.commodity = $1 AND q.day BETWEEN $2 AND $3'
  const { head, rows, values } = countingRows(range, [commodity, from, to], known)
  const steps =
    stepDays === 1
      ? rows
      : // Whole numbers are grouped by far faster than dates. A step counts as reported where any of its days was.
        `SELECT market, ${A_MONDAY} + ${stepDays} * step AS day, feed, status, price FROM (
          SELECT market, feed, (day - ${A_MONDAY}) / ${stepDays} AS step, min(status) AS status, round(avg(price))::int AS price
          FROM (${rows}) days GROUP BY 1, 2, 3) steps`
  const result = await database.query<Omit<CountingPrice, 'commodity' | 'revision'>>({
    text: `${head} SELECT s.market, s.day, s.price, s.status, f.id AS feed, f.demo
      FROM (${steps}) s JOIN feed f ON f.number = s.feed ORDER BY s.day`,
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
