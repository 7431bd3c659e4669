import { addDays, daysBetween } from '../days.ts'

/** A price stands for so many days after it where none is reported: over a weekend or a feast, not over a month. */
export const CARRY_DAYS = 7

/** City medians day by day without holes in the calendar. */
export interface Daily {
  first: string
  /** rupiah; NaN where nothing was reported within `CARRY_DAYS` */
  prices: Float64Array
  /** 1 where the price is of that very day: only those are compared with */
  reported: Uint8Array
}

/** Lays reported medians on the calendar, from the first day to the last; in whatever order they come. */
export function dailyOf(points: readonly { day: string; median: number }[]): Daily {
  const sorted = [...points].sort((a, b) => (a.day < b.day ? -1 : 1))
  const first = sorted[0]?.day ?? ''
  const last = sorted[sorted.length - 1]?.day ?? ''
  const length = sorted.length === 0 ? 0 : daysBetween(first, last) + 1
  const prices = new Float64Array(length).fill(Number.NaN)
  const reported = new Uint8Array(length)
  for (const { day, median } of sorted) {
    const at = daysBetween(first, day)
    prices[at] = median
    reported[at] = 1
  }
  let since = Number.POSITIVE_INFINITY
  for (let at = 0; at < length; at += 1) {
    since = reported[at] === 1 ? 0 : since + 1
    if (since > 0 && since <= CARRY_DAYS) prices[at] = prices[at - 1] as number
  }
  return { first, prices, reported }
}

/** The place of a day, which may lie outside. */
export const placeOf = (daily: Daily, day: string): number => daysBetween(daily.first, day)
export const dayAt = (daily: Daily, place: number): string => addDays(daily.first, place)

/** The last days without a hole. */
export function unbroken(prices: Float64Array): Float64Array {
  let start = prices.length
  while (start > 0 && !Number.isNaN(prices[start - 1])) start -= 1
  return prices.subarray(start)
}
