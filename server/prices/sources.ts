import type { Pool } from 'pg'
import type { PriceSource, SourceComparison } from '#contract/prices.ts'
import type { CityPack } from '../cities/index.ts'
import { withTransaction } from '../database/pool.ts'
import { AppError } from '../errors.ts'
import { renewContested } from './contested.ts'
import { commodityOf } from './naming.ts'
import { lockQuotes } from './store.ts'
import { TOLD } from './told.ts'

/** The sources of prices, the most trusted first. */
export async function readSources(pool: Pool): Promise<PriceSource[]> {
  const result = await pool.query<PriceSource>({
    name: 'price-sources',
    text: `SELECT f.id AS feed, f.title, f.kind, f.priority, f.demo, d.first AS "firstDay", d.latest AS "latestDay"
      FROM feed f CROSS JOIN LATERAL (SELECT min(day) AS first, max(day) AS latest FROM quote q WHERE q.feed = f.number) d
      WHERE f.domain = 'prices' AND (f.enabled OR d.latest IS NOT NULL) ORDER BY f.priority DESC, f.number`,
  })
  return result.rows
}

interface ComparedRow {
  feed: string
  level: string
  day: string
  price: number
  markets: number
  median: number | null
  counting: boolean
}

/**
 * What each source says of a commodity: the median over its markets where it names markets, else its own figure of the
 * level, beside the city's figure that counts. Undefined where the city's pack has no such commodity.
 */
export async function compareSources(
  pool: Pool,
  pack: CityPack,
  code: string,
  from: string,
  to: string,
): Promise<SourceComparison | undefined> {
  const commodity = pack.commodities.find((one) => one.code === code)
  if (commodity === undefined) return undefined
  const [sources, compared] = await Promise.all([
    readSources(pool),
    pool.query<ComparedRow>({
      name: 'price-compare-sources',
      text: `
      WITH said AS (
        SELECT DISTINCT ON (q.day, q.market, q.feed) q.day, q.market, q.feed, q.price, q.void
        FROM quote q WHERE q.commodity = $1 AND q.day BETWEEN $2 AND $3
        ORDER BY q.day, q.market, q.feed, ${TOLD} DESC, q.revision DESC
      ), sources AS (
        SELECT s.feed, m.level, s.day, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY s.price))::int AS price,
          count(*)::int AS markets, bool_or(p.feed IS NOT NULL) AS counting
        FROM said s JOIN market m ON m.code = s.market AND m.level <> 'producer'
          LEFT JOIN market_price p ON p.commodity = $1 AND p.day = s.day AND p.market = s.market AND p.feed = s.feed
        WHERE NOT s.void GROUP BY s.feed, m.level, s.day
      )
      SELECT f.id AS feed, s.level, s.day, s.price, s.markets, c.median,
        s.counting AND (s.level = 'market' OR s.level = 'city' AND c.markets = 0) AS counting
      FROM sources s JOIN feed f ON f.number = s.feed LEFT JOIN quote_day_city c ON c.commodity = $1 AND c.day = s.day
      ORDER BY f.priority DESC, f.number, s.level, s.day`,
      values: [code, from, to],
    }),
  ])
  const known = new Map(sources.map((source) => [source.feed, source]))
  const groups = new Map<string, ComparedRow[]>()
  for (const row of compared.rows) {
    const key = `${row.feed} ${row.level}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return {
    commodity: commodityOf(commodity),
    from,
    to,
    sources: [...groups.values()].flatMap((rows) => {
      const source = known.get(rows[0]?.feed ?? '')
      return source === undefined ? [] : [comparisonOf(source, rows)]
    }),
  }
}

function comparisonOf(
  source: PriceSource,
  rows: readonly ComparedRow[],
): SourceComparison['sources'][number] {
  const shared = rows.flatMap(({ day, price, median }) =>
    median === null ? [] : [{ day, price, counts: median, difference: (price - median) / median }],
  )
  return {
    source,
    level: rows[0]?.level ?? '',
    points: rows.map(({ day, price, markets }) => ({ day, price, markets })),
    latest: shared[shared.length - 1] ?? null,
    meanDifference:
      shared.length === 0
        ? null
        : shared.reduce((sum, { difference }) => sum + difference, 0) / shared.length,
    daysShared: shared.length,
    daysCounting: rows.filter(({ counting }) => counting).length,
  }
}

/** Priorities are spread between these, so that a source that is added later finds its place. */
const [HIGHEST, LOWEST] = [100, 1]

/**
 * Sets which source counts before which, and renews what differs by it, but for closed months.
 * @param order ids of all sources, the most trusted first; throws 'bad-input' where one is missing or unknown
 */
export async function orderSources(
  pool: Pool,
  order: readonly string[],
  actor: string,
  now: Date,
): Promise<void> {
  const before = (await readSources(pool)).map(({ feed }) => feed)
  const missing = before.find((feed) => !order.includes(feed))
  const unknown = order.find((feed) => !before.includes(feed))
  if (missing !== undefined || unknown !== undefined || new Set(order).size !== order.length)
    throw new AppError('bad-input', 'The order must name every source once.', {
      field: 'order',
      expected: `each of ${before.join(', ')} once`,
    })
  if (order.join('\n') === before.join('\n')) return
  await withTransaction(pool, async (client) => {
    await lockQuotes(client)
    const step = (HIGHEST - LOWEST) / Math.max(1, order.length - 1)
    await client.query(
      'UPDATE feed f SET priority = t.priority FROM unnest($1::text[], $2::smallint[]) AS t(id, priority) WHERE f.id = t.id',
      [order, order.map((_, index) => Math.round(HIGHEST - index * step))],
    )
    await client.query(
      `INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, 'sources-ordered', 'prices', $3)`,
      [now, actor, JSON.stringify({ before, after: order })],
    )
    await renewContested(client)
  })
}
