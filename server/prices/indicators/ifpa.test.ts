import { describe, expect, it } from 'vitest'
import { ifpa, ifpaClass } from './ifpa.ts'
import { monthNumber } from './months.ts'

const first = monthNumber('2020-01')
/** Months after January 2020, and their price. */
const series = (prices: Record<number, number>) =>
  new Map(Object.entries(prices).map(([index, price]) => [first + Number(index), price]))

describe('IFPA, worked by hand', () => {
  // Januaries: 1,000, then the same again, then 1.1^12 times as much, then 1.2^12 times that.
  const [p12, p24] = [1_000, 1_000 * 1.1 ** 12]
  const p36 = p24 * 1.2 ** 12
  // The Octobers before grow into them by 0, 10 and 10 % a month.
  const worked = series({
    0: 1_000,
    9: p12,
    12: p12,
    21: p24 / 1.1 ** 3,
    24: p24,
    33: p36 / 1.1 ** 3,
    36: p36,
  })

  it('weighs the quarter 0.4 and the year 0.6', () => {
    // Both rates were 0 (weight 1/3) and 0.1 (weight 2/3) in the two years before: mean = 0.2 / 3.
    // s^2 = (1/3 (0.2/3)^2 + 2/3 (0.1/3)^2) / (1/2) = (0.04 + 0.02) / 27 * 2 = 0.04 / 9, s = 0.2 / 3.
    // z3  = (0.1 - 0.2/3) / (0.2/3) = 0.5 and z12 = (0.2 - 0.2/3) / (0.2/3) = 2: 0.4 * 0.5 + 0.6 * 2 = 1.4.
    const found = ifpa(worked, first + 36)
    expect('value' in found && found.value).toBeCloseTo(1.4, 9)
  })
  it('the latest of three years weighs three times the first', () => {
    // Rates a month were 0, 0 and 0.1, now 0.2, over three months and over twelve alike.
    // w = 1/6, 2/6, 3/6: mean = 0.05, s^2 = (1/2 0.05^2 + 1/2 0.05^2) / (2/3) = 0.00375, z = 0.15 / sqrt(0.00375) = sqrt(6).
    const third = series({
      0: 1_000,
      9: 1_000,
      12: 1_000,
      21: 1_000,
      24: 1_000,
      33: 1_000 * 1.1 ** 9,
      36: 1_000 * 1.1 ** 12,
      45: 1_000 * 1.1 ** 12 * 1.2 ** 9,
      48: 1_000 * 1.1 ** 12 * 1.2 ** 12,
    })
    const found = ifpa(third, first + 48)
    expect('value' in found && found.value).toBeCloseTo(Math.sqrt(6), 9)
  })
  it('this year does not weigh in its own mean, nor does what comes later', () => {
    const found = ifpa(new Map([...worked, [first + 48, 1]]), first + 36)
    expect(found).toEqual(ifpa(worked, first + 36))
  })

  const without = (...gone: number[]) =>
    new Map([...worked].filter(([month]) => !gone.includes(month - first)))
  const flat = series(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [index, 9_000])))
  it.each([
    ['36 months before', worked, 35, { what: 'months', have: 35, need: 36 }],
    ['"14 of 36 months"', worked, 14, { what: 'months', have: 14, need: 36 }],
    ['anything at all', new Map(), 36, { what: 'months', have: 0, need: 36 }],
    ['a price of the month', without(36), 36, { what: 'comparison', have: 0, need: 1 }],
    ['a price of three months before', without(33), 36, { what: 'comparison', have: 0, need: 1 }],
    ['two years to compare with', without(21), 36, { what: 'years', have: 1, need: 2 }],
    ['growth that varies', flat, 59, { what: 'variation', have: 0, need: 1 }],
  ])('needs %s', (_name, means, index, lacks) => {
    expect(ifpa(means, first + index)).toEqual({ lacks })
  })
})

it.each([
  [1, 'abnormally-high'],
  [0.9999, 'moderately-high'],
  [0.5, 'moderately-high'],
  [0.4999, 'normal'],
  [-0.4999, 'normal'],
  [-0.5, 'moderately-low'],
  [-0.9999, 'moderately-low'],
  [-1, 'abnormally-low'],
])('IFPA %d is %s', (score, name) => expect(ifpaClass(score)).toBe(name))
