import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dailyOf } from './daily.ts'
import { KNOWN_DAYS, METHOD_NAMES, METHODS } from './methods.ts'

const of = (...prices: number[]) => Float64Array.from(prices)
const days = (count: number, price: (index: number) => number) =>
  Float64Array.from({ length: count }, (_, index) => price(index))

describe('prices by day', () => {
  it('carries a price over seven days and no further', () => {
    const { first, prices, reported } = dailyOf([
      { day: '2026-01-12', median: 300 },
      { day: '2026-01-01', median: 100 },
      { day: '2026-01-03', median: 200 },
    ])
    expect(first).toBe('2026-01-01')
    expect([...prices]).toEqual([100, 100, 200, 200, 200, 200, 200, 200, 200, 200, Number.NaN, 300])
    expect([...reported]).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  })
  it('is empty without prices', () => {
    expect(dailyOf([])).toEqual({ first: '', prices: new Float64Array(0), reported: new Uint8Array(0) })
  })
})

describe('worked by hand', () => {
  it('naive: the last price', () => {
    expect([...(METHODS.naive(of(100, 120), 3) ?? [])]).toEqual([120, 120, 120])
  })
  it("seasonal naive: last year's way from today's price", () => {
    // a year before the price stood at 100, and went to 110 and 90
    const known = days(365, (index) => ({ 0: 100, 1: 110, 2: 90 })[index] ?? 200)
    expect([...(METHODS['seasonal-naive'](known, 2) ?? [])]).toEqual([220, 180])
    expect(METHODS['seasonal-naive'](known.subarray(1), 2)).toBeUndefined()
  })
  it('drift: as much a day as from the first to the last', () => {
    // 14 prices, each a tenth above the one before
    const [one, two] =
      METHODS.drift(
        days(14, (index) => 100 * 1.1 ** index),
        2,
      ) ?? []
    expect(one).toBeCloseTo(100 * 1.1 ** 14, 6)
    expect(two).toBeCloseTo(100 * 1.1 ** 15, 6)
  })
  it('Holt: a steady rise goes on, damped', () => {
    const rising = days(200, (index) => 10_000 * 1.01 ** index)
    const ahead = METHODS.holt(rising, 14) ?? of()
    const last = rising[199] as number
    // the first step is nearly a hundredth, each of the others smaller than the one before
    expect((ahead[0] as number) / last).toBeGreaterThan(1.009)
    const steps = [...ahead].map((price, index) => price / (ahead[index - 1] ?? last))
    steps.reduce((before, step) => (expect(step).toBeLessThan(before), step))
    expect(ahead[13]).toBeLessThan(last * 1.01 ** 14)
  })
  it('Holt-Winters: a week repeats itself', () => {
    const weekly = days(140, (index) => (index % 7 === 0 ? 12_000 : 10_000))
    const ahead = METHODS['holt-winters'](weekly, 14) ?? of()
    expect([...ahead].map((price) => (price > 11_000 ? 1 : 0))).toEqual([
      1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
    ])
  })
  it('Holt-Winters: with three years the season is the year', () => {
    const yearly = days(3 * 364, (index) => 10_000 * Math.exp(0.5 * Math.sin((2 * Math.PI * index) / 364)))
    const ahead = METHODS['holt-winters'](yearly, 14) ?? of()
    const true14 = 10_000 * Math.exp(0.5 * Math.sin((2 * Math.PI * (3 * 364 + 13)) / 364))
    // the naive forecast is off by over a tenth
    expect(Math.abs((ahead[13] as number) / true14 - 1)).toBeLessThan(0.03)
  })
  it('regression: what always comes back is expected back', () => {
    // ln(price) halves its distance from the mean each week, pushed away anew every 70 days
    const known = days(730, (index) => 10_000 * Math.exp(0.5 ** ((index % 70) / 7)))
    const ahead = METHODS.regression(known.subarray(0, 640), 14) ?? of()
    expect(ahead[13]).toBeLessThan((known[639] as number) * 0.8)
  })
})

const prices = fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 60 })
/** A history of any length made of pieces that repeat, with holes. */
const histories = fc
  .record({
    prices,
    length: fc.integer({ min: 1, max: KNOWN_DAYS }),
    hole: fc.option(fc.integer({ min: 0, max: KNOWN_DAYS }), { nil: undefined }),
  })
  .map(({ prices: some, length, hole }) =>
    days(length, (index) =>
      index === hole && index < length - 1
        ? Number.NaN
        : (some[(index * 7 + (index >> 3)) % some.length] as number),
    ),
  )

describe('whatever the history, each method', () => {
  it.each(METHOD_NAMES)('%s gives prices above zero or none', (method) => {
    fc.assert(
      fc.property(histories, (known) => {
        const ahead = METHODS[method](known, 14)
        expect(ahead === undefined || ahead.length === 14).toBe(true)
        expect([...(ahead ?? [])].every((price) => Number.isFinite(price) && price > 0)).toBe(true)
      }),
      { numRuns: 40 },
    )
  })
  it.each(METHOD_NAMES)('%s says the same in another money', (method) => {
    fc.assert(
      fc.property(histories, (known) => {
        const own = METHODS[method](known, 14)
        const hundredfold = METHODS[method](
          known.map((price) => price * 128),
          14,
        )
        expect(hundredfold === undefined).toBe(own === undefined)
        own?.forEach((price, index) => expect((hundredfold?.[index] ?? 0) / (128 * price)).toBeCloseTo(1, 6))
      }),
      { numRuns: 30 },
    )
  })
  it.each(METHOD_NAMES)('%s leaves a price that never moved where it is', (method) => {
    for (const length of [1, 60, 400, KNOWN_DAYS])
      METHODS[method](
        days(length, () => 14_500),
        14,
      )?.forEach((price) => expect(price).toBeCloseTo(14_500, 6))
  })
  it.each(METHOD_NAMES)('%s writes nothing into what it is given', (method) => {
    const known = days(KNOWN_DAYS, (index) => 10_000 + 137 * (index % 29))
    const before = known.slice()
    METHODS[method](known, 14)
    expect(known).toEqual(before)
  })
})
