import type { PriceSettings } from '#contract/prices.ts'
import { localClock } from '../../cameras/availability/service-time.ts'

const MINUTE = 60_000

export interface Deadline {
  /** a reminder begins */
  reminderFrom: Date
  deadline: Date
}

/** The moments of a day by which its surveys are due, by the city's clock. */
export function deadlineOf(
  day: string,
  { deadline, reminderMinutes }: Pick<PriceSettings, 'deadline' | 'reminderMinutes'>,
  timezone: string,
): Deadline {
  const [hours = 0, minutes = 0] = deadline.split(':').map(Number)
  const at = localClock(timezone)(day, hours * 60 + minutes)
  return { deadline: new Date(at), reminderFrom: new Date(at - reminderMinutes * MINUTE) }
}

/** That the deadline was another one until a day. */
export interface DeadlineChange {
  day: string
  before: string
}

/**
 * The deadline that was in force on a day: who moves it does not make what was late punctual.
 * @param changes the oldest first
 * @param current what is set now
 */
export const deadlineOn = (day: string, changes: readonly DeadlineChange[], current: string): string =>
  changes.find((change) => day < change.day)?.before ?? current

/** True once the deadline has passed and nothing was submitted by then. */
export const isLate = (
  submittedAt: Date | null,
  { deadline }: Pick<Deadline, 'deadline'>,
  now: Date,
): boolean => (submittedAt === null ? now >= deadline : submittedAt > deadline)

/** What to remind of now; null: nothing. Who submitted all that is due needs no reminder. */
export function reminderOf(
  { due, submitted }: { due: number; submitted: number },
  { deadline, reminderFrom }: Deadline,
  now: Date,
): 'soon' | 'late' | null {
  if (submitted >= due || now < reminderFrom) return null
  return now < deadline ? 'soon' : 'late'
}
