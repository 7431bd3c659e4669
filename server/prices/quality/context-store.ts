import type { Pool, PoolClient } from 'pg'
import { TOLD } from '../told.ts'
import { MAY_BE_TRUE } from './scan.ts'

/** A price series: what one source says of a commodity at a market. */
export interface Series {
  commodity: string
  market: string
  feed: number
}
type Database = Pool | PoolClient

const columns = (series: readonly Series[]) => [
  series.map(({ commodity }) => commodity),
  series.map(({ market }) => market),
  series.map(({ feed }) => feed),
]

/**
 * A value that a verifier found wrong, or that is surely wrong and was not found true, says nothing of those after it. What
 * was found of one of its sellers is no word on the value.
 */
const TRUSTED = (row: string) => `NOT EXISTS (
  SELECT FROM quality_flag w WHERE w.commodity = ${row}.commodity AND w.day = ${row}.day AND w.market = ${row}.market
    AND w.feed = ${row}.feed AND w.price = ${row}.price AND NOT w.facts ? 'seller' AND (w.outcome = 'error' OR w.outcome IS NULL
      AND w.severity = 'error' AND w.check_name NOT IN (${MAY_BE_TRUE.map((check) => `'${check}'`).join(', ')})))`

export interface PastPrice {
  /** place of the series among those asked for, from 0 */
  n: number
  day: string
  price: number
}

/** The last trusted values of each series before its day, oldest first; at most `most` of each and no older than `days`. */
export async function pastOf(
  database: Database,
  series: readonly (Series & { before: string })[],
  { most, days }: { most: number; days: number },
): Promise<PastPrice[]> {
  if (series.length === 0) return []
  const result = await database.query<PastPrice>({
    name: 'quality-past',
    text: `
    SELECT (t.n - 1)::int AS n, h.day, h.price
    FROM unnest($1::text[], $2::text[], $3::smallint[], $4::date[]) WITH ORDINALITY AS t(commodity, market, feed, before, n)
    CROSS JOIN LATERAL (
      SELECT s.day, s.price FROM (
        SELECT DISTINCT ON (q.day) q.day, q.price, q.void, q.commodity, q.market, q.feed FROM quote q
        WHERE q.commodity = t.commodity AND q.market = t.market AND q.feed = t.feed AND q.day < t.before AND q.day >= t.before - $6::int
        ORDER BY q.day DESC, ${TOLD} DESC, q.revision DESC
      ) s WHERE NOT s.void AND ${TRUSTED('s')} LIMIT $5
    ) h ORDER BY t.n, h.day`,
    values: [...columns(series), series.map(({ before }) => before), most, days],
  })
  return result.rows
}

/** The same of what counts at the market, whichever source said it: for who reports there for the first time. */
export async function countingPastOf(
  database: Database,
  series: readonly (Omit<Series, 'feed'> & { before: string })[],
  { most, days }: { most: number; days: number },
): Promise<PastPrice[]> {
  if (series.length === 0) return []
  const result = await database.query<PastPrice>({
    name: 'quality-counting-past',
    text: `
    SELECT (t.n - 1)::int AS n, h.day, h.price
    FROM unnest($1::text[], $2::text[], $3::date[]) WITH ORDINALITY AS t(commodity, market, before, n)
    CROSS JOIN LATERAL (
      SELECT p.day, p.price FROM market_price p
      WHERE p.commodity = t.commodity AND p.market = t.market AND p.day < t.before AND p.day >= t.before - $5::int AND ${TRUSTED('p')}
      ORDER BY p.day DESC LIMIT $4
    ) h ORDER BY t.n, h.day`,
    values: [
      series.map(({ commodity }) => commodity),
      series.map(({ market }) => market),
      series.map(({ before }) => before),
      most,
      days,
    ],
  })
  return result.rows
}

/** Newest prices of all places of the city on each day, or of the week before it, by commodity. */
export async function othersOn(
  database: Database,
  pairs: readonly { commodity: string; day: string }[],
): Promise<{ commodity: string; day: string; market: string; price: number }[]> {
  const result = await database.query<{ commodity: string; day: string; market: string; price: number }>({
    name: 'quality-others',
    text: `
    SELECT DISTINCT ON (t.commodity, t.day, p.market) t.commodity, t.day, p.market, p.price
    FROM unnest($1::text[], $2::date[]) AS t(commodity, day)
      JOIN market_price p ON p.commodity = t.commodity AND p.day BETWEEN t.day - 7 AND t.day AND p.status <> 'imputed'
      JOIN market m ON m.code = p.market AND m.level = 'market'
    ORDER BY t.commodity, t.day, p.market, p.day DESC`,
    values: [pairs.map(({ commodity }) => commodity), pairs.map(({ day }) => day)],
  })
  return result.rows
}

/** How many other markets had more than one price between two days. */
export async function movedSince(
  database: Database,
  { commodity, market, from, to }: { commodity: string; market: string; from: string; to: string },
): Promise<number> {
  const result = await database.query<{ moved: number }>({
    name: 'quality-moved',
    text: `SELECT count(*)::int AS moved FROM (
        SELECT p.market FROM market_price p JOIN market m ON m.code = p.market AND m.level = 'market'
        WHERE p.commodity = $1 AND p.market <> $2 AND p.day BETWEEN $3 AND $4
        GROUP BY p.market HAVING min(p.price) <> max(p.price)) moved`,
    values: [commodity, market, from, to],
  })
  return result.rows[0]?.moved ?? 0
}

/** Median of the city's medians in the week before and after each given day. */
export async function cityAround(
  database: Database,
  centres: readonly { commodity: string; day: string }[],
): Promise<{ commodity: string; day: string; median: number }[]> {
  if (centres.length === 0) return []
  const result = await database.query<{ commodity: string; day: string; median: number }>({
    name: 'quality-season',
    text: `
    SELECT t.commodity, t.day, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY c.median))::int AS median
    FROM unnest($1::text[], $2::date[]) AS t(commodity, day)
      JOIN quote_day_city c ON c.commodity = t.commodity AND c.day BETWEEN t.day - 7 AND t.day + 7
    GROUP BY t.commodity, t.day`,
    values: [centres.map(({ commodity }) => commodity), centres.map(({ day }) => day)],
  })
  return result.rows
}
