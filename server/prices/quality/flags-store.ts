import type { Pool, PoolClient } from 'pg'
import type { Finding, Flag, FlagReport, Outcome } from '#contract/quality.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { CityPack } from '../../cities/index.ts'
import { storableJson } from '../../database/text.ts'
import { commodityOf, marketOf } from '../naming.ts'
import { TOLD } from '../told.ts'
import type { Place } from './contexts.ts'

/** Keeps findings of prices. What was found before stays as it is, with what became of it. */
export async function keepFlags(
  client: Pool | PoolClient,
  found: readonly (Place & { price: number; findings: readonly Finding[] })[],
  now: Date,
): Promise<void> {
  const rows = found.flatMap(({ findings, ...place }) =>
    findings.map((finding) => ({ ...place, ...finding })),
  )
  if (rows.length === 0) return
  await client.query({
    name: 'quality-keep',
    text: `INSERT INTO quality_flag (day, commodity, market, feed, price, check_name, severity, facts, raised_at)
      SELECT t.day, t.commodity, t.market, t.feed, t.price, t.check_name, t.severity, t.facts::jsonb, $9
      FROM unnest($1::date[], $2::text[], $3::text[], $4::smallint[], $5::int[], $6::text[], $7::text[], $8::text[])
        AS t(day, commodity, market, feed, price, check_name, severity, facts)
      ON CONFLICT (commodity, day, market, feed, check_name, price) DO NOTHING`,
    values: [
      rows.map((row) => row.day),
      rows.map((row) => row.commodity),
      rows.map((row) => row.market),
      rows.map((row) => row.feed),
      rows.map((row) => row.price),
      rows.map((row) => row.check),
      rows.map((row) => row.severity),
      rows.map((row) => JSON.stringify(row.facts)),
      now,
    ],
  })
}

/**
 * What was found in a value that its source has replaced or withdrawn since, or that somebody corrected, was right: it is
 * settled as an error, in the name of whoever did so.
 */
export async function settleReplaced(
  client: Pool | PoolClient,
  places: readonly Place[],
  now: Date,
): Promise<void> {
  await client.query({
    name: 'quality-settle-replaced',
    text: `
    UPDATE quality_flag g SET outcome = 'error', outcome_by = coalesce(said.author, said.title), outcome_at = $5
    FROM (
      SELECT t.*, f.title, l.* FROM unnest($1::text[], $2::text[], $3::smallint[], $4::date[]) AS t(commodity, market, feed, day)
      JOIN feed f ON f.number = t.feed
      CROSS JOIN LATERAL (
        SELECT q.price, q.void, q.author, q.received_at FROM quote q
        WHERE q.day = t.day AND q.commodity = t.commodity AND q.market = t.market AND q.feed = t.feed
        ORDER BY ${TOLD} DESC, q.revision DESC LIMIT 1
      ) l
    ) said
    WHERE g.commodity = said.commodity AND g.market = said.market AND g.feed = said.feed AND g.day = said.day
      AND g.outcome IS NULL AND g.raised_at <= said.received_at AND (said.void OR g.price <> said.price)`,
    values: [
      places.map(({ commodity }) => commodity),
      places.map(({ market }) => market),
      places.map(({ feed }) => feed),
      places.map(({ day }) => day),
      now,
    ],
  })
}

interface FlagRow extends Omit<Flag, 'market' | 'commodity' | 'raisedAt' | 'outcomeAt'> {
  market: string
  commodity: string
  raisedAt: Date
  outcomeAt: Date | null
}
const SELECT = `SELECT g.id, g.check_name AS check, g.severity, g.facts, g.day, g.market, g.commodity, f.id AS feed, g.price,
  g.raised_at AS "raisedAt", g.outcome, g.outcome_by AS "outcomeBy", g.outcome_at AS "outcomeAt", g.note
  FROM quality_flag g JOIN feed f ON f.number = g.feed`

const MOST_FLAGS = 1_000

export interface FlagFilter {
  from: string
  to: string
  open?: boolean | undefined
  market?: string | undefined
  commodity?: string | undefined
  check?: string | undefined
}

/** Findings between two days, the newest day and the gravest first; at most a thousand. */
export async function listFlags(pool: Pool, pack: CityPack, filter: FlagFilter): Promise<Flag[]> {
  const result = await pool.query<FlagRow>({
    name: 'quality-list',
    text: `${SELECT} WHERE g.day BETWEEN $1 AND $2 AND ($3::boolean IS NOT TRUE OR g.outcome IS NULL)
        AND ($4::text IS NULL OR g.market = $4) AND ($5::text IS NULL OR g.commodity = $5) AND ($6::text IS NULL OR g.check_name = $6)
      ORDER BY g.day DESC, array_position(ARRAY['error', 'warning', 'info'], g.severity), g.id DESC LIMIT ${MOST_FLAGS}`,
    values: [
      filter.from,
      filter.to,
      filter.open ?? null,
      filter.market ?? null,
      filter.commodity ?? null,
      filter.check ?? null,
    ],
  })
  return result.rows.flatMap((row) => named(row, pack))
}

/** What a verifier found of a finding; undefined where there is none of that id. The audit keeps what it was before. */
export async function settleFlag(
  client: PoolClient,
  pack: CityPack,
  id: number,
  { outcome, note, viewer, now }: { outcome: Outcome; note: string; viewer: KnownViewer; now: Date },
): Promise<Flag | undefined> {
  const before = await client.query<{ outcome: Outcome | null }>(
    'SELECT outcome FROM quality_flag WHERE id = $1 FOR UPDATE',
    [id],
  )
  if (before.rows[0] === undefined) return undefined
  await client.query(
    'UPDATE quality_flag SET outcome = $2, note = $3, outcome_by = $4, outcome_at = $5 WHERE id = $1',
    [id, outcome, note, viewer.name, now],
  )
  await client.query(
    `INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, 'flag-settled', $3, $4)`,
    [now, viewer.actor, String(id), storableJson({ before: before.rows[0].outcome, after: outcome, note })],
  )
  const result = await client.query<FlagRow>({ text: `${SELECT} WHERE g.id = $1`, values: [id] })
  return result.rows.flatMap((row) => named(row, pack))[0]
}

/** A commodity or market that has left the city's pack has no name any more, and its findings are not shown. */
function named({ market, commodity, raisedAt, outcomeAt, ...row }: FlagRow, pack: CityPack): Flag[] {
  const place = pack.markets.find(({ code }) => code === market)
  const goods = pack.commodities.find(({ code }) => code === commodity)
  if (place === undefined || goods === undefined) return []
  return [
    {
      ...row,
      market: marketOf(place),
      commodity: commodityOf(goods),
      raisedAt: raisedAt.toISOString(),
      outcomeAt: outcomeAt?.toISOString() ?? null,
    },
  ]
}

/** How often each check spoke between two days, and how often it was right. */
export async function reportFlags(pool: Pool, from: string, to: string): Promise<FlagReport['checks']> {
  const result = await pool.query<FlagReport['checks'][number]>({
    name: 'quality-report',
    text: `SELECT check_name AS check, count(*)::int AS raised, (count(*) FILTER (WHERE outcome IS NULL))::int AS open,
        (count(*) FILTER (WHERE outcome = 'error'))::int AS error,
        (count(*) FILTER (WHERE outcome = 'genuine'))::int AS genuine,
        (count(*) FILTER (WHERE outcome = 'false-alarm'))::int AS "falseAlarm"
      FROM quality_flag WHERE day BETWEEN $1 AND $2 GROUP BY check_name ORDER BY raised DESC, check_name`,
    values: [from, to],
  })
  return result.rows
}
