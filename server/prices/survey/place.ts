import type { Pool, PoolClient } from 'pg'
import type { KnownViewer } from '../../access/viewer.ts'
import type { CityPack } from '../../cities/index.ts'
import { AppError } from '../../errors.ts'
import { addDays, isDay } from '../days.ts'
import { lockedMonths } from '../locked.ts'
import { isSame, type Person } from './states.ts'
import type { StoredSurvey } from './store.ts'

/** A phone may have been without a connection for so long; what is older is imported or corrected. */
export const MOST_DAYS_BACK = 14

type Database = Pool | PoolClient

export const personOf = ({ accountId, name }: Pick<KnownViewer, 'accountId' | 'name'>): Person => ({
  id: accountId,
  name,
})

/** The market of the city's pack. Throws 'not-found'. */
export function marketIn(pack: CityPack, code: string): CityPack['markets'][number] {
  const market = pack.markets.find((one) => one.code === code && one.level === 'market')
  if (market === undefined) throw new AppError('not-found', 'No market has that code.')
  return market
}

/** A day that has begun. Throws 'bad-input'. */
export function begunDay(day: string, today: string): string {
  if (isDay(day) && day >= '2000-01-01' && day <= today) return day
  throw new AppError('bad-input', `${day} is not a day that has begun.`, {
    field: 'day',
    expected: `a day until ${today}`,
  })
}

/** Why nothing can be entered for the day any more; null: it can. */
export async function closedFor(
  database: Database,
  day: string,
  today: string,
): Promise<'too-late' | 'locked' | null> {
  if (day < addDays(today, -MOST_DAYS_BACK)) return 'too-late'
  return (await lockedMonths(database, [day])).size > 0 ? 'locked' : null
}

/** Throws 'conflict' where closedFor gives a reason. */
export async function requireOpen(database: Database, day: string, today: string): Promise<void> {
  const closed = await closedFor(database, day, today)
  if (closed === 'locked') throw new AppError('conflict', 'The month is closed.', { reason: 'locked' })
  if (closed === 'too-late')
    throw new AppError('conflict', `Surveys of more than ${MOST_DAYS_BACK} days ago are closed.`, {
      reason: 'too-late',
    })
}

/** Another officer's survey has to be taken over first. Throws 'conflict' that names the officer. */
export function requireOwn(survey: StoredSurvey, viewer: Pick<KnownViewer, 'accountId' | 'name'>): void {
  if (!isSame(survey.officer, viewer))
    throw new AppError('conflict', `This is the survey of ${survey.officer.name}: take it over first.`, {
      reason: 'other-officer',
      officer: survey.officer.name,
    })
}
