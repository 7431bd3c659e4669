import { describe, expect, it } from 'vitest'
import { addDays } from '../days.ts'
import type { MonthTotals } from './inputs.ts'
import {
  band,
  cityMedian,
  daysAbove,
  disparity,
  excess,
  margin,
  meanVariation,
  trimmedMean,
  variation30,
  variationOfYear,
} from './spread.ts'

const DAY = '2026-06-30'
const lastDays = (prices: readonly number[]) =>
  new Map(prices.map((price, back) => [addDays(DAY, -back), price]))

describe('the markets of a day, worked by hand', () => {
  it('median: the middle, or the mean of the middle two', () => {
    expect(cityMedian([14_000, 12_000, 13_000])).toEqual({ value: 13_000 })
    expect(cityMedian([14_000, 12_000, 13_000, 99_000])).toEqual({ value: 13_500 })
    expect(cityMedian([])).toEqual({ lacks: { what: 'markets', have: 0, need: 1 } })
  })
  it('band: lowest and highest', () => {
    expect(band([14_000, 12_000, 13_000])).toEqual({ low: { value: 12_000 }, high: { value: 14_000 } })
    expect(band([])).toMatchObject({ low: { lacks: { have: 0 } }, high: { lacks: { have: 0 } } })
  })
  it.each([
    ['four: nothing left out', [1, 2, 3, 10], 4],
    ['five: one at each end', [3, 1, 900, 2, 4], 3], // (2 + 3 + 4) / 3
    ['nineteen: one', [0, ...Array<number>(17).fill(7), 900], 7],
    ['twenty: two', [0, 1, ...Array<number>(16).fill(7), 800, 900], 7],
  ])('trimmed mean of %s', (_name, markets, mean) => {
    expect(trimmedMean(markets)).toEqual({ value: mean })
  })
  it('disparity: (15,000 - 12,000) / 12,000', () => {
    expect(disparity([15_000, 12_000, 13_000])).toEqual({ value: 0.25 })
    expect(disparity([15_000])).toEqual({ lacks: { what: 'markets', have: 1, need: 2 } })
  })
  it('margin: (39,000 - 30,000) / 30,000', () => {
    expect(margin(39_000, 30_000)).toEqual({ value: 0.3 })
    expect(margin(39_000, null)).toEqual({ lacks: { what: 'producer', have: 0, need: 1 } })
    expect(margin(undefined, 30_000)).toEqual({ lacks: { what: 'days', have: 0, need: 1 } })
  })
})

describe('coefficient of variation, worked by hand', () => {
  // Eight of 9,000 and eight of 11,000: mean 10,000, sd sqrt(16 * 1,000^2 / 15)
  const sixteen = Array.from({ length: 16 }, (_, index) => (index < 8 ? 9_000 : 11_000))
  it('30 days: sqrt(16/15) * 0.1', () => {
    const found = variation30(lastDays(sixteen), DAY)
    expect('value' in found && found.value).toBeCloseTo(0.1 * Math.sqrt(16 / 15), 12)
  })
  it('the 31st day back does not count; 15 days do', () => {
    const found = variation30(new Map([...lastDays(sixteen), [addDays(DAY, -30), 90_000]]), DAY)
    expect(found).toEqual(variation30(lastDays(sixteen), DAY))
    expect(variation30(lastDays(Array<number>(15).fill(8_000)), DAY)).toEqual({ value: 0 })
    expect(variation30(lastDays(Array<number>(14).fill(8_000)), DAY)).toEqual({
      lacks: { what: 'days', have: 14, need: 15 },
    })
  })
  const month = (of: string, days: number, price: number): MonthTotals => ({
    month: of,
    days,
    total: days * price,
    squares: days * price * price,
  })
  it('a year from the sums of its months: sqrt(90/89) * 0.1', () => {
    // 45 days of 9,000 and 45 of 11,000; other years stay out of it
    const months = [month('2024-12', 31, 1), month('2025-03', 45, 9_000), month('2025-04', 45, 11_000)]
    const found = variationOfYear(months, '2025')
    expect('value' in found && found.value).toBeCloseTo(0.1 * Math.sqrt(90 / 89), 12)
    expect(variationOfYear(months, '2024')).toEqual({ lacks: { what: 'days', have: 31, need: 90 } })
    expect(variationOfYear(months, '2026')).toEqual({ lacks: { what: 'days', have: 0, need: 90 } })
  })
  it('a price that never moved varies by 0, also where sums are beyond exact counting', () => {
    const found = variationOfYear([month('2025-03', 364, 9_999_999)], '2025')
    expect('value' in found && found.value).toBeLessThan(1e-6)
  })
  it('averaged over commodities', () => {
    expect(meanVariation([0.1, 0.3])).toEqual({ value: 0.2 })
    expect(meanVariation([])).toHaveProperty('lacks')
  })
})

describe('ceilings, worked by hand', () => {
  // Until 15 June 12,500 was the rule, from then on 13,500.
  const ceilingOn = (day: string) => ({ price: day < '2026-06-15' ? 12_500 : 13_500 })
  it('an old day is judged by its own rule', () => {
    const steady = lastDays(Array<number>(40).fill(13_000))
    // above 12,500 on the 14 days of June before the rule (the 30 days begin on the 1st), below 13,500 on the 16 after
    expect(daysAbove(steady, DAY, ceilingOn)).toEqual({ value: 14 })
    // (13,000 - 12,500) / 12,500
    expect(excess(13_000, ceilingOn('2026-06-14'))).toEqual({ value: 0.04 })
    // (13,000 - 13,500) / 13,500
    expect(excess(13_000, ceilingOn(DAY))).toEqual({ value: -500 / 13_500 })
  })
  it('at the ceiling is not above it', () => {
    expect(daysAbove(lastDays([13_500, 13_501]), DAY, ceilingOn)).toEqual({ value: 1 })
    expect(excess(13_500, ceilingOn(DAY))).toEqual({ value: 0 })
  })
  it('without a rule, or a price, there is no figure', () => {
    const ceiling = { lacks: { what: 'ceiling', have: 0, need: 1 } }
    expect(daysAbove(lastDays([13_500]), DAY, () => null)).toEqual(ceiling)
    expect(excess(13_000, null)).toEqual(ceiling)
    expect(excess(undefined, { price: 13_500 })).toEqual({ lacks: { what: 'days', have: 0, need: 1 } })
  })
})
