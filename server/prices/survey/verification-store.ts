import type { Pool, PoolClient } from 'pg'
import type { CheckName, Outcome, Severity } from '#contract/quality.ts'
import type { Verification } from '#contract/survey.ts'
import { CARRY_DAYS } from '../board.ts'
import { addDays, daysBetween } from '../days.ts'
import { listOf } from '../lists.ts'
import { groupBy } from '../naming.ts'
import { TOLD } from '../told.ts'
import type { Person } from './states.ts'

/** Days, both included, and the commodities that are asked for. */
export interface Span {
  from: string
  to: string
  commodities: readonly string[]
}
export interface Waiting {
  id: number
  market: string
  day: string
  officer: Person
}

/** Surveys with entries that wait for a verifier, and how many entries of which day wait to be published. */
export async function waitingSurveys(
  pool: Pool,
  from: string,
  to: string,
): Promise<{ surveys: Waiting[]; toPublish: Verification['toPublish'] }> {
  const result = await pool.query<
    Omit<Waiting, 'officer'> & {
      officer_id: number | null
      officer: string
      submitted: number
      verified: number
    }
  >({
    name: 'survey-waiting',
    text: `SELECT s.id, s.market, s.day, s.officer_id, s.officer, count(*) FILTER (WHERE e.state = 'submitted')::int AS submitted,
        count(*) FILTER (WHERE e.state = 'verified')::int AS verified
      FROM survey s JOIN survey_entry e ON e.survey_id = s.id
      WHERE s.day BETWEEN $1 AND $2 AND e.state IN ('submitted', 'verified') GROUP BY s.id`,
    values: [from, to],
  })
  return {
    surveys: result.rows
      .filter(({ submitted }) => submitted > 0)
      .map(({ id, market, day, officer_id, officer }) => ({
        id,
        market,
        day,
        officer: { id: officer_id, name: officer },
      })),
    toPublish: [...groupBy(result.rows, ({ day }) => day)]
      .map(([day, rows]) => ({ day, entries: rows.reduce((sum, { verified }) => sum + verified, 0) }))
      .filter(({ entries }) => entries > 0)
      .sort((a, b) => (a.day < b.day ? -1 : 1)),
  }
}

/** What counts at a market: one place for each day that was asked for, the oldest first; null: no price. */
export type MarketSeries = (number | null)[]

/**
 * What counts of commodities at all places, by commodity and market. A commodity comes as one row of lists, since there
 * are tens of thousands of prices.
 */
export async function marketPrices(
  pool: Pool,
  { from, to, commodities }: Span,
): Promise<Map<string, Map<string, MarketSeries>>> {
  const result = await pool.query<{
    commodity: string
    markets: string[]
    offsets: number[]
    prices: number[]
  }>({
    name: 'survey-market-prices',
    text: `SELECT commodity, ${listOf('market')} AS markets, ${listOf('day - $1::date')} AS offsets, ${listOf('price')} AS prices
      FROM market_price WHERE commodity = ANY ($3::text[]) AND day BETWEEN $1 AND $2 AND status <> 'imputed' GROUP BY 1`,
    values: [from, to, commodities],
  })
  const days = daysBetween(from, to) + 1
  return new Map(
    result.rows.map(({ commodity, markets, offsets, prices }) => {
      const series = new Map<string, MarketSeries>()
      for (const [place, market] of markets.entries()) {
        const line = series.get(market) ?? new Array<number | null>(days).fill(null)
        line[offsets[place] ?? 0] = prices[place] ?? null
        series.set(market, line)
      }
      return [commodity, series]
    }),
  )
}

export interface SourceRow {
  commodity: string
  market: string
  day: string
  price: number
  /** of the source, with the place where it is not a market's price */
  title: string
  level: 'market' | 'city' | 'province'
}
/** What other sources say, each day's last word, the newest day first. */
export async function sourcePrices(
  pool: Pool,
  { from, to, commodities }: Span,
  surveyFeed: number,
): Promise<SourceRow[]> {
  const result = await pool.query<SourceRow>({
    name: 'survey-source-prices',
    text: `SELECT s.commodity, s.market, s.day, s.price, m.level,
        CASE WHEN m.level = 'market' THEN f.title ELSE f.title || ' · ' || m.name END AS title
      FROM (
        SELECT DISTINCT ON (q.day, q.commodity, q.market, q.feed) q.day, q.commodity, q.market, q.feed, q.price, q.void
        FROM quote q WHERE q.commodity = ANY ($3::text[]) AND q.day BETWEEN $1 AND $2 AND q.feed <> $4 AND q.status <> 'imputed'
        ORDER BY q.day, q.commodity, q.market, q.feed, ${TOLD} DESC, q.revision DESC
      ) s JOIN feed f ON f.number = s.feed JOIN market m ON m.code = s.market AND m.level IN ('market', 'city', 'province')
      WHERE NOT s.void ORDER BY s.day DESC, f.priority DESC, f.number, m.level`,
    values: [addDays(from, -CARRY_DAYS), to, commodities, surveyFeed],
  })
  return result.rows
}

/** City medians by commodity and day. */
export async function cityMedians(pool: Pool, { from, to, commodities }: Span): Promise<Map<string, number>> {
  const result = await pool.query<{ commodity: string; day: string; median: number }>({
    name: 'survey-city-medians',
    text: `SELECT commodity, day, median FROM quote_day_city WHERE commodity = ANY ($3::text[]) AND day BETWEEN $1 AND $2`,
    values: [from, to, commodities],
  })
  return new Map(result.rows.map(({ commodity, day, median }) => [`${commodity} ${day}`, median]))
}

export interface FlagRow {
  id: number
  day: string
  commodity: string
  market: string
  price: number
  check: CheckName
  severity: Severity
  facts: Record<string, string | number>
  raisedAt: Date
  outcome: Outcome | null
  outcomeBy: string | null
  outcomeAt: Date | null
  note: string
}
/** The prices of these surveys of which somebody found that they are wrong. */
export async function foundWrong(
  client: PoolClient,
  surveys: readonly { market: string; day: string }[],
  surveyFeed: number,
): Promise<Pick<FlagRow, 'commodity' | 'market' | 'day' | 'price'>[]> {
  const result = await client.query<Pick<FlagRow, 'commodity' | 'market' | 'day' | 'price'>>({
    name: 'survey-found-wrong',
    text: `SELECT DISTINCT commodity, market, day, price FROM quality_flag
      WHERE feed = $1 AND day = ANY ($2::date[]) AND market = ANY ($3::text[]) AND outcome = 'error'`,
    values: [surveyFeed, surveys.map(({ day }) => day), surveys.map(({ market }) => market)],
  })
  return result.rows
}

/** What the checks found in surveys. */
export async function surveyFlags(pool: Pool, { from, to }: Span, surveyFeed: number): Promise<FlagRow[]> {
  const result = await pool.query<FlagRow>({
    name: 'survey-flags',
    text: `SELECT id, day, commodity, market, price, check_name AS check, severity, facts, raised_at AS "raisedAt", outcome,
        outcome_by AS "outcomeBy", outcome_at AS "outcomeAt", note
      FROM quality_flag WHERE day BETWEEN $1 AND $2 AND feed = $3 ORDER BY id`,
    values: [from, to, surveyFeed],
  })
  return result.rows
}
