import type { PoolClient } from 'pg'
import type { Quote, QuoteStatus } from '#contract/price.ts'
import type { Touched } from './figures.ts'
import { lockedMonths } from './locked.ts'
import { TOLD } from './told.ts'

/** A validated price: codes of ours, rupiah per canonical unit. */
export interface QuoteRow {
  market: string
  commodity: string
  day: string
  price: number
  status: QuoteStatus
  feed: number
  reportedAt: Date | null
  /** the person who said it, and why */
  author?: string
  reason?: string
  /** withdrawn: there is no price, and `price` is what stood before */
  void?: boolean
}
/**
 * accepted: a new price or a revision; unchanged: newly reported, the same as the last day's;
 * duplicate: the value in force at its time already, or what its source said before a person corrected it;
 * locked: its month is closed.
 */
export type QuoteOutcome = 'accepted' | 'unchanged' | 'duplicate' | 'locked'
export interface StoredQuotes {
  outcomes: QuoteOutcome[]
  quotes: Quote[]
  /** whose figures must be renewed */
  touched: Touched[]
}

/**
 * Stores quotes of one request inside the caller's transaction; a changed value of the same key is a new revision.
 * A source that says when it reported has each row judged by that time: one that comes late is kept and does not undo
 * what was reported after it. Rows without a time speak of now, and those that repeat the last revisions in order
 * bring nothing new. What a person corrected stands until its source says something else than what was corrected.
 */
export async function storeQuotes(
  client: PoolClient,
  rows: readonly QuoteRow[],
  now: Date,
): Promise<StoredQuotes> {
  const outcomes: QuoteOutcome[] = new Array<QuoteOutcome>(rows.length).fill('duplicate')
  const stored: StoredQuotes = { outcomes, quotes: [], touched: [] }
  if (rows.length === 0) return stored
  await lockQuotes(client)
  const locked = await lockedMonths(
    client,
    rows.map(({ day }) => day),
  )
  const repeated = await repeatedKeys(client, rows)
  const waves = wavesOf(rows)
  for (const wave of waves)
    await storeWave(
      client,
      rows,
      wave.filter((place) => !repeated.has(keyOf(rows[place] as QuoteRow))),
      { now, locked: [...locked] },
      stored,
    )
  return stored
}

/** One writer at a time, so that two batches cannot give out the same revision and no month closes under one. */
export async function lockQuotes(client: PoolClient): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('quotes'))`)
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
  { now, locked }: { now: Date; locked: string[] },
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
      FROM unnest($1::date[], $2::text[], $3::text[], $4::smallint[], $5::int[], $6::quote_status[], $7::timestamptz[],
        $9::text[], $10::text[], $11::boolean[]) WITH ORDINALITY AS i(day, market, commodity, feed, price, status, reported_at, author, reason, void, n)
    ), placed AS MATERIALIZED (
      SELECT i.*, (force.price, force.status, force.void) IS DISTINCT FROM (i.price, i.status, i.void) AS fresh,
        to_char(i.day, 'YYYY-MM') = ANY ($12::text[]) AS locked, coalesce(known.last, 0) + 1 AS revision,
        known.told IS NULL OR i.told >= known.told AS current,
        (SELECT price FROM quote q WHERE q.commodity = i.commodity AND q.market = i.market AND q.feed = i.feed AND q.day < i.day
          AND q.day >= i.day - 14 ORDER BY day DESC, ${TOLD} DESC, revision DESC LIMIT 1) AS before
      FROM input i LEFT JOIN LATERAL (
        SELECT price, status, void FROM quote q
        WHERE q.day = i.day AND q.commodity = i.commodity AND q.market = i.market AND q.feed = i.feed AND ${TOLD} <= i.told
          AND (i.author IS NOT NULL OR q.status <> 'corrected' AND NOT q.void)
        ORDER BY ${TOLD} DESC, revision DESC LIMIT 1) force ON true
      LEFT JOIN LATERAL (
        SELECT max(revision) AS last, max(${TOLD}) AS told FROM quote q
        WHERE q.day = i.day AND q.commodity = i.commodity AND q.market = i.market AND q.feed = i.feed) known ON true
    ), added AS (
      INSERT INTO quote (day, market, commodity, feed, revision, price, status, reported_at, received_at, author, reason, void)
      SELECT day, market, commodity, feed, revision, price, status, reported_at, $8, author, reason, void FROM placed WHERE fresh AND NOT locked
    )
    SELECT p.n::int AS n, revision, current, f.id AS feed_id, f.demo,
      CASE WHEN locked THEN 'locked' WHEN revision = 1 AND before = price THEN 'unchanged' ELSE 'accepted' END AS outcome
    FROM placed p JOIN feed f ON f.number = p.feed WHERE fresh`,
    values: [
      wave.map((row) => row.day),
      wave.map((row) => row.market),
      wave.map((row) => row.commodity),
      wave.map((row) => row.feed),
      wave.map((row) => row.price),
      wave.map((row) => row.status),
      wave.map((row) => row.reportedAt),
      now,
      wave.map((row) => row.author ?? null),
      wave.map((row) => row.reason ?? null),
      wave.map((row) => row.void ?? false),
      locked,
    ],
  })
  for (const { n, outcome, revision, current, feed_id, demo } of result.rows) {
    const row = wave[n - 1] as QuoteRow
    stored.outcomes[places[n - 1] as number] = outcome
    if (outcome === 'locked' || !current) continue
    const { market, commodity, day, price, status, feed } = row
    if (row.void !== true)
      stored.quotes.push({ market, commodity, day, price, status, revision, feed: feed_id, demo })
    stored.touched.push({ day, commodity, market, feed })
  }
}
