import fc from 'fast-check'
import { expect, it } from 'vitest'
import { medianOf } from './sellers.ts'

const prices = fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 9 })

it.each([
  [[5_000], 5_000],
  [[5_000, 7_000], 6_000],
  [[5_000, 5_001], 5_001],
  [[5_000, 5_003], 5_002],
  [[9_000, 1_000, 5_000], 5_000],
  [[1, 2, 3, 10_000_000], 3],
  [[10_000_000, 10_000_000], 10_000_000],
])('of %j it is %i', (given, median) => expect(medianOf(given)).toBe(median))

it('is a whole number between the least and the most, whatever the order', () => {
  fc.assert(
    fc.property(prices, (given) => {
      const median = medianOf(given)
      expect(Number.isInteger(median)).toBe(true)
      expect(median).toBeGreaterThanOrEqual(Math.min(...given))
      expect(median).toBeLessThanOrEqual(Math.max(...given))
      expect(medianOf([...given].reverse())).toBe(median)
    }),
  )
})

it('does not fall where a seller asks more', () => {
  fc.assert(
    fc.property(prices, fc.nat(8), fc.integer({ min: 1, max: 1_000 }), (given, which, more) => {
      const raised = given.map((price, place) => (place === which % given.length ? price + more : price))
      expect(medianOf(raised)).toBeGreaterThanOrEqual(Number(medianOf(given)))
    }),
  )
})

it('has no answer for nothing', () => expect(medianOf([])).toBeNull())
