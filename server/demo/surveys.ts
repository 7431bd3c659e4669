import type { Pool, PoolClient } from 'pg'
import { localClock } from '../cameras/availability/service-time.ts'
import type { Context } from '../context.ts'
import { withTransaction } from '../database/pool.ts'
import { addDays, dayOf } from '../prices/index.ts'
import { keepFlags } from '../prices/quality/index.ts'
import {
  ensureSurveyFeed,
  lockOrBegin,
  moveEntries,
  publishDay,
  surveyFeed,
  writeEntries,
  writeEvents,
  type NewEvent,
} from '../prices/survey/index.ts'
import {
  pastSurveys,
  SENT_BACK,
  todaysSurveys,
  VERIFIER,
  type Planning,
  type PlannedSurvey,
} from './survey-plan.ts'

const DAYS = 10
const MINUTE = 60_000
const VERIFIED_AT = 10 * 60
/** Officers of the demo have no accounts: whoever creates one may verify what they entered. */
const person = (name: string) => ({ id: null, name })
type Work = Planning & Pick<Context, 'pool' | 'pack' | 'clock' | 'bus' | 'config'>

/**
 * The demo's surveys: of the days before today and of today, made once, where nobody surveyed yet. What was verified is
 * published as the demo's own days pass, beside what its portals tell.
 * @param demoDay the day that the demo's clock shows
 */
export class DemoSurveys {
  readonly #work: Work
  readonly #demoDay: () => string
  #published = ''

  constructor(work: Work, demoDay: () => string) {
    this.#work = work
    this.#demoDay = demoDay
  }

  /** Makes what is missing of the last days. */
  async make(): Promise<void> {
    const { pool, pack, clock } = this.#work
    await ensureSurveyFeed(this.#work)
    const today = dayOf(clock(), pack.city.timezone)
    const known = await surveyedDays(pool, addDays(today, -DAYS), today)
    for (let back = DAYS; back >= 0; back -= 1) {
      const day = addDays(today, -back)
      if (known.has(day)) continue
      const surveys = back === 0 ? todaysSurveys(this.#work, day) : pastSurveys(this.#work, day)
      await withTransaction(pool, async (client) => {
        for (const survey of surveys) await writeSurvey(client, this.#work, survey)
      })
    }
  }

  /** Publishes what was verified of the days that the demo's clock has reached. Answers how many entries. */
  async follow(): Promise<number> {
    const day = this.#demoDay()
    if (day === this.#published) return 0
    const { pool } = this.#work
    const due = await pool.query<{ day: string }>(
      `SELECT DISTINCT s.day FROM survey s JOIN survey_entry e ON e.survey_id = s.id
       WHERE s.day <= $1 AND s.officer_id IS NULL AND e.state = 'verified' AND e.verified_by = $2 ORDER BY s.day`,
      [day, VERIFIER],
    )
    let published = 0
    for (const { day: of } of due.rows)
      published += await publishDay(this.#work, of, person(VERIFIER), ({ officer }) => officer.id === null)
    this.#published = day
    return published
  }
}

async function surveyedDays(pool: Pool, from: string, to: string): Promise<Set<string>> {
  const result = await pool.query<{ day: string }>(
    'SELECT DISTINCT day FROM survey WHERE day BETWEEN $1 AND $2',
    [from, to],
  )
  return new Set(result.rows.map(({ day }) => day))
}

async function writeSurvey(client: PoolClient, { pack, clock }: Work, survey: PlannedSurvey): Promise<void> {
  const { market, day } = survey
  const clockOf = localClock(pack.city.timezone)
  // Whoever starts the demo at night finds the morning's work done already.
  const at = (minutes: number) => new Date(Math.min(clockOf(day, minutes), clock().getTime()))
  const [begun, submitted, verified] = [at(survey.begun), at(survey.submitted), at(VERIFIED_AT)]
  const officer = person(survey.officer)
  const { id } = await lockOrBegin(client, market, day, officer, begun)
  const step =
    Math.max(0, submitted.getTime() - begun.getTime() - MINUTE) / Math.max(1, survey.entries.length)
  await writeEntries(
    client,
    survey.entries.map(({ findings: _, ...entry }, place) => ({
      ...entry,
      surveyId: id,
      version: 1,
      state: entry.state === 'draft' ? 'draft' : 'submitted',
      note: '',
      photoId: null,
      sentBackReason: '',
      author: officer,
      device: 'demo',
      notedAt: new Date(begun.getTime() + place * step),
      receivedAt: new Date(begun.getTime() + place * step),
      submittedAt: entry.state === 'draft' ? null : submitted,
      verifiedBy: null,
    })),
  )
  const tell = (
    kind: NewEvent['kind'],
    which: (entry: PlannedSurvey['entries'][number]) => boolean,
    {
      by = officer,
      when,
      detail,
    }: {
      by?: typeof officer
      when: Date
      detail?: (entry: PlannedSurvey['entries'][number]) => NewEvent['detail']
    },
  ) =>
    writeEvents(
      client,
      survey.entries.filter(which).map((entry) => ({
        surveyId: id,
        commodity: entry.commodity,
        kind,
        version: 1,
        detail: detail?.(entry) ?? {},
      })),
      by,
      when,
    )
  await tell('entered', () => true, {
    when: submitted,
    detail: ({ answer, prices, price, stock, insist }) => ({
      answer,
      prices,
      price,
      stock,
      insist,
      device: 'demo',
    }),
  })
  await tell('submitted', ({ state }) => state !== 'draft', { when: submitted })
  const { number: feed } = await surveyFeed(client)
  await keepFlags(
    client,
    survey.entries.flatMap(({ commodity, price, findings, state }) =>
      price === null || state === 'draft' ? [] : [{ commodity, market, day, feed, price, findings }],
    ),
    submitted,
  )
  const verifier = person(VERIFIER)
  for (const state of ['verified', 'sent-back'] as const) {
    const moved = survey.entries.filter((entry) => entry.state === state)
    if (moved.length === 0) continue
    const reason = state === 'sent-back' ? SENT_BACK : ''
    await moveEntries(
      client,
      moved.map(({ commodity }) => ({ surveyId: id, commodity })),
      { state, by: VERIFIER, reason },
      verified,
    )
    await tell(state, (entry) => entry.state === state, {
      by: verifier,
      when: verified,
      detail: () => (reason === '' ? {} : { reason }),
    })
  }
}
