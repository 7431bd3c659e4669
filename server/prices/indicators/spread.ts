import { median as middleOf } from '#contract/quality/index.ts'
import type { Ceiling } from '#contract/price.ts'
import type { Measure } from '#contract/indicators.ts'
import { addDays } from '../days.ts'
import { excessOf } from '../naming.ts'
import type { Medians } from './changes.ts'
import type { MonthTotals } from './inputs.ts'
import { deviation, lacks, mean, value } from './measure.ts'

/** Median of the markets' prices of a day, rupiah; of an even count the mean of the middle two. Needs one market. */
export const cityMedian = (prices: readonly number[]): Measure => {
  const middle = middleOf(prices)
  return middle === undefined ? lacks('markets', 0, 1) : value(middle)
}
/** Lowest and highest of the markets' prices, rupiah. Needs one market. */
export const band = (prices: readonly number[]): { low: Measure; high: Measure } =>
  prices.length === 0
    ? { low: lacks('markets', 0, 1), high: lacks('markets', 0, 1) }
    : { low: value(Math.min(...prices)), high: value(Math.max(...prices)) }

const TRIMMED_SHARE = 0.1
const TRIMMED_FROM = 5

/** Mean without the tenth of the markets at each end (at least one, from five markets on), rupiah. Needs one market. */
export function trimmedMean(prices: readonly number[]): Measure {
  if (prices.length === 0) return lacks('markets', 0, 1)
  const cut = prices.length < TRIMMED_FROM ? 0 : Math.max(1, Math.floor(prices.length * TRIMMED_SHARE))
  const sorted = prices.toSorted((a, b) => a - b)
  return value(mean(sorted.slice(cut, sorted.length - cut)))
}

/** Disparity among markets, a share: (max - min) / min. Needs two markets. */
export const disparity = (prices: readonly number[]): Measure =>
  prices.length < 2
    ? lacks('markets', prices.length, 2)
    : value((Math.max(...prices) - Math.min(...prices)) / Math.min(...prices))

/**
 * Margin of retail over producers, a share: (retail - producer) / producer, both medians.
 * @param producer null: none was reported; undefined: nothing is recorded of producers of it
 */
export const margin = (retail: number | undefined, producer: number | null | undefined): Measure =>
  retail === undefined
    ? lacks('days', 0, 1)
    : producer === undefined || producer === null
      ? lacks('producer', 0, 1)
      : value((retail - producer) / producer)

const VARIATION_DAYS = 30
const VARIATION_NEEDS = 15

/** Coefficient of variation of the city median over 30 days, a share: sample standard deviation / mean. Needs 15 days. */
export function variation30(medians: Medians, day: string): Measure {
  const known = Array.from({ length: VARIATION_DAYS }, (_, back) => medians.get(addDays(day, -back))).filter(
    (one) => one !== undefined,
  )
  if (known.length < VARIATION_NEEDS) return lacks('days', known.length, VARIATION_NEEDS)
  return value(deviation(known) / mean(known))
}

const YEAR_NEEDS = 90

/**
 * Coefficient of variation of the daily city medians of a calendar year, a share, from the months' sums:
 * sqrt((Σx² - (Σx)²/n) / (n - 1)) / (Σx/n). Needs 90 priced days.
 */
export function variationOfYear(months: readonly MonthTotals[], year: string): Measure {
  let [days, total, squares] = [0, 0, 0]
  for (const month of months) {
    if (!month.month.startsWith(year)) continue
    days += month.days
    total += month.total
    squares += month.squares
  }
  if (days < YEAR_NEEDS) return lacks('days', days, YEAR_NEEDS)
  // Of equal prices the difference may come out just below zero.
  const variance = Math.max(0, (squares - (total * total) / days) / (days - 1))
  return value(Math.sqrt(variance) / (total / days))
}

/** Mean of the commodities' coefficients of variation, a share. Needs one. */
export const meanVariation = (variations: readonly number[]): Measure =>
  variations.length === 0 ? lacks('days', 0, YEAR_NEEDS) : value(mean(variations))

const WATCHED_DAYS = 30

/**
 * Days of the 30 to this one on which the city median stood above the ceiling, each judged by the rule in force on it.
 * Needs a day with a price and a rule.
 */
export function daysAbove(
  medians: Medians,
  day: string,
  ceilingOn: (day: string) => Pick<Ceiling, 'price'> | null,
): Measure {
  let [known, above] = [0, 0]
  for (let back = 0; back < WATCHED_DAYS; back += 1) {
    const of = addDays(day, -back)
    const [median, ceiling] = [medians.get(of), ceilingOn(of)]
    if (median === undefined || ceiling === null) continue
    known += 1
    if (median > ceiling.price) above += 1
  }
  return known === 0 ? lacks('ceiling', 0, 1) : value(above)
}

/** Excess of the city median over the ceiling in force on the day, a share; negative is below. */
export const excess = (median: number | undefined, ceiling: Pick<Ceiling, 'price'> | null): Measure =>
  median === undefined
    ? lacks('days', 0, 1)
    : ceiling === null
      ? lacks('ceiling', 0, 1)
      : value(excessOf(median, ceiling))
