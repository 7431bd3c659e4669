import type { Pool, PoolClient } from 'pg'
import type { CityPrice, QuoteStatus } from '#contract/model.ts'
import { cityFigures, counting } from './counting.ts'
import { addDays } from './days.ts'

/** City figures of one commodity between two days, both included. */
export interface CitySeriesPoint extends CityPrice {
  q1: number | null
  q3: number | null
  trimmed: number | null
}
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

/** What was received by the end of the day `known` of the city's clock. */
const asKnown = (known: string, timezone: string) => ({
  clause: (parameter: number) =>
    `q.received_at < ($${parameter}::date::timestamp AT TIME ZONE $${parameter + 1})`,
  values: [addDays(known, 1), timezone],
})

/**
 * Daily city figures of a commodity. With `known` they are counted from what had been received by the end of that day.
 * @param timezone of the city's clock
 */
export async function citySeries(
  database: Database,
  commodity: string,
  from: string,
  to: string,
  known?: { day: string; timezone: string },
): Promise<CitySeriesPoint[]> {
  const columns = 'day, median, low, high, q1, q3, trimmed, markets, demo'
  if (known === undefined) {
    const result = await database.query<CitySeriesPoint>({
      name: 'price-city-series',
      text: `SELECT ${columns} FROM quote_day_city WHERE commodity = $1 AND day BETWEEN $2 AND $3 ORDER BY day`,
      values: [commodity, from, to],
    })
    return result.rows
  }
  const { clause, values } = asKnown(known.day, known.timezone)
  const result = await database.query<CitySeriesPoint>({
    name: 'price-city-series-known',
    text: `WITH ${counting(
      `FROM quote q WHERE q.commodity = $1 AND q.day BETWEEN $2 AND $3 AND ${clause(4)}`,
    )} SELECT ${columns} FROM (${cityFigures('best')}) figures ORDER BY day`,
    values: [commodity, from, to, ...values],
  })
  return result.rows
}

/** City figures of all commodities between two days, as they were known. */
export async function cityKnown(
  database: Database,
  from: string,
  to: string,
  known: { day: string; timezone: string },
): Promise<(CitySeriesPoint & { commodity: string })[]> {
  const { clause, values } = asKnown(known.day, known.timezone)
  const result = await database.query<CitySeriesPoint & { commodity: string }>({
    name: 'price-city-known',
    text: `WITH ${counting(`FROM quote q WHERE q.day BETWEEN $1 AND $2 AND ${clause(3)}`)}
      SELECT commodity, day, median, low, high, q1, q3, trimmed, markets, demo
      FROM (${cityFigures('best')}) figures ORDER BY commodity, day`,
    values: [from, to, ...values],
  })
  return result.rows
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
  }: {
    carry: number
    commodity?: string
    market?: string
    known?: { day: string; timezone: string }
  },
): Promise<CountingPrice[]> {
  const values: unknown[] = [addDays(day, -carry), day]
  const which = [['commodity', commodity] as const, ['market', market] as const].flatMap(
    ([column, wanted]) => {
      if (wanted === undefined) return []
      values.push(wanted)
      return [`AND q.${column} = $${values.length}`]
    },
  )
  const range = `q.day BETWEEN $1 AND $2 ${which.join(' ')}`
  let source = `market_price q`
  let head = ''
  let condition = `WHERE ${range}`
  if (known !== undefined) {
    const { clause, values: more } = asKnown(known.day, known.timezone)
    head = `WITH ${counting(`FROM quote q WHERE ${range} AND ${clause(values.length + 1)}`)}`
    values.push(...more)
    source = 'best q'
    condition = ''
  }
  const result = await database.query<CountingPrice>({
    text: `${head} SELECT DISTINCT ON (q.commodity, q.market) q.market, q.commodity, q.day, q.price, q.revision,
        f.id AS feed, f.demo, CASE WHEN q.day < $2 THEN 'carried' ELSE q.status::text END AS status
      FROM ${source} JOIN feed f ON f.number = q.feed JOIN market m ON m.code = q.market AND m.level = 'market'
      ${condition} ORDER BY q.commodity, q.market, q.day DESC`,
    values,
  })
  return result.rows
}

/** What counts of a commodity at every place between two days, or the means of its weeks (from Monday on). */
export async function seriesOf(
  database: Database,
  commodity: string,
  {
    from,
    to,
    step,
    known,
  }: {
    from: string
    to: string
    step: 'day' | 'week'
    known: { day: string; timezone: string } | undefined
  },
): Promise<Omit<CountingPrice, 'commodity' | 'revision'>[]> {
  const values: unknown[] = [commodity, from, to]
  const range = 'q.commodity = $1 AND q.day BETWEEN $2 AND $3'
  let rows = `SELECT q.market, q.day, q.price, q.status, q.feed FROM market_price q WHERE ${range}`
  let head = ''
  if (known !== undefined) {
    const { clause, values: more } = asKnown(known.day, known.timezone)
    head = `WITH ${counting(`FROM quote q WHERE ${range} AND ${clause(4)}`)}`
    values.push(...more)
    rows = 'SELECT market, day, price, status, feed FROM best'
  }
  if (step === 'week')
    // A week counts as reported where any of its days was.
    rows = `SELECT market, date_trunc('week', day)::date AS day, feed, min(status) AS status,
        round(avg(price))::int AS price
      FROM (${rows}) days GROUP BY 1, 2, 3`
  const result = await database.query<Omit<CountingPrice, 'commodity' | 'revision'>>({
    text: `${head} SELECT s.market, s.day, s.price, s.status, f.id AS feed, f.demo
      FROM (${rows}) s JOIN feed f ON f.number = s.feed ORDER BY s.market, f.id, s.day`,
    values,
  })
  return result.rows
}
