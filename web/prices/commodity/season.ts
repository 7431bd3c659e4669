import type { CityPrice } from '#contract/price.ts'
import { withGaps, type Point } from '../../charts/series.ts'

/** All years are laid on this one: it has a 29th of February. */
export const CALENDAR = { from: '2000-01-01', to: '2000-12-31' }
/** Days without a price that a line still spans. */
const SPANNED_DAYS = 10

/** City medians, a line a year, each on the days of one and the same calendar; the oldest year first. */
export function seasonLines(city: readonly CityPrice[]): { year: string; points: Point[] }[] {
  const years = new Map<string, { day: string; price: number }[]>()
  for (const { day, median } of city) {
    const year = day.slice(0, 4)
    const days = years.get(year) ?? []
    days.push({ day: `2000${day.slice(4)}`, price: median })
    years.set(year, days)
  }
  return [...years]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([year, days]) => ({ year, points: withGaps(days, SPANNED_DAYS) }))
}
