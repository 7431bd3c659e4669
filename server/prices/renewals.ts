import { cityFigures, counting } from './counting.ts'

/**
 * SQL that renews what is derived from quotes, for figures.ts and the bulk import. `touched` is a query of day, commodity
 * and market (distinct), `pairs` one of day and commodity (distinct).
 */

/**
 * What counts of the touched markets.
 * @param between two SQL expressions: the first and the last touched day
 * @param gone whether something may have been withdrawn, so that nothing counts any more
 */
export const marketRenewal = (
  touched: string,
  [first, last]: readonly [string, string],
  { gone }: { gone: boolean },
): string => `
  WITH touched AS MATERIALIZED (${touched}),
  ${counting(`FROM touched t JOIN quote q ON q.day = t.day AND q.commodity = t.commodity AND q.market = t.market
    WHERE q.day BETWEEN ${first} AND ${last}`)}${gone ? GONE : ''}
  INSERT INTO market_price AS p (commodity, day, market, price, status, feed, revision)
  SELECT commodity, day, market, price, status, feed, revision FROM best
  ON CONFLICT (commodity, day, market) DO UPDATE SET price = excluded.price, status = excluded.status,
    feed = excluded.feed, revision = excluded.revision
  WHERE (p.price, p.status, p.feed, p.revision)
    IS DISTINCT FROM (excluded.price, excluded.status, excluded.feed, excluded.revision)`

const GONE = `, gone AS (
    DELETE FROM market_price p USING touched t WHERE p.day = t.day AND p.commodity = t.commodity AND p.market = t.market
      AND NOT EXISTS (SELECT FROM best b WHERE b.day = t.day AND b.commodity = t.commodity AND b.market = t.market)
  )`

/** The city's figures of the touched days; returns them. */
export const cityRenewal = (pairs: string): string => `
  WITH pairs AS MATERIALIZED (${pairs}),
  prices AS MATERIALIZED (SELECT p.* FROM pairs JOIN market_price p USING (commodity, day)),
  figures AS MATERIALIZED (${cityFigures('prices')}),
  emptied AS (
    DELETE FROM quote_day_city c USING pairs p WHERE c.day = p.day AND c.commodity = p.commodity
      AND NOT EXISTS (SELECT FROM figures f WHERE f.day = p.day AND f.commodity = p.commodity)
  )
  INSERT INTO quote_day_city (day, commodity, median, low, high, q1, q3, trimmed, markets, demo)
  SELECT day, commodity, median, low, high, q1, q3, trimmed, markets, demo FROM figures
  ON CONFLICT (commodity, day) DO UPDATE SET median = excluded.median, low = excluded.low, high = excluded.high,
    q1 = excluded.q1, q3 = excluded.q3, trimmed = excluded.trimmed, markets = excluded.markets, demo = excluded.demo
  RETURNING day, commodity, median, low, high, markets, demo`

/**
 * A row that stands already is written again: whoever works the queue off meanwhile waits for this transaction or leaves
 * the row alone, so that no change is taken for counted before it can be seen.
 */
export const indicatorsDue = (pairs: string): string => `
  INSERT INTO indicator_due (day, commodity) SELECT day, commodity FROM (${pairs}) AS p ORDER BY 2, 1
  ON CONFLICT (commodity, day) DO UPDATE SET day = excluded.day`

/** @param checked a query of day, commodity, market and feed */
export const checksDue = (checked: string): string => `
  INSERT INTO quality_due (day, commodity, market, feed)
  SELECT day, commodity, market, feed FROM (${checked}) AS p ORDER BY 2, 3, 1, 4
  ON CONFLICT (commodity, market, day, feed) DO UPDATE SET day = excluded.day`
