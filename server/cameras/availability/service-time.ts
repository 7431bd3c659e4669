import type { Contract } from '#contract/availability.ts'
import { addDays, dayOf } from '../../prices/index.ts'

export type ServiceHours = NonNullable<Contract['hours']>

/** When service is owed on a day of the city's calendar; `opens` = `closes` where it is not. ms since 1970. */
export interface ServiceDay {
  day: string
  opens: number
  closes: number
  /** service time of the days before it in the list, ms */
  before: number
}

/** The service days that hold [from, to], to's own and the one before `from` among them, so that each time has one that has begun. */
export function serviceDays(from: number, to: number, hours: ServiceHours, timezone: string): ServiceDay[] {
  const clock = localClock(timezone)
  const days: ServiceDay[] = []
  const last = dayOf(new Date(to), timezone)
  let before = 0
  for (let day = addDays(dayOf(new Date(from), timezone), -1); day <= last; day = addDays(day, 1)) {
    const opens = clock(day, hours.from)
    const closes = hours.weekdays.includes(weekdayOf(day)) ? clock(day, hours.to) : opens
    days.push({ day, opens, closes, before })
    before += closes - opens
  }
  return days
}

/**
 * A clock that runs in service time only, ms; its zero means nothing, differences do.
 * @param days null: service is owed at all times
 */
export function serviceClock(days: readonly ServiceDay[] | null): (at: number) => number {
  if (days === null) return (at) => at
  return (at) => {
    const next = days.findIndex(({ opens }) => opens > at)
    const day = days[(next === -1 ? days.length : next) - 1]
    return day === undefined ? 0 : day.before + Math.min(at, day.closes) - day.opens
  }
}

/** 1 Monday .. 7 Sunday. */
const weekdayOf = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() || 7

/**
 * Reads a clock's day and minutes after midnight as a moment, ms since 1970. A time that the clock skips is as much
 * later as it skips; of one that it shows twice it is the first.
 */
export function localClock(timezone: string): (day: string, minutes: number) => number {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  const ahead = (at: number) =>
    Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000
  const DAY = 86_400_000
  return (day, minutes) => {
    const shown = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000
    // The clock is set forward or back at most once around that time.
    const [earlier, later] = [shown - ahead(shown - DAY), shown - ahead(shown + DAY)]
    return earlier + ahead(earlier) === shown ? earlier : later + ahead(later) === shown ? later : earlier
  }
}
