import { addDays, dayOf } from '../prices/index.ts'

/** Days before the day of the first start with which the demo's clock begins. */
const DAYS_BEFORE = 14
const MINUTES = 24 * 60

/** How far the demo has come. */
export interface DemoMoment {
  /** YYYY-MM-DD, never after today */
  day: string
  /** share of the day's reports that are in, 0..1 */
  arrived: number
  /** minute of the day, 0..1439: which revisions were made by then */
  minute: number
}

/** First day that the demo's clock shows. */
export function firstDemoDay(startedAt: Date, timezone: string): string {
  return addDays(dayOf(startedAt, timezone), -DAYS_BEFORE)
}

/**
 * The demo's clock: a day passes in `daySeconds` from the first start on, until it has caught up with today; from
 * then on it is today, with every market's report in and revisions coming by the real clock.
 */
export function demoMoment(
  startedAt: Date,
  now: Date,
  { timezone, daySeconds }: { timezone: string; daySeconds: number },
): DemoMoment {
  const today = dayOf(now, timezone)
  const days = Math.max(0, (now.getTime() - startedAt.getTime()) / (daySeconds * 1000))
  const day = addDays(firstDemoDay(startedAt, timezone), Math.floor(days))
  const part = days % 1
  if (day < today) return { day, arrived: Math.min(1, part * 1.5 + 0.2), minute: Math.floor(part * MINUTES) }
  return { day: today, arrived: 1, minute: minuteOf(now, timezone) }
}

/** A day that is over, with its last word said. */
export const overDay = (day: string): DemoMoment => ({ day, arrived: 1, minute: MINUTES - 1 })

/** A day as the demo shows it at a moment; undefined for one that has not come yet. */
export function momentOfDay(day: string, at: DemoMoment): DemoMoment | undefined {
  if (day > at.day) return undefined
  return day === at.day ? at : overDay(day)
}

function minuteOf(now: Date, timezone: string): number {
  const text = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, timeStyle: 'short' }).format(now)
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}
