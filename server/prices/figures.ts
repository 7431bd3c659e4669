import type { Pool, PoolClient } from 'pg'
import type { CityPriceOf } from '#contract/live.ts'
import { cityFigures, counting } from './counting.ts'

/** A value that changed: of which source. */
export interface Touched {
  day: string
  commodity: string
  market: string
  feed: number
}

/**
 * Renews what is derived from the given values: what counts of the market, the city's figures of the day and those of
 * province and producers. Tells the queues of indicators and of quality checks what changed, in the same transaction.
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
  const days = values.map(({ day }) => day).sort()
  await client.query({
    name: 'market-price',
    text: `
    WITH touched AS MATERIALIZED (SELECT * FROM unnest($1::date[], $2::text[], $3::text[]) AS t(day, commodity, market)),
    ${counting(`FROM touched t JOIN quote q ON q.day = t.day AND q.commodity = t.commodity AND q.market = t.market
      WHERE q.day BETWEEN $4 AND $5`)},
    gone AS (
      DELETE FROM market_price p USING touched t WHERE p.day = t.day AND p.commodity = t.commodity AND p.market = t.market
        AND NOT EXISTS (SELECT FROM best b WHERE b.day = t.day AND b.commodity = t.commodity AND b.market = t.market)
    )
    INSERT INTO market_price AS p (commodity, day, market, price, status, feed, revision)
    SELECT commodity, day, market, price, status, feed, revision FROM best
    ON CONFLICT (commodity, day, market) DO UPDATE SET price = excluded.price, status = excluded.status,
      feed = excluded.feed, revision = excluded.revision
    WHERE (p.price, p.status, p.feed, p.revision)
      IS DISTINCT FROM (excluded.price, excluded.status, excluded.feed, excluded.revision)`,
    values: [
      values.map((one) => one.day),
      values.map((one) => one.commodity),
      values.map((one) => one.market),
      days[0],
      days[days.length - 1],
    ],
  })
  const city = await renewCity(client, pairs)
  await renewLevels(client, pairs)
  await tellQueues(client, pairs, check ? values : [])
  return city
}

const keyOf = ({ day, commodity, market, feed }: Touched) => `${day} ${commodity} ${market} ${feed}`

type Pair = Pick<Touched, 'day' | 'commodity'>
const columns = (pairs: readonly Pair[]) => [
  pairs.map(({ day }) => day),
  pairs.map(({ commodity }) => commodity),
]

async function renewCity(client: Pool | PoolClient, pairs: readonly Pair[]): Promise<CityPriceOf[]> {
  const result = await client.query<CityPriceOf>({
    name: 'quote-city',
    text: `
    WITH pairs AS MATERIALIZED (SELECT * FROM unnest($1::date[], $2::text[]) AS p(day, commodity)),
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
    RETURNING day, commodity, median, low, high, markets, demo`,
    values: columns(pairs),
  })
  return result.rows
}

async function renewLevels(client: Pool | PoolClient, pairs: readonly Pair[]): Promise<void> {
  await client.query({
    name: 'quote-level',
    text: `
    WITH pairs AS MATERIALIZED (SELECT * FROM unnest($1::date[], $2::text[]) AS p(day, commodity)),
    figures AS MATERIALIZED (
      SELECT m.level, p.commodity, p.day, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY p.price))::int AS median,
        min(p.price) AS low, max(p.price) AS high, count(*)::smallint AS places
      FROM pairs JOIN market_price p USING (commodity, day) JOIN market m ON m.code = p.market
      WHERE m.level IN ('province', 'producer') AND p.status <> 'imputed' GROUP BY m.level, p.commodity, p.day
    ), emptied AS (
      DELETE FROM level_price_day l USING pairs p WHERE l.day = p.day AND l.commodity = p.commodity
        AND NOT EXISTS (SELECT FROM figures f WHERE f.level = l.level AND f.day = p.day AND f.commodity = p.commodity)
    )
    INSERT INTO level_price_day SELECT level, commodity, day, median, low, high, places FROM figures
    ON CONFLICT (level, commodity, day) DO UPDATE SET median = excluded.median, low = excluded.low, high = excluded.high,
      places = excluded.places`,
    values: columns(pairs),
  })
}

/**
 * A row that stands already is written again: whoever works the queue off meanwhile waits for this transaction or leaves
 * the row alone, so that no change is taken for counted before it can be seen.
 */
async function tellQueues(
  client: Pool | PoolClient,
  pairs: readonly Pair[],
  checked: readonly Touched[],
): Promise<void> {
  await client.query({
    name: 'indicator-due',
    text: `INSERT INTO indicator_due (day, commodity) SELECT * FROM unnest($1::date[], $2::text[]) AS p(day, commodity) ORDER BY 2, 1
      ON CONFLICT (commodity, day) DO UPDATE SET day = excluded.day`,
    values: columns(pairs),
  })
  if (checked.length === 0) return
  await client.query({
    name: 'quality-due',
    text: `INSERT INTO quality_due (day, commodity, market, feed)
      SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::smallint[]) AS p(day, commodity, market, feed) ORDER BY 2, 3, 1, 4
      ON CONFLICT (commodity, market, day, feed) DO UPDATE SET day = excluded.day`,
    values: [...columns(checked), checked.map(({ market }) => market), checked.map(({ feed }) => feed)],
  })
}
