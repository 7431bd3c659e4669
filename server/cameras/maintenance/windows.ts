import type { MaintenanceEdit } from '#contract/maintenance.ts'
import { addDays } from '../../prices/index.ts'
import { localClock } from '../availability/index.ts'

/** Planned work: once, or on days of the week at the same time of the city's clock. Times are ms since 1970. */
export interface Plan extends Pick<MaintenanceEdit, 'weekdays' | 'repeatUntil'> {
  /** of the first one; where it recurs, its time of day is that of all */
  startsAt: number
  endsAt: number
  cancelledAt: number | null
}
/** [from, to), ms since 1970. */
export interface Window {
  from: number
  to: number
}

const DAY = 86_400_000
/** What recurs lasts so long at most, ms. */
export const LONGEST_RECURRING = 7 * DAY

/**
 * The windows of a plan that touch (from, to), in order of time. What recurs keeps its times on the clock when the clock
 * is set forward or back, and may end days after it began; it begins on `repeatUntil` for the last time. A cancelled
 * plan ends where it was cancelled.
 * @param from ms since 1970
 */
export function windows(plan: Plan, from: number, to: number, timezone: string): Window[] {
  const all =
    plan.weekdays === null ? [{ from: plan.startsAt, to: plan.endsAt }] : recurring(plan, from, to, timezone)
  return all
    .map((one) => ({ from: one.from, to: Math.min(one.to, plan.cancelledAt ?? Infinity) }))
    .filter((one) => one.from < one.to && one.from < to && one.to > from)
}

/** The window in which a moment lies; of several the one that began first; null: it lies in none. */
export const activeAt = (plan: Plan, at: number, timezone: string): Window | null =>
  windows(plan, at - 1, at + 1, timezone).find((one) => one.from <= at && at < one.to) ?? null

/** When the plan begins for the next time, ms; null where it never does again. */
export function nextAfter(plan: Plan, at: number, timezone: string): number | null {
  // Eight days hold every day of the week once.
  const horizon = Math.max(at, plan.startsAt) + 8 * DAY
  return windows(plan, at, horizon, timezone).find((one) => one.from > at)?.from ?? null
}

function recurring(plan: Plan, from: number, to: number, timezone: string): Window[] {
  const clock = clockOf(timezone)
  const first = clock.shown(plan.startsAt)
  const last = clock.shown(plan.endsAt)
  const nights = (Date.parse(last.day) - Date.parse(first.day)) / DAY
  const earliest = clock.shown(from - LONGEST_RECURRING - DAY).day
  const until = clock.shown(to).day
  const end = plan.repeatUntil !== null && plan.repeatUntil < until ? plan.repeatUntil : until
  const found: Window[] = []
  for (let day = earliest > first.day ? earliest : first.day; day <= end; day = addDays(day, 1))
    if (plan.weekdays?.includes(weekdayOf(day)) === true)
      found.push({
        from: clock.moment(day, first.minutes),
        to: clock.moment(addDays(day, nights), last.minutes),
      })
  return found
}

interface Clock {
  /** day and minutes after midnight that it shows at a moment */
  shown(at: number): { day: string; minutes: number }
  moment(day: string, minutes: number): number
}
/** Plans are asked for every second, and a formatter is dear to make. */
const clocks = new Map<string, Clock>()

function clockOf(timezone: string): Clock {
  const known = clocks.get(timezone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  const clock: Clock = {
    shown: (at) => {
      const [day = '', time = ''] = format.format(at).split(' ')
      const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
      return { day, minutes: hours * 60 + minutes + seconds / 60 }
    },
    moment: localClock(timezone),
  }
  clocks.set(timezone, clock)
  return clock
}

/** 1 Monday .. 7 Sunday. */
const weekdayOf = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() || 7
