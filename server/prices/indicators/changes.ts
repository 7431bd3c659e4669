import type { Measure } from '#contract/indicators.ts'
import { addDays, daysBetween, monthsBefore } from '../days.ts'
import { lacks, mean, value } from './measure.ts'

/** City medians by day, rupiah. */
export type Medians = ReadonlyMap<string, number>

/** How many days before the one compared with may stand in for it, where it has no price: markets close on feasts. */
const STAND_IN = { day: 0, week: 1, month: 3, year: 7 } as const
export type Span = keyof typeof STAND_IN

const comparedDay = (day: string, span: Span): string =>
  span === 'day'
    ? addDays(day, -1)
    : span === 'week'
      ? addDays(day, -7)
      : monthsBefore(day, span === 'month' ? 1 : 12)

/**
 * Change against an earlier day, a share: P_t / P_s - 1. s is the day before, seven days before, the same day of the month
 * or of the year before; where it has no price the last of the `STAND_IN` days before it stands in.
 * Needs a price on the day and on the one compared with.
 */
export function change(medians: Medians, day: string, span: Span): Measure {
  const now = medians.get(day)
  if (now === undefined) return lacks('days', 0, 1)
  const wanted = comparedDay(day, span)
  for (let back = 0; back <= STAND_IN[span]; back += 1) {
    const before = medians.get(addDays(wanted, -back))
    if (before !== undefined) return value(now / before - 1)
  }
  return lacks('comparison', 0, 1)
}

/** Days before and after Lebaran on which its weeks are compared. */
const [BEFORE_LEBARAN, AFTER_LEBARAN] = [56, 14]
/** Two Lebarans in a row lie 353 to 356 days apart; who lies further apart has one missing between. */
const LUNAR_YEAR_DAYS = 360
const WEEK_DAYS = 7
/** Days of a week that must have a price. */
const WEEK_NEEDS = 3

/**
 * Change against the same week before (or after) the Lebaran of the year before, a share: the mean of the seven days to
 * this one over the mean of the seven days that lie as far from the earlier feast, minus 1.
 * Needs three priced days in either week; from 56 days before Lebaran to 14 after it, otherwise there is no such week.
 * @param feasts first days of Lebaran
 */
export function changeBeforeLebaran(medians: Medians, day: string, feasts: readonly string[]): Measure {
  const feast = feasts.find((one) => {
    const offset = daysBetween(one, day)
    return offset >= -BEFORE_LEBARAN && offset <= AFTER_LEBARAN
  })
  if (feast === undefined) return lacks('season', 0, 1)
  const earlier = feasts.find((one) => one < feast && daysBetween(one, feast) <= LUNAR_YEAR_DAYS)
  if (earlier === undefined) return lacks('comparison', 0, 1)
  const weekTo = (last: string) =>
    Array.from({ length: WEEK_DAYS }, (_, back) => medians.get(addDays(last, -back))).filter(
      (one) => one !== undefined,
    )
  const [now, then] = [weekTo(day), weekTo(addDays(earlier, daysBetween(feast, day)))]
  const fewest = Math.min(now.length, then.length)
  if (fewest < WEEK_NEEDS) return lacks('days', fewest, WEEK_NEEDS)
  return value(mean(now) / mean(then) - 1)
}
