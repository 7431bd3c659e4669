import type { MonthTotals } from './inputs.ts'

/** Mean of a month's daily city medians (so far, of one that is not over), rupiah, by month number. */
export type MonthMeans = ReadonlyMap<number, number>

export const meansOf = (months: readonly MonthTotals[]): MonthMeans =>
  new Map(months.flatMap(({ month, days, total }) => (days > 0 ? [[monthNumber(month), total / days]] : [])))

/** Months on a line, so that they can be subtracted; % 12 is the calendar month, 0 January. Takes months and days. */
export function monthNumber(text: string): number {
  const [year = 0, month = 1] = text.split('-').map(Number)
  return year * 12 + month - 1
}
/** YYYY-MM */
export const monthName = (month: number): string =>
  `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
