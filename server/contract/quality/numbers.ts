/**
 * Medians and distances that a few wild values do not move. Prices differ by shares, so distances are of logarithms. Sorting
 * asks no function: of a file of prices each is compared with the last ones of its series.
 */

/** The middle of the values, the mean of the middle two of an even count; undefined where there are none. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  const sorted = new Float64Array(values).sort()
  const middle = sorted.length >> 1
  const [low, high] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? high : ((low ?? 0) + (high ?? 0)) / 2
}

/** The value below which `share` (0..1) of the values lie; undefined where there are none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = new Float64Array(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]
}

/** How far two prices lie apart whichever is the higher: 0.1 is about 10 %. */
export const distance = (a: number, b: number): number => Math.abs(Math.log(a / b))

const DAY_MS = 86_400_000
/** The day so many days earlier, YYYY-MM-DD. */
export const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10)
/** Days from the first to the second, YYYY-MM-DD. */
export const daysApart = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
