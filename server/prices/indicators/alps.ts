import type { AlpsClass, Measure } from '#contract/indicators.ts'
import { deviation, lacks, value } from './measure.ts'
import type { MonthMeans } from './months.ts'

export const ALPS_MONTHS = 36
export const ALPS_SHARE = 0.7
export const ALPS_RECENT_MONTHS = 6
/** Residuals below this share of the price are what is left of a computer's counting. */
const NOTHING = 1e-9

/** A price by trend and season. */
export interface Seasonal {
  /** by month number, of each month with a price, rupiah */
  expected: ReadonlyMap<number, number>
  /** standard deviation of the residuals (n - 1; their mean is 0), rupiah */
  sigma: number
}

/**
 * ALPS, Alert for Price Spikes: (P - P_seasonal) / sigma, in standard deviations. P is a month's mean price, P_seasonal what
 * least squares on a linear trend and eleven month dummies (`seasonalOf`) say of it, sigma the standard deviation of the
 * residuals. Only months up to the asked one go in: what was said of a month is not changed by later ones. A month without a
 * price is judged by the newest before it.
 * Needs 36 months from the first to the asked, 70 % of them with a price, one of the last six, the calendar month twice.
 * Source: WFP, Technical Guidance Note: Calculation and Use of the Alert for Price Spikes (ALPS) Indicator, 2014.
 * @param month its number
 */
export function alps(means: MonthMeans, month: number): Measure {
  const known = new Map([...means].filter(([of]) => of <= month))
  const months = [...known.keys()]
  const span = known.size === 0 ? 0 : month - Math.min(...months) + 1
  if (span < ALPS_MONTHS) return lacks('months', span, ALPS_MONTHS)
  const wanted = Math.ceil(ALPS_SHARE * span - NOTHING)
  if (known.size < wanted) return lacks('months', known.size, wanted)
  const newest = Math.max(...months)
  const age = month - newest
  if (age >= ALPS_RECENT_MONTHS) return lacks('recent', age, ALPS_RECENT_MONTHS)
  const alike = months.filter((of) => of % 12 === newest % 12).length
  // A month of which there is no other is its own season: it could never be unusual.
  if (alike < 2) return lacks('years', alike, 2)
  const fit = seasonalOf(known)
  const price = known.get(newest)
  const expected = fit?.expected.get(newest)
  if (fit === undefined || price === undefined || expected === undefined || fit.sigma < NOTHING * price)
    return lacks('variation', 0, 1)
  return value((price - expected) / fit.sigma)
}

/** Normal below 0.25, stress below 1, alert below 2, crisis from 2 on (WFP). */
export function alpsClass(score: number): AlpsClass {
  if (score < 0.25) return 'normal'
  if (score < 1) return 'stress'
  return score < 2 ? 'alert' : 'crisis'
}

/**
 * Least squares on a trend and a level for each calendar month (which is what an intercept and eleven dummies say). Distances
 * from the calendar month's own means know no levels any more; on them the slope is found alone (Frisch, Waugh, Lovell).
 * @returns undefined where no calendar month comes twice: there is no trend to be told from the season
 */
export function seasonalOf(means: MonthMeans): Seasonal | undefined {
  const levels = levelsOf(means)
  let [together, alone] = [0, 0]
  for (const [month, price] of means) {
    const level = levels[month % 12] as Level
    together += (month - level.month) * (price - level.price)
    alone += (month - level.month) ** 2
  }
  if (alone === 0) return undefined
  const slope = together / alone
  const expected = new Map(
    [...means.keys()].map((month) => {
      const level = levels[month % 12] as Level
      return [month, level.price + slope * (month - level.month)]
    }),
  )
  return {
    expected,
    sigma: deviation([...means].map(([month, price]) => price - (expected.get(month) as number))),
  }
}

/** Mean month number and mean price of a calendar month. */
interface Level {
  month: number
  price: number
}

function levelsOf(means: MonthMeans): (Level | undefined)[] {
  return Array.from({ length: 12 }, (_, season) => {
    const own = [...means].filter(([month]) => month % 12 === season)
    if (own.length === 0) return undefined
    const mean = (at: 0 | 1) => own.reduce((sum, one) => sum + one[at], 0) / own.length
    return { month: mean(0), price: mean(1) }
  })
}
