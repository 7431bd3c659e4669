import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  contributions,
  laspeyres,
  weigh,
  type IndexPoint,
  type KnownPrice,
  type Weighed,
} from './laspeyres.ts'

const prices = (known: Record<string, number | [price: number, fresh: boolean]>) => (code: string) => {
  const given = known[code]
  if (given === undefined) return undefined
  return typeof given === 'number' ? { price: given, fresh: true } : { price: given[0], fresh: given[1] }
}
const at = (weights: Weighed[], known: (code: string) => KnownPrice | undefined): IndexPoint => {
  const point = laspeyres(weights, known)
  if (point === undefined) throw new Error('no index')
  return point
}

describe('worked by hand', () => {
  // 20 kg of rice at 12,000 (240,000), 1 kg of chilli at 60,000: four fifths and one fifth of 300,000
  const weights = weigh([
    { code: 'rice', quantity: 20, base: 12_000 },
    { code: 'chilli', quantity: 1, base: 60_000 },
  ]) as Weighed[]

  it('weights are shares of the cost', () => {
    expect(weights.map(({ code, weight }) => [code, weight])).toEqual([
      ['rice', 0.8],
      ['chilli', 0.2],
    ])
  })
  it('is 100 at base prices, and the cost of the same quantities after', () => {
    expect(laspeyres(weights, prices({ rice: 12_000, chilli: 60_000 }))?.value).toBeCloseTo(100, 10)
    // 20 * 13,200 + 45,000 = 309,000
    expect(laspeyres(weights, prices({ rice: 13_200, chilli: 45_000 }))?.value).toBeCloseTo(103, 10)
  })
  it('contributions: rice 24,000 dearer of 300,000, chilli 15,000 cheaper', () => {
    const from = at(weights, prices({ rice: 12_000, chilli: 60_000 }))
    const to = at(weights, prices({ rice: 13_200, chilli: 45_000 }))
    const [rice, chilli] = contributions(weights, from, to)
    expect(rice).toBeCloseTo(0.08, 10)
    expect(chilli).toBeCloseTo(-0.05, 10)
  })
  it('a commodity without a price goes the way of the others; what is carried is not complete', () => {
    const point = laspeyres(weights, prices({ rice: [13_200, false] }))
    expect(point?.value).toBeCloseTo(110, 10)
    expect(point?.completeness).toBe(0)
    expect(point?.relatives[1]).toBeCloseTo(1.1, 10)
  })
  it('is none without four fifths of the weight, or of the commodities at the base', () => {
    expect(laspeyres(weights, prices({ chilli: 60_000 }))).toBeUndefined()
    const item = (code: string, base: number | null) => ({ code, quantity: 1, base })
    expect(weigh([item('a', 1), item('b', 1), item('c', 1), item('d', null)])).toBeUndefined()
    expect(weigh([item('a', 1), item('b', 1), item('c', 1), item('d', 1), item('e', null)])).toHaveLength(4)
    expect(weigh([])).toBeUndefined()
  })
})

describe('whatever the basket', () => {
  const money = fc.integer({ min: 100, max: 10_000_000 })
  const baskets = fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 500 }),
      base: money,
      before: money,
      after: fc.option(money),
    }),
    { minLength: 1, maxLength: 20 },
  )
  it('contributions sum to the change, in any order of commodities', () => {
    fc.assert(
      fc.property(baskets, (items) => {
        const given = items.map((item, index) => ({ ...item, code: `c${index}` }))
        const count = (basket: typeof given) => {
          const weights = weigh(basket) as Weighed[]
          const from = at(weights, (code) => ({
            price: given.find((one) => one.code === code)?.before ?? 0,
            fresh: true,
          }))
          const to = laspeyres(weights, (code) => {
            const after = given.find((one) => one.code === code)?.after ?? null
            return after === null ? undefined : { price: after, fresh: true }
          })
          return { weights, from, to }
        }
        const { weights, from, to } = count(given)
        const turned = count([...given].reverse())
        if (to === undefined) return
        expect(to.value / (turned.to?.value ?? 0)).toBeCloseTo(1, 9)
        const sum = contributions(weights, from, to).reduce((all, one) => all + one, 0)
        const change = to.value / from.value - 1
        expect(Math.abs(sum - change)).toBeLessThan(1e-9 * Math.max(1, Math.abs(change)))
        const relatives = to.relatives
        expect(to.value).toBeGreaterThanOrEqual(100 * Math.min(...relatives) * (1 - 1e-9))
        expect(to.value).toBeLessThanOrEqual(100 * Math.max(...relatives) * (1 + 1e-9))
      }),
    )
  })
  it('a dearer commodity never makes it fall', () => {
    fc.assert(
      fc.property(baskets, fc.nat(), (items, pick) => {
        const weights = weigh(items.map((item, index) => ({ ...item, code: String(index) }))) as Weighed[]
        const dear = String(pick % items.length)
        const value = (factor: number) =>
          at(weights, (code) => ({
            price: (items[Number(code)]?.before ?? 0) * (code === dear ? factor : 1),
            fresh: true,
          })).value
        expect(value(2)).toBeGreaterThan(value(1))
      }),
    )
  })
})
