import type { CityPack } from '../../cities/index.ts'
import type { MonthTotals } from './inputs.ts'

/** City medians summed by month, in order. Whole rupiah, so that sums are exact in any order. */
export function totalsOf(days: readonly { day: string; median: number }[]): MonthTotals[] {
  const months = new Map<string, MonthTotals>()
  for (const { day, median } of days) {
    const month = day.slice(0, 7)
    const sum = months.get(month) ?? { month, days: 0, total: 0, squares: 0 }
    months.set(month, {
      month,
      days: sum.days + 1,
      total: sum.total + median,
      squares: sum.squares + median * median,
    })
  }
  return [...months.values()].sort((a, b) => (a.month < b.month ? -1 : 1))
}

/** What producers call what becomes the commodity; undefined: nothing to compare a margin with. */
export const producerOf = (pack: CityPack, code: string): string | undefined =>
  pack.commodities.find((commodity) => commodity.code === code)?.producerCode

/** Commodities whose margin hangs on what producers ask for this one. */
export const madeFrom = (pack: CityPack, producer: string): string[] =>
  pack.commodities.flatMap(({ code, producerCode }) =>
    producerCode === producer && code !== producer ? [code] : [],
  )
