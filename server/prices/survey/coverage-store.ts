import type { Pool } from 'pg'
import type { EntryAnswer, EntryState } from '#contract/survey.ts'
import { addDays } from '../days.ts'
import type { DeadlineChange } from './deadline.ts'
import type { Person } from './states.ts'

/** The survey of a market on a day, with its entries in short. */
export interface CoveredSurvey {
  id: number
  market: string
  officer: Person
  begunAt: Date
  entries: {
    commodity: string
    state: EntryState
    answer: EntryAnswer
    receivedAt: Date
    submittedAt: Date | null
  }[]
}

export async function surveysOn(pool: Pool, day: string): Promise<Map<string, CoveredSurvey>> {
  const result = await pool.query<{
    id: number
    market: string
    officer_id: number | null
    officer: string
    begun_at: Date
    commodity: string | null
    state: EntryState
    answer: EntryAnswer
    received_at: Date
    submitted_at: Date | null
  }>({
    name: 'survey-day',
    text: `SELECT s.id, s.market, s.officer_id, s.officer, s.begun_at, e.commodity, e.state, e.answer, e.received_at, e.submitted_at
      FROM survey s LEFT JOIN survey_entry e ON e.survey_id = s.id WHERE s.day = $1 ORDER BY s.id, e.commodity`,
    values: [day],
  })
  const surveys = new Map<string, CoveredSurvey>()
  for (const row of result.rows) {
    const survey = surveys.get(row.market) ?? {
      id: row.id,
      market: row.market,
      officer: { id: row.officer_id, name: row.officer },
      begunAt: row.begun_at,
      entries: [],
    }
    surveys.set(row.market, survey)
    if (row.commodity !== null)
      survey.entries.push({
        commodity: row.commodity,
        state: row.state,
        answer: row.answer,
        receivedAt: row.received_at,
        submittedAt: row.submitted_at,
      })
  }
  return surveys
}

/** Of how many commodities another source than the survey gave a market's price of the day. */
export async function otherSourcesOn(
  pool: Pool,
  day: string,
  surveyFeed: number,
): Promise<Map<string, number>> {
  const result = await pool.query<{ market: string; commodities: number }>({
    name: 'survey-other-sources',
    text: `SELECT market, count(DISTINCT commodity)::int AS commodities FROM quote
      WHERE day = $1 AND feed <> $2 AND status <> 'imputed' AND NOT void GROUP BY market`,
    values: [day, surveyFeed],
  })
  return new Map(result.rows.map(({ market, commodities }) => [market, commodities]))
}

/** How the deadline was moved, the oldest change first. */
export async function deadlineChanges(pool: Pool, timezone: string): Promise<DeadlineChange[]> {
  const result = await pool.query<DeadlineChange>({
    name: 'survey-deadline-changes',
    text: `SELECT to_char(at AT TIME ZONE $1, 'YYYY-MM-DD') AS day, detail->'before'->>'deadline' AS before FROM audit
      WHERE action = 'setting-changed' AND subject = 'prices' AND detail->'before'->>'deadline' IS NOT NULL ORDER BY at, id`,
    values: [timezone],
  })
  return result.rows
}

/** When each survey of the days before was submitted for the first time; null: never. */
export async function submissionsBefore(
  pool: Pool,
  day: string,
  days: number,
): Promise<{ market: string; day: string; submittedAt: Date | null }[]> {
  const result = await pool.query<{ market: string; day: string; submittedAt: Date | null }>({
    name: 'survey-submissions',
    text: `SELECT s.market, s.day, min(e.submitted_at) AS "submittedAt"
      FROM survey s LEFT JOIN survey_entry e ON e.survey_id = s.id WHERE s.day BETWEEN $1 AND $2 GROUP BY s.id`,
    values: [addDays(day, -days), addDays(day, -1)],
  })
  return result.rows
}

/** Who filled in each market's last survey of the days up to this one. */
export async function lastOfficers(pool: Pool, day: string, days: number): Promise<Map<string, Person>> {
  const result = await pool.query<Person & { market: string }>({
    name: 'survey-last-officers',
    text: `SELECT DISTINCT ON (market) market, officer_id AS id, officer AS name FROM survey
      WHERE day BETWEEN $1 AND $2 ORDER BY market, day DESC`,
    values: [addDays(day, -days), day],
  })
  return new Map(result.rows.map(({ market, ...officer }) => [market, officer]))
}
