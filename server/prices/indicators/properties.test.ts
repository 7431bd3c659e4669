import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Measure } from '#contract/indicators.ts'
import { addDays } from '../days.ts'
import { alps } from './alps.ts'
import { change, changeBeforeLebaran } from './changes.ts'
import { figuresOf } from './figures.ts'
import { ifpa } from './ifpa.ts'
import type { IndicatorInputs } from './inputs.ts'
import { meansOf, monthNumber } from './months.ts'
import {
  band,
  cityMedian,
  disparity,
  excess,
  margin,
  trimmedMean,
  variation30,
  variationOfYear,
} from './spread.ts'
import { totalsOf } from './totals.ts'

const FIRST = '2021-11-05'
const rupiah = fc.integer({ min: 1, max: 10_000_000 })
const markets = fc.array(rupiah, { maxLength: 25 })
const steps = fc.oneof(
  { weight: 5, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 40 }) },
)
/** Up to some years of days in order, some without a price. */
const histories = fc
  .array(fc.tuple(steps, rupiah), { minLength: 1, maxLength: 400, size: 'max' })
  .map((moves) => {
    let day = FIRST
    return moves.map(([step, median]) => ({ day: (day = addDays(day, step)), median }))
  })
/** Monthly means, whole and in order, so that there is a figure to look at. */
const months = fc
  .array(fc.integer({ min: 5_000, max: 90_000 }), { minLength: 37, maxLength: 90 })
  .map((prices) => new Map(prices.map((price, index) => [monthNumber('2018-03') + index, price])))
const factors = fc.constantFrom(2, 10, 0.5, 1_000, 0.001)

const numberOf = (measure: Measure) => ('value' in measure ? measure.value : undefined)
const same = (a: Measure, b: Measure) => {
  const [first, second] = [numberOf(a), numberOf(b)]
  if (first === undefined || second === undefined) expect(a).toEqual(b)
  else expect(Math.abs(first - second)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(first)))
}
const newest = (means: ReadonlyMap<number, number>) => Math.max(...means.keys())
const inputsOf = (days: { day: string; median: number }[], prices: number[]): IndicatorInputs => {
  const day = days[days.length - 1]?.day ?? FIRST
  return {
    commodity: 'beras',
    day,
    days,
    trimmed: null,
    months: totalsOf(days),
    markets: prices,
    producer: prices[0] ?? null,
    ceilingOn: (of) =>
      of < '2023-06-01' ? null : { kind: 'HET', price: 13_500, regulation: '', validFrom: null },
    lebaran: ['2022-05-02', '2023-04-22', '2024-04-10', '2025-03-31', '2026-03-21'],
  }
}

describe('whatever the prices', () => {
  it('a measure is a finite number, or says of what it has less than it needs', () => {
    fc.assert(
      fc.property(histories, markets, (days, prices) => {
        for (const measure of Object.values(figuresOf(inputsOf(days, prices)).measures)) {
          if ('value' in measure) expect(measure.value).toSatisfy(Number.isFinite)
          else if (measure.lacks.what === 'recent')
            expect(measure.lacks.have).toBeGreaterThanOrEqual(measure.lacks.need)
          else expect(measure.lacks.have).toBeLessThan(measure.lacks.need)
        }
      }),
    )
  })
  it('a class stands exactly where there is a figure', () => {
    fc.assert(
      fc.property(histories, (days) => {
        const { measures, alpsClass, ifpaClass } = figuresOf(inputsOf(days, []))
        expect([alpsClass !== null, ifpaClass !== null]).toEqual(
          [measures['alps'], measures['ifpa']].map((one) => one !== undefined && 'value' in one),
        )
      }),
    )
  })
  it('below 36 months neither ALPS nor IFPA is a number', () => {
    fc.assert(
      fc.property(months, fc.integer({ min: 0, max: 34 }), (means, index) => {
        const month = Math.min(...means.keys()) + index
        expect(alps(means, month)).toHaveProperty('lacks')
        expect(ifpa(means, month)).toHaveProperty('lacks')
      }),
    )
  })
})

describe('the order in which prices come does not matter', () => {
  const turned = <K, V>(map: ReadonlyMap<K, V>) => new Map([...map].toReversed())
  it('of markets', () => {
    fc.assert(
      fc.property(markets, (prices) => {
        const other = prices.toReversed()
        for (const measure of [cityMedian, trimmedMean, disparity]) same(measure(prices), measure(other))
        same(band(prices).low, band(other).low)
        same(band(prices).high, band(other).high)
      }),
    )
  })
  it('of months and days', () => {
    fc.assert(
      fc.property(months, histories, (means, days) => {
        same(alps(means, newest(means)), alps(turned(means), newest(means)))
        same(ifpa(means, newest(means)), ifpa(turned(means), newest(means)))
        expect(totalsOf(days.toReversed())).toEqual(totalsOf(days))
      }),
    )
  })
})

describe('prices in other money change no share and no score', () => {
  it('of months', () => {
    fc.assert(
      fc.property(months, factors, (means, factor) => {
        const scaled = new Map([...means].map(([month, price]) => [month, price * factor]))
        same(alps(means, newest(means)), alps(scaled, newest(means)))
        same(ifpa(means, newest(means)), ifpa(scaled, newest(means)))
      }),
    )
  })
  it('of days and markets', () => {
    fc.assert(
      fc.property(histories, markets, factors, (days, prices, factor) => {
        const day = days[days.length - 1]?.day ?? FIRST
        const medians = new Map(days.map((one) => [one.day, one.median]))
        const scaled = new Map([...medians].map(([of, price]) => [of, price * factor]))
        for (const span of ['day', 'week', 'month', 'year'] as const)
          same(change(medians, day, span), change(scaled, day, span))
        const feasts = ['2022-05-02', '2023-04-22', '2024-04-10', '2025-03-31', '2026-03-21']
        same(changeBeforeLebaran(medians, day, feasts), changeBeforeLebaran(scaled, day, feasts))
        same(variation30(medians, day), variation30(scaled, day))
        same(disparity(prices), disparity(prices.map((price) => price * factor)))
        const [retail, producer] = [prices[0] ?? 9_000, prices[1] ?? 7_000]
        same(margin(retail, producer), margin(retail * factor, producer * factor))
      }),
    )
  })
})

describe('a dearer price', () => {
  const dearer = fc.tuple(rupiah, fc.integer({ min: 1, max: 1_000_000 }))
  it('raises the change since, the margin, the excess; never the median down', () => {
    fc.assert(
      fc.property(dearer, rupiah, markets, ([price, more], before, others) => {
        const days = (now: number) => new Map([['2026-03-31', now] as const, ['2026-03-30', before] as const])
        const [low, high] = [price, price + more]
        const rises = (of: (price: number) => Measure) => (numberOf(of(high)) ?? 0) - (numberOf(of(low)) ?? 0)
        expect(rises((now) => change(days(now), '2026-03-31', 'day'))).toBeGreaterThan(0)
        expect(rises((now) => margin(now, before))).toBeGreaterThan(0)
        expect(rises((now) => excess(now, { price: before }))).toBeGreaterThan(0)
        expect(rises((now) => cityMedian([...others, now]))).toBeGreaterThanOrEqual(0)
        expect(rises((now) => trimmedMean([...others, now]))).toBeGreaterThanOrEqual(-1e-6)
      }),
    )
  })
  it('raises the ALPS and the IFPA of its own month', () => {
    fc.assert(
      fc.property(months, fc.double({ min: 1.01, max: 3, noNaN: true }), (means, factor) => {
        const month = newest(means)
        const raised = new Map([...means, [month, (means.get(month) ?? 0) * factor]])
        const [a, b] = [numberOf(ifpa(means, month)), numberOf(ifpa(raised, month))]
        if (a !== undefined && b !== undefined) expect(b).toBeGreaterThan(a)
        const [c, d] = [numberOf(alps(means, month)), numberOf(alps(raised, month))]
        if (c !== undefined && d !== undefined) expect(d).toBeGreaterThan(c)
      }),
    )
  })
  it('lies in the band, as do median and trimmed mean', () => {
    fc.assert(
      fc.property(fc.array(rupiah, { minLength: 1, maxLength: 25 }), (prices) => {
        const { low, high } = band(prices)
        for (const measure of [cityMedian(prices), trimmedMean(prices)]) {
          expect(numberOf(measure)).toBeGreaterThanOrEqual((numberOf(low) ?? 0) * (1 - 1e-12))
          expect(numberOf(measure)).toBeLessThanOrEqual((numberOf(high) ?? 0) * (1 + 1e-12))
        }
      }),
    )
  })
  it('sums of months say the same of a year as its days', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 5_000, max: 90_000 }), { minLength: 90, maxLength: 365 }),
        (prices) => {
          const days = prices.map((median, index) => ({ day: addDays('2025-01-01', index), median }))
          const mean = prices.reduce((sum, price) => sum + price, 0) / prices.length
          const squares = prices.reduce((sum, price) => sum + (price - mean) ** 2, 0)
          same(variationOfYear(totalsOf(days), '2025'), {
            value: Math.sqrt(squares / (prices.length - 1)) / mean,
          })
          expect(meansOf(totalsOf(days)).size).toBeGreaterThan(2)
        },
      ),
    )
  })
})
