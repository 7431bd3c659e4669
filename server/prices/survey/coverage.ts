import type { Coverage, SurveyMarkets, SurveyReminders } from '#contract/survey.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { Context } from '../../context.ts'
import { addDays, dayOf } from '../days.ts'
import { dueByMarket } from '../due.ts'
import { groupBy, marketOf } from '../naming.ts'
import { readPriceSettings } from '../settings.ts'
import {
  deadlineChanges,
  lastOfficers,
  otherSourcesOn,
  submissionsBefore,
  surveysOn,
  type CoveredSurvey,
} from './coverage-store.ts'
import { deadlineOf, deadlineOn, isLate, reminderOf, type Deadline } from './deadline.ts'
import { surveyFeed } from './feed.ts'
import { MOST_DAYS_BACK } from './place.ts'
import { isSame, leastState } from './states.ts'

const PUNCTUAL_DAYS = 30

type CoveredMarket = Coverage['markets'][number]
type Reading = Pick<Context, 'pool' | 'pack' | 'clock'>
type Who = Pick<KnownViewer, 'accountId' | 'name'>

/** What each market has reported of a day, by when, and how punctual it is. */
export async function readCoverage({ pool, pack, clock }: Reading, day: string): Promise<Coverage> {
  const [surveys, due, settings, others, past, moved] = await Promise.all([
    surveysOn(pool, day),
    dueByMarket(pool, pack),
    readPriceSettings(pool),
    surveyFeed(pool).then(({ number }) => otherSourcesOn(pool, day, number)),
    submissionsBefore(pool, day, PUNCTUAL_DAYS),
    deadlineChanges(pool, pack.city.timezone),
  ])
  const inForce = (of: string) =>
    deadlineOf(of, { ...settings, deadline: deadlineOn(of, moved, settings.deadline) }, pack.city.timezone)
  const times = inForce(day)
  const pastOf = groupBy(past, ({ market }) => market)
  const now = clock()
  return {
    day,
    deadline: times.deadline.toISOString(),
    reminderFrom: times.reminderFrom.toISOString(),
    markets: pack.markets.flatMap((market) => {
      if (market.level !== 'market') return []
      return [
        {
          market: marketOf(market),
          ...coveredBy(surveys.get(market.code), due.get(market.code) ?? new Set(), times, now),
          otherSources: others.get(market.code) ?? 0,
          punctual30d: punctuality(day, pastOf.get(market.code) ?? [], inForce),
        },
      ]
    }),
  }
}

/** What a survey has of what is due. */
export function coveredBy(
  survey: CoveredSurvey | undefined,
  due: ReadonlySet<string>,
  deadline: Pick<Deadline, 'deadline'>,
  now: Date,
): Omit<CoveredMarket, 'market' | 'otherSources' | 'punctual30d'> {
  const entries = survey?.entries ?? []
  const entered = new Set(entries.map(({ commodity }) => commodity))
  const count = (wanted: (entry: (typeof entries)[number]) => boolean) => entries.filter(wanted).length
  const times = entries.map(({ receivedAt }) => receivedAt.getTime())
  const submissions = entries.flatMap(({ submittedAt }) =>
    submittedAt === null ? [] : [submittedAt.getTime()],
  )
  const submittedAt = submissions.length === 0 ? null : new Date(Math.min(...submissions))
  return {
    surveyId: survey?.id ?? null,
    officer: survey?.officer.name ?? null,
    state: leastState(entries.map(({ state }) => state)),
    due: due.size,
    entered: entries.filter(({ commodity }) => due.has(commodity)).length,
    submitted: count(({ state }) => state === 'submitted'),
    verified: count(({ state }) => state === 'verified'),
    published: count(({ state }) => state === 'published'),
    sentBack: count(({ state }) => state === 'sent-back'),
    notSold: count(({ answer }) => answer === 'not-sold'),
    missing: [...due].filter((commodity) => !entered.has(commodity)),
    firstAt: survey === undefined || entries.length === 0 ? null : survey.begunAt.toISOString(),
    lastAt: times.length === 0 ? null : new Date(Math.max(...times)).toISOString(),
    submittedAt: submittedAt?.toISOString() ?? null,
    late: isLate(submittedAt, deadline, now),
  }
}

/**
 * Share of days on which a survey was submitted by its deadline: of the 30 before the given one, from the market's first
 * survey among them on; null where there was none.
 */
export function punctuality(
  day: string,
  past: readonly { day: string; submittedAt: Date | null }[],
  deadline: (day: string) => Pick<Deadline, 'deadline'>,
): number | null {
  const first = past.map((one) => one.day).sort()[0]
  if (first === undefined) return null
  const days = Math.round((Date.parse(day) - Date.parse(first)) / 86_400_000)
  const punctual = past.filter(
    ({ day: of, submittedAt }) => submittedAt !== null && submittedAt <= deadline(of).deadline,
  )
  return punctual.length / days
}

/** The markets of a day as a phone lists them. */
export async function listMarkets(
  { pool, pack, clock }: Reading,
  day: string,
  viewer: Who,
): Promise<SurveyMarkets> {
  const [surveys, due, settings] = await Promise.all([
    surveysOn(pool, day),
    dueByMarket(pool, pack),
    readPriceSettings(pool),
  ])
  const times = deadlineOf(day, settings, pack.city.timezone)
  return {
    day,
    markets: pack.markets.flatMap((market) => {
      if (market.level !== 'market') return []
      const survey = surveys.get(market.code)
      const covered = coveredBy(survey, due.get(market.code) ?? new Set(), times, clock())
      return [
        {
          market: marketOf(market),
          state: covered.state,
          officer: covered.officer,
          own: survey !== undefined && isSame(survey.officer, viewer),
          due: covered.due,
          entered: covered.entered,
          deadline: times.deadline.toISOString(),
        },
      ]
    }),
  }
}

/**
 * Of today: what is due soon or late. A surveyor is reminded of their own markets (those whose last survey was theirs)
 * and of those that nobody surveyed lately, whoever verifies of all.
 */
export async function remind(
  { pool, pack, clock }: Reading,
  viewer: Who & Pick<KnownViewer, 'role'>,
): Promise<SurveyReminders> {
  const now = clock()
  const day = dayOf(now, pack.city.timezone)
  const [surveys, due, settings, officers] = await Promise.all([
    surveysOn(pool, day),
    dueByMarket(pool, pack),
    readPriceSettings(pool),
    lastOfficers(pool, day, MOST_DAYS_BACK),
  ])
  const times = deadlineOf(day, settings, pack.city.timezone)
  const isOthers = (market: string) => {
    const officer = officers.get(market)
    return viewer.role === 'surveyor' && officer !== undefined && !isSame(officer, viewer)
  }
  return {
    reminders: pack.markets.flatMap((market) => {
      if (market.level !== 'market' || isOthers(market.code)) return []
      const wanted = due.get(market.code) ?? new Set()
      const covered = coveredBy(surveys.get(market.code), wanted, times, now)
      const submitted = submittedOf(surveys.get(market.code), wanted)
      const kind = reminderOf({ due: wanted.size, submitted }, times, now)
      if (kind === null) return []
      return [
        {
          market: marketOf(market),
          kind,
          due: covered.due,
          entered: covered.entered,
          sentBack: covered.sentBack,
          deadline: times.deadline.toISOString(),
        },
      ]
    }),
  }
}

/** How many of what is due need nothing more from the officer. */
const submittedOf = (survey: CoveredSurvey | undefined, due: ReadonlySet<string>): number =>
  survey?.entries.filter(
    ({ commodity, state }) => due.has(commodity) && state !== 'draft' && state !== 'sent-back',
  ).length ?? 0

/** The day before which nothing waits any more in the list of what is to be verified. */
export const oldestWaiting = (today: string): string => addDays(today, -MOST_DAYS_BACK)
