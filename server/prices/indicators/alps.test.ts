import { describe, expect, it } from 'vitest'
import { alps, alpsClass, seasonalOf } from './alps.ts'
import { monthNumber } from './months.ts'

const JANUARY = monthNumber('2020-01')
const series = (prices: readonly (number | undefined)[]) =>
  new Map(prices.flatMap((price, index) => (price === undefined ? [] : [[JANUARY + index, price]])))
const months = (count: number, price: (index: number) => number | undefined) =>
  series(Array.from({ length: count }, (_, index) => price(index)))
const valueAt = (means: ReadonlyMap<number, number>, month: number) => {
  const found = alps(means, month)
  return 'value' in found ? found.value : Number.NaN
}

/**
 * Three years of 10,000 + 50 a month, 800 more in each March. Decembers stray by +60, -120, +60: that sums to 0, and to 0 when
 * multiplied with -12, 0, +12 months, so neither level nor trend can take any of it and all of it is residual.
 */
const STRAY = [60, -120, 60]
const worked = (index: number) =>
  10_000 +
  50 * index +
  (index % 12 === 2 ? 800 : 0) +
  (index % 12 === 11 ? (STRAY[Math.floor(index / 12)] ?? 0) : 0)

describe('ALPS, worked by hand', () => {
  const means = months(36, worked)
  const last = JANUARY + 35

  it('trend and season are found as they were laid down', () => {
    const fit = seasonalOf(means)
    // December of the third year: 10,000 + 50 * 35
    expect(fit?.expected.get(last)).toBeCloseTo(11_750, 6)
    // March of the second: 10,000 + 50 * 14 + 800
    expect(fit?.expected.get(JANUARY + 14)).toBeCloseTo(11_500, 6)
    // 60^2 + 120^2 + 60^2 = 21,600 over 36 - 1 residuals
    expect(fit?.sigma).toBeCloseTo(Math.sqrt(21_600 / 35), 6)
  })
  it('is the distance in sigmas: 60 / sqrt(21,600 / 35) = sqrt(35 / 6)', () => {
    expect(valueAt(means, last)).toBeCloseTo(Math.sqrt(35 / 6), 9)
    expect(alpsClass(valueAt(means, last))).toBe('crisis')
  })
  it('what comes later does not change what was said of a month', () => {
    const longer = new Map([...means, [last + 1, 90_000], [last + 2, 4_000]])
    expect(alps(longer, last)).toEqual(alps(means, last))
  })
  it('a month without a price is judged by the newest that has one', () => {
    expect(alps(means, last + 3)).toEqual(alps(means, last))
  })
})

describe('ALPS needs', () => {
  const last = JANUARY + 35
  it.each([
    ['three years', months(14, worked), JANUARY + 13, { what: 'months', have: 14, need: 36 }],
    ['anything at all', new Map(), last, { what: 'months', have: 0, need: 36 }],
    ['35 are not 36', months(35, worked), JANUARY + 34, { what: 'months', have: 35, need: 36 }],
    [
      '70 % of the months: 25 of 36',
      months(36, (index) => (index === 0 || index >= 12 ? worked(index) : undefined)),
      last,
      { what: 'months', have: 25, need: 26 },
    ],
    ['one of the last six months', months(42, worked), JANUARY + 47, { what: 'recent', have: 6, need: 6 }],
    [
      'its calendar month twice',
      months(36, (index) => (index === 11 || index === 23 ? undefined : worked(index))),
      last,
      { what: 'years', have: 1, need: 2 },
    ],
    ['a price that varies', months(36, () => 12_500), last, { what: 'variation', have: 0, need: 1 }],
    [
      'more than a straight line',
      months(48, (index) => 9_000 + 37 * index),
      JANUARY + 47,
      { what: 'variation', have: 0, need: 1 },
    ],
  ])('%s', (_name, means, month, lacks) => {
    expect(alps(means, month)).toEqual({ lacks })
  })
  it('no more than that: 26 of 36 months, the last five months ago', () => {
    const sparse = months(36, (index) =>
      index < 5 || (index >= 10 && index <= 30) ? worked(index) : undefined,
    )
    expect(sparse.size).toBe(26)
    // Decembers only stray twice here: +60 and -120, no longer apart from trend and level, but there is a figure.
    expect(alps(sparse, last)).toHaveProperty('value')
  })
})

it.each([
  [-3, 'normal'],
  [0.2499, 'normal'],
  [0.25, 'stress'],
  [0.9999, 'stress'],
  [1, 'alert'],
  [1.9999, 'alert'],
  [2, 'crisis'],
])('ALPS %d is %s', (score, name) => expect(alpsClass(score)).toBe(name))
