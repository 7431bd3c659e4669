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
 * duplicate: the value in force at its time already.
 */
export type QuoteOutcome = 'accepted' | 'unchanged' | 'duplicate'
export interface StoredQuotes {
  outcomes: QuoteOutcome[]
  quotes: Quote[]
  /** (day, commodity) pairs whose city figure must be renewed */
  touched: { day: string; commodity: string }[]
}

/** When a revision was said: the source's own time, or that at which it came in. What was said last is in force. */
export const TOLD = 'coalesce(q.reported_at, q.received_at)'

/**
 * Stores quotes of one request inside the caller's transaction; a changed value of the same key is a new revision.
 * A source that says when it reported has each row judged by that time: one that comes late is kept and does not undo
 * what was reported after it. Rows without a time speak of now, and those that repeat the last revisions in order
 * bring nothing new.
 */
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
  const repeated = await repeatedKeys(client, rows)
  const waves = wavesOf(rows)
  for (const wave of waves)
    await storeWave(
      client,
      rows,
      wave.filter((place) => !repeated.has(keyOf(rows[place] as QuoteRow))),
      now,
      stored,
    )
  return stored
}

const keyOf = ({ day, market, commodity, feed }: QuoteRow) => `${day} ${market} ${commodity} ${feed}`

/** Keys that stand several times in the request without a time, with just the values of their last revisions, in order. */
async function repeatedKeys(client: PoolClient, rows: readonly QuoteRow[]): Promise<Set<string>> {
  const byKey = new Map<string, QuoteRow[]>()
  for (const row of rows) byKey.set(keyOf(row), [...(byKey.get(keyOf(row)) ?? []), row])
  const several = [...byKey].filter(
    ([, given]) => given.length > 1 && given.every(({ reportedAt }) => reportedAt === null),
  )
  const repeated = new Set<string>()
  for (const [key, given] of several) {
    const { day, commodity, market, feed } = given[0] as QuoteRow
    const values = given.map(({ price, status }) => `${price} ${status}`)
    // The same value twice in a row is one revision.
    const revisions = values.filter((value, index) => value !== values[index - 1])
    const last = await client.query<{ value: string }>(
      `SELECT price || ' ' || status AS value FROM quote WHERE day = $1 AND commodity = $2 AND market = $3 AND feed = $4
       ORDER BY revision DESC LIMIT $5`,
      [day, commodity, market, feed, revisions.length],
    )
    if (
      last.rows
        .map(({ value }) => value)
        .reverse()
        .join() === revisions.join()
    )
      repeated.add(key)
  }
  return repeated
}

/** Places of rows, so that within a wave no key stands twice: a batch that corrects itself keeps both values in order. */
function wavesOf(rows: readonly QuoteRow[]): number[][] {
  const met = new Map<string, number>()
  const waves: number[][] = []
  rows.forEach((row, place) => {
    const key = keyOf(row)
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
  if (places.length === 0) return
  const wave = places.map((place) => rows[place] as QuoteRow)
  const result = await client.query<{
    n: number
    outcome: QuoteOutcome
    revision: number
    current: boolean
    feed_id: string
    demo: boolean
  }>({
    name: 'quote-append',
    text: `
    WITH input AS MATERIALIZED (
      SELECT *, coalesce(reported_at, $8) AS told
      FROM unnest($1::date[], $2::text[], $3::text[], $4::smallint[], $5::int[], $6::quote_status[], $7::timestamptz[])
        WITH ORDINALITY AS i(day, market, commodity, feed, price, status, reported_at, n)
    ), placed AS MATERIALIZED (
      SELECT i.*, force.price AS force_price, force.status AS force_status, coalesce(known.last, 0) + 1 AS revision,
        known.told IS NULL OR i.told >= known.told AS current,
        (SELECT price FROM quote q WHERE q.commodity = i.commodity AND q.market = i.market AND q.feed = i.feed AND q.day < i.day
          AND q.day >= i.day - 14 ORDER BY day DESC, ${TOLD} DESC, revision DESC LIMIT 1) AS before
      FROM input i LEFT JOIN LATERAL (
        SELECT price, status FROM quote q
        WHERE q.day = i.day AND q.commodity = i.commodity AND q.market = i.market AND q.feed = i.feed AND ${TOLD} <= i.told
        ORDER BY ${TOLD} DESC, revision DESC LIMIT 1) force ON true
      LEFT JOIN LATERAL (
        SELECT max(revision) AS last, max(${TOLD}) AS told FROM quote q
        WHERE q.day = i.day AND q.commodity = i.commodity AND q.market = i.market AND q.feed = i.feed) known ON true
    ), added AS (
      INSERT INTO quote (day, market, commodity, feed, revision, price, status, reported_at, received_at)
      SELECT day, market, commodity, feed, revision, price, status, reported_at, $8 FROM placed
      WHERE force_price IS DISTINCT FROM price OR force_status IS DISTINCT FROM status
    )
    SELECT p.n::int AS n, revision, current, f.id AS feed_id, f.demo,
      CASE WHEN revision = 1 AND before = price THEN 'unchanged' ELSE 'accepted' END AS outcome
    FROM placed p JOIN feed f ON f.number = p.feed
    WHERE force_price IS DISTINCT FROM price OR force_status IS DISTINCT FROM status`,
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
  for (const { n, outcome, revision, current, feed_id, demo } of result.rows) {
    const row = wave[n - 1] as QuoteRow
    stored.outcomes[places[n - 1] as number] = outcome
    if (!current) continue
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
    said AS (
      SELECT DISTINCT ON (q.day, q.commodity, q.market, q.feed) q.day, q.commodity, q.market, q.feed, q.price, q.status, m.level
      FROM pairs p JOIN quote q USING (day, commodity) JOIN market m ON m.code = q.market
      WHERE m.level IN ('market', 'city')
      ORDER BY q.day, q.commodity, q.market, q.feed, ${TOLD} DESC, q.revision DESC
    ), best AS (
      SELECT DISTINCT ON (day, commodity, market) day, commodity, market, price, level, f.demo
      FROM said JOIN feed f ON f.number = said.feed WHERE status <> 'imputed'
      ORDER BY day, commodity, market, f.priority DESC, f.number
    ), chosen AS (
      SELECT * FROM best b WHERE level = 'market'
        OR NOT EXISTS (SELECT 1 FROM best o WHERE o.day = b.day AND o.commodity = b.commodity AND o.level = 'market')
    ), emptied AS (
      DELETE FROM quote_day_city c USING pairs p WHERE c.day = p.day AND c.commodity = p.commodity
        AND NOT EXISTS (SELECT FROM chosen o WHERE o.day = p.day AND o.commodity = p.commodity)
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
