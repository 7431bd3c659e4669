import type { CommodityFigures, CommodityIndicators, IndicatorName, Measure } from '#contract/indicators.ts'
import { alps, alpsClass, seasonalOf } from './alps.ts'
import { change, changeBeforeLebaran } from './changes.ts'
import { ifpa, ifpaClass } from './ifpa.ts'
import type { IndicatorInputs, MonthTotals } from './inputs.ts'
import { numberOf, value } from './measure.ts'
import { meansOf, monthName, monthNumber } from './months.ts'
import {
  cityMedian,
  band,
  daysAbove,
  disparity,
  excess,
  margin,
  trimmedMean,
  variation30,
  variationOfYear,
} from './spread.ts'

/** All indicators of one commodity as of one day. Pure: the same inputs give the same figures. */
export function figuresOf(inputs: IndicatorInputs): CommodityFigures {
  const { commodity, day, days, months, trimmed, markets, producer, ceilingOn, lebaran } = inputs
  const medians = new Map(days.map((one) => [one.day, one.median]))
  const now = medians.get(day)
  // Where no market reported, the city's figure comes from a portal, and there is no band.
  const figure = (of: Measure, portal: number | null | undefined) =>
    markets.length > 0 || portal === null || portal === undefined ? of : value(portal)
  const { low, high } = band(markets)
  const means = meansOf(months)
  const month = monthNumber(day)
  const [spikes, anomaly] = [alps(means, month), ifpa(means, month)]
  const ceiling = ceilingOn(day)
  const measures: Record<IndicatorName, Measure> = {
    'change-day': change(medians, day, 'day'),
    'change-week': change(medians, day, 'week'),
    'change-month': change(medians, day, 'month'),
    'change-year': change(medians, day, 'year'),
    'change-lebaran': changeBeforeLebaran(medians, day, lebaran),
    median: figure(cityMedian(markets), now),
    'band-low': low,
    'band-high': high,
    'trimmed-mean': figure(trimmedMean(markets), trimmed),
    disparity: disparity(markets),
    margin: margin(now, producer),
    'variation-30': variation30(medians, day),
    'variation-year': variationOfYear(months, day.slice(0, 4)),
    'days-above': daysAbove(medians, day, ceilingOn),
    excess: excess(now, ceiling),
    alps: spikes,
    ifpa: anomaly,
  }
  const [spike, unusual] = [numberOf(spikes), numberOf(anomaly)]
  return {
    commodity,
    day,
    measures,
    alpsClass: spike === undefined ? null : alpsClass(spike),
    ifpaClass: unusual === undefined ? null : ifpaClass(unusual),
    ceilingKind: ceiling?.kind ?? null,
  }
}

/** Month by month what a page draws: means, what trend and season expect by all of it, ALPS and IFPA as of each month. */
export function monthlyOf(months: readonly MonthTotals[]): CommodityIndicators['monthly'] {
  const means = meansOf(months)
  if (means.size === 0) return []
  const expected = seasonalOf(means)?.expected
  const [first, last] = [Math.min(...means.keys()), Math.max(...means.keys())]
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const month = first + index
    return {
      month: monthName(month),
      mean: means.get(month) ?? null,
      seasonal: expected?.get(month) ?? null,
      alps: means.has(month) ? (numberOf(alps(means, month)) ?? null) : null,
      ifpa: numberOf(ifpa(means, month)) ?? null,
    }
  })
}

/** The coefficient of variation of every year that has a price. */
export function yearlyOf(months: readonly MonthTotals[]): CommodityIndicators['yearly'] {
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))].sort()
  return years.map((year) => ({ year: Number(year), variation: variationOfYear(months, year) }))
}

/** The coefficients of variation of the year, of the commodities that have one. */
export const variationsOf = (figures: readonly CommodityFigures[]): number[] =>
  figures.flatMap(({ measures }) => {
    const measure = measures['variation-year']
    return measure !== undefined && 'value' in measure ? [measure.value] : []
  })
