import type { Pool, PoolClient } from 'pg'
import type { Quote, QuoteStatus } from '#contract/model.ts'
import type { CityPriceOf } from '#contract/live.ts'

/** A validated price: codes of ours, rupiah per canonical unit. */
export interface QuoteRow {
  market: string
  commodity: string
  day: string
  price: number
  status: QuoteStatus
  feed: number
  reportedAt: Date | null
}
/**
 * accepted: a new price or a revision; unchanged: newly reported, the same as the last day's;
 * duplicate: reported before with this very value.
 */
export type QuoteOutcome = 'accepted' | 'unchanged' | 'duplicate'
export interface StoredQuotes {
  outcomes: QuoteOutcome[]
  quotes: Quote[]
  /** (day, commodity) pairs whose city figure must be renewed */
  touched: { day: string; commodity: string }[]
}

/** Stores quotes inside the caller's transaction; a changed value of the same key is a new revision. */
export async function storeQuotes(
  client: PoolClient,
  rows: readonly QuoteRow[],
  now: Date,
): Promise<StoredQuotes> {
  const outcomes: QuoteOutcome[] = new Array<QuoteOutcome>(rows.length).fill('duplicate')
  const stored: StoredQuotes = { outcomes, quotes: [], touched: [] }
  if (rows.length === 0) return stored
  // One writer at a time, so that two batches cannot give out the same revision.
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('quotes'))`)
  for (const wave of wavesOf(rows)) await storeWave(client, rows, wave, now, stored)
  return stored
}

/** Places of rows, so that within a wave no key stands twice: a batch that corrects itself keeps both values in order. */
function wavesOf(rows: readonly QuoteRow[]): number[][] {
  const met = new Map<string, number>()
  const waves: number[][] = []
  rows.forEach((row, place) => {
    const key = `${row.day} ${row.market} ${row.commodity} ${row.feed}`
    const turn = met.get(key) ?? 0
    met.set(key, turn + 1)
    ;(waves[turn] ??= []).push(place)
  })
  return waves
}

async function storeWave(
  client: PoolClient,
  rows: readonly QuoteRow[],
  places: number[],
  now: Date,
  stored: StoredQuotes,
): Promise<void> {
  const wave = places.map((place) => rows[place] as QuoteRow)
  const result = await client.query<{
    n: number
    outcome: QuoteOutcome
    revision: number
    feed_id: string
    demo: boolean
  }>({
    name: 'quote-append',
    text: `
    WITH input AS MATERIALIZED (
      SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::smallint[], $5::int[], $6::quote_status[], $7::timestamptz[])
        WITH ORDINALITY AS i(day, market, commodity, feed, price, status, reported_at, n)
    ), placed AS MATERIALIZED (
      SELECT i.*, last.revision AS last_revision, last.price AS last_price, last.status AS last_status,
        (SELECT price FROM quote q WHERE q.commodity = i.commodity AND q.market = i.market AND q.feed = i.feed AND q.day < i.day
          AND q.day >= i.day - 14 ORDER BY day DESC, revision DESC LIMIT 1) AS before
      FROM input i LEFT JOIN LATERAL (
        SELECT revision, price, status FROM quote q
        WHERE q.day = i.day AND q.commodity = i.commodity AND q.market = i.market AND q.feed = i.feed
        ORDER BY revision DESC LIMIT 1) last ON true
    ), added AS (
      INSERT INTO quote (day, market, commodity, feed, revision, price, status, reported_at, received_at)
      SELECT day, market, commodity, feed, coalesce(last_revision, 0) + 1, price, status, reported_at, $8 FROM placed
      WHERE last_price IS DISTINCT FROM price OR last_status IS DISTINCT FROM status
    )
    SELECT p.n::int AS n, coalesce(last_revision, 0) + 1 AS revision, f.id AS feed_id, f.demo,
      CASE WHEN last_revision IS NULL AND before = price THEN 'unchanged' ELSE 'accepted' END AS outcome
    FROM placed p JOIN feed f ON f.number = p.feed
    WHERE last_price IS DISTINCT FROM price OR last_status IS DISTINCT FROM status`,
    values: [
      wave.map((row) => row.day),
      wave.map((row) => row.market),
      wave.map((row) => row.commodity),
      wave.map((row) => row.feed),
      wave.map((row) => row.price),
      wave.map((row) => row.status),
      wave.map((row) => row.reportedAt),
      now,
    ],
  })
  for (const { n, outcome, revision, feed_id, demo } of result.rows) {
    const row = wave[n - 1] as QuoteRow
    stored.outcomes[places[n - 1] as number] = outcome
    const { market, commodity, day, price, status } = row
    stored.quotes.push({ market, commodity, day, price, status, revision, feed: feed_id, demo })
    stored.touched.push({ day, commodity })
  }
}

/**
 * Renews the daily city figures of the given pairs: median, lowest and highest over the markets that reported, each
 * market by its most trusted source's last revision. Where no market reported, the figure that a portal gives for the
 * whole city stands in, with 0 markets. Imputed values do not count.
 */
export async function renewCityFigures(
  client: Pool | PoolClient,
  touched: readonly { day: string; commodity: string }[],
): Promise<CityPriceOf[]> {
  if (touched.length === 0) return []
  const pairs = [...new Map(touched.map((pair) => [`${pair.day} ${pair.commodity}`, pair])).values()]
  const result = await client.query<CityPriceOf>({
    name: 'quote-city',
    text: `
    WITH pairs AS (SELECT * FROM unnest($1::date[], $2::text[]) AS p(day, commodity)),
    best AS (
      SELECT DISTINCT ON (q.day, q.commodity, q.market) q.day, q.commodity, q.market, q.price, m.level, f.demo
      FROM pairs p JOIN quote q USING (day, commodity) JOIN market m ON m.code = q.market JOIN feed f ON f.number = q.feed
      WHERE m.level IN ('market', 'city') AND q.status <> 'imputed'
      ORDER BY q.day, q.commodity, q.market, f.priority DESC, q.feed, q.revision DESC
    ), chosen AS (
      SELECT * FROM best b WHERE level = 'market'
        OR NOT EXISTS (SELECT 1 FROM best o WHERE o.day = b.day AND o.commodity = b.commodity AND o.level = 'market')
    )
    INSERT INTO quote_day_city (day, commodity, median, low, high, markets, demo)
    SELECT day, commodity, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY price))::int, min(price), max(price),
      count(*) FILTER (WHERE level = 'market'), bool_or(demo)
    FROM chosen GROUP BY day, commodity
    ON CONFLICT (commodity, day) DO UPDATE SET median = excluded.median, low = excluded.low, high = excluded.high,
      markets = excluded.markets, demo = excluded.demo
    RETURNING day, commodity, median, low, high, markets, demo`,
    values: [pairs.map((pair) => pair.day), pairs.map((pair) => pair.commodity)],
  })
  return result.rows
}
