import type { IfpaClass, Measure } from '#contract/indicators.ts'
import { lacks, value } from './measure.ts'
import type { MonthMeans } from './months.ts'

export const IFPA_MONTHS = 36
export const IFPA_YEARS = 2
/** Over so many months, and how much each weighs. */
const QUARTER = { months: 3, weight: 0.4 }
const YEAR = { months: 12, weight: 0.6 }
/** A spread of growth rates below this is what is left of a computer's counting. */
const NOTHING = 1e-9

/**
 * IFPA, Indicator of Food Price Anomalies: 0.4 z_3 + 0.6 z_12, in standard deviations. z_k = (CGR_k - mean) / s, with the
 * compound growth a month CGR_k(t) = (P_t / P_{t-k})^(1/k) - 1 of monthly mean prices, held against the same calendar month
 * of the n years before: w_j = j / (1 + ... + n), the oldest first (this year weighs 0), mean = sum(w v),
 * s = sqrt(sum(w (v - mean)^2) / ((n - 1) / n sum(w))). A year whose growth is not known is left out; n is one less then.
 * Needs 36 months before the asked one, its price and those 3 and 12 months before, and two earlier years with either growth.
 * Source: FAO, SDG indicator 2.c.1; F. Baquedano, Developing an indicator of price anomalies as an early warning tool, 2015.
 * @param month its number
 */
export function ifpa(means: MonthMeans, month: number): Measure {
  const first = Math.min(...means.keys())
  const before = means.size === 0 ? 0 : Math.max(0, month - first)
  if (before < IFPA_MONTHS) return lacks('months', before, IFPA_MONTHS)
  const quarter = anomaly(means, month, { first, over: QUARTER.months })
  if ('lacks' in quarter) return quarter
  const year = anomaly(means, month, { first, over: YEAR.months })
  if ('lacks' in year) return year
  return value(QUARTER.weight * quarter.value + YEAR.weight * year.value)
}

/** From 1 on abnormally high, from 0.5 moderately high, and the mirror of it for lows (FAO). */
export function ifpaClass(score: number): IfpaClass {
  if (score >= 1) return 'abnormally-high'
  if (score >= 0.5) return 'moderately-high'
  if (score <= -1) return 'abnormally-low'
  return score <= -0.5 ? 'moderately-low' : 'normal'
}

function anomaly(
  means: MonthMeans,
  month: number,
  { first, over }: { first: number; over: number },
): Measure {
  const now = growth(means, month, over)
  if (now === undefined) return lacks('comparison', 0, 1)
  const rates: number[] = []
  for (let earlier = month - 12; earlier >= first; earlier -= 12) {
    const rate = growth(means, earlier, over)
    if (rate !== undefined) rates.unshift(rate)
  }
  const n = rates.length
  if (n < IFPA_YEARS) return lacks('years', n, IFPA_YEARS)
  const whole = (n * (n + 1)) / 2
  const weighted = (of: (rate: number) => number) =>
    rates.reduce((sum, rate, index) => sum + ((index + 1) / whole) * of(rate), 0)
  const mean = weighted((rate) => rate)
  const s = Math.sqrt(weighted((rate) => (rate - mean) ** 2) / ((n - 1) / n))
  return s < NOTHING ? lacks('variation', 0, 1) : value((now - mean) / s)
}

/** Compound growth a month; undefined where either price is missing. */
function growth(means: MonthMeans, month: number, over: number): number | undefined {
  const [price, before] = [means.get(month), means.get(month - over)]
  return price === undefined || before === undefined ? undefined : (price / before) ** (1 / over) - 1
}
