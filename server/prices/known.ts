import type { Pool, PoolClient } from 'pg'
import { inSnapshot } from '../database/pool.ts'
import { cityFigures, counting } from './counting.ts'
import { addDays } from './days.ts'

/** Figures as all of them had been received by the end of a day of the city's clock. */
export interface AsOf {
  day: string
  timezone: string
  /** what differs from today, where that was read beforehand for many questions; or that it is too much to be held */
  later?: Held | 'much'
}
/** Days of which something was received since. */
interface Held {
  days: readonly KnownDay[]
  /** the same for SQL */
  json: string
}
/** A day of a commodity, with the city's figures as they were; null: it had none. */
interface KnownDay {
  commodity: string
  day: string
  median: number | null
  low: number | null
  high: number | null
  q1: number | null
  q3: number | null
  trimmed: number | null
  markets: number | null
  demo: boolean | null
}
const hold = (days: readonly KnownDay[]): Held => ({ days, json: JSON.stringify(days) })

/** @param known the day; undefined: as it is known now */
export const asOf = (known: string | undefined, timezone: string): AsOf | undefined =>
  known === undefined ? undefined : { day: known, timezone }

/** Columns of the daily city figures. */
export const FIGURES = 'commodity, day, median, low, high, q1, q3, trimmed, markets, demo'

/** SQL of the moment from which on something was received too late: the end of the day; `at` is the number of its first parameter. */
const bound = (at: number) => `($${at}::date::timestamp AT TIME ZONE $${at + 1})`
const boundOf = ({ day, timezone }: AsOf): [string, string] => [addDays(day, 1), timezone]

/** More commodities' days are not held: whatever is asked is then counted from what was known, all of it. */
const MOST_LATER = 50_000

/** Which days are asked about, both included, and where they are given which commodities alone. */
export interface Asked {
  from?: string
  until: string
  commodities?: readonly string[]
}

/**
 * For many questions about the same days: what was received since is looked for once, and nothing is written between the
 * answers. As it is known now they are asked side by side.
 */
export async function readKnown<T>(
  pool: Pool,
  known: AsOf | undefined,
  asked: Asked,
  read: (database: Pool | PoolClient, then: AsOf | undefined) => Promise<T>,
): Promise<T> {
  if (known === undefined) return read(pool, undefined)
  return inSnapshot(pool, async (client) => read(client, await readLater(client, known, asked)))
}

/** With what was received since. */
export async function readLater(
  database: Pool | PoolClient,
  known: AsOf,
  { from = '0001-01-01', until, commodities }: Asked,
): Promise<AsOf> {
  const { rows: later } = await database.query<{ commodity: string; day: string }>({
    text: `SELECT DISTINCT q.commodity, q.day FROM quote q
      WHERE q.day BETWEEN $1 AND $2 AND q.received_at >= ${bound(3)}
        ${commodities === undefined ? '' : 'AND q.commodity = ANY ($6::text[])'} LIMIT $5`,
    values: [
      from,
      until,
      ...boundOf(known),
      MOST_LATER + 1,
      ...(commodities === undefined ? [] : [commodities]),
    ],
  })
  if (later.length > MOST_LATER) return { ...known, later: 'much' }
  if (later.length === 0) return { ...known, later: hold([]) }
  const days = later.map(({ day }) => day)
  const [first, last] = days.reduce(
    ([first, last], day) => [day < first ? day : first, day > last ? day : last],
    [until, from],
  )
  // A query of its own, with the days as constants: otherwise all quotes would be gone through.
  const figures = await database.query<KnownDay>({
    text: `WITH later AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::date[]) AS l(commodity, day)),
        ${counting(`FROM later JOIN quote q USING (commodity, day) WHERE q.day BETWEEN $5 AND $6 AND q.received_at < ${bound(3)}`)}
      SELECT ${FIGURES} FROM later LEFT JOIN (${cityFigures('best')}) figures USING (commodity, day)`,
    values: [later.map(({ commodity }) => commodity), days, ...boundOf(known), first, last],
  })
  return { ...known, later: hold(figures.rows) }
}

/** The same for a question about days between two alone, of which mostly nothing was received since. */
export const within = (known: AsOf | undefined, from: string, to: string): AsOf | undefined =>
  known?.later === undefined || known.later === 'much'
    ? known
    : { ...known, later: hold(known.later.days.filter(({ day }) => day >= from && day <= to)) }

/** False where nothing was received since: what was known is what stands today. */
export const differs = (known: AsOf | undefined): known is AsOf =>
  known !== undefined && (known.later === undefined || known.later === 'much' || known.later.days.length > 0)

/**
 * SQL of the tables `later` (commodities and days of which something was received since) and `best` (what counted of their
 * markets before), and of the city's figures by that. Of all others nothing has changed since, so that what stands today is
 * what was known. Where too much was received, nothing that stands is taken and `best` is all that counted.
 * @param range conditions on a table named q with the columns of quote
 * @param at the number of the first of the parameters in `values`
 */
export function before(known: AsOf, range: string, at: number) {
  const end = bound(at)
  const { later } = known
  const values = boundOf(known)
  if (later === 'much')
    return {
      tables: counting(`FROM quote q WHERE ${range} AND q.received_at < ${end}`),
      figures: cityFigures('best'),
      unchanged: 'false',
      values,
    }
  const days =
    later === undefined
      ? `SELECT DISTINCT q.commodity, q.day FROM quote q WHERE ${range} AND q.received_at >= ${end}`
      : `SELECT * FROM json_to_recordset($${at + 2}::json) AS l(commodity text, day date, median integer, low integer,
          high integer, q1 integer, q3 integer, trimmed integer, markets integer, demo boolean)`
  return {
    tables: `later AS MATERIALIZED (${days}),
      ${counting(`FROM later JOIN quote q USING (commodity, day) WHERE ${range} AND q.received_at < ${end}`)}`,
    figures:
      later === undefined
        ? cityFigures('best')
        : `SELECT * FROM later q WHERE median IS NOT NULL AND ${range}`,
    unchanged: 'NOT EXISTS (SELECT FROM later l WHERE l.commodity = q.commodity AND l.day = q.day)',
    values: later === undefined ? values : [...values, later.json],
  }
}
