import { describe, expect, it } from 'vitest'
import { isSlow, learn, type UsualLatency } from './latency.ts'

const learnt = (values: readonly number[], from: UsualLatency | null = null) =>
  values.reduce<UsualLatency | null>(learn, from) as UsualLatency
/** Always the same, and spread over the whole range: steps of the golden ratio. */
const scattered = (count: number, low: number, high: number) =>
  Array.from({ length: count }, (_, n) => low * (high / low) ** ((n * 0.618034) % 1))

describe('the usual latency', () => {
  it('is near the median after some checks, whatever the first was', () => {
    const usual = learnt([400, ...scattered(300, 10, 40)])
    expect(usual.median).toBeGreaterThan(17)
    expect(usual.median).toBeLessThan(24)
  })
  it('is not moved by a few enormous values', () => {
    const before = learnt(scattered(1_000, 10, 40))
    const after = learnt([60_000, 60_000, 60_000], before)
    expect(after.median / before.median).toBeLessThan(1.01)
  })
  it('follows what stays, over about a day', () => {
    const before = learnt(scattered(3_000, 20, 30))
    const hour = learnt(scattered(120, 200, 300), before)
    expect(isSlow(hour, 250, 5)).toBe(true)
    const days = learnt(scattered(3 * 2_880, 200, 300), before)
    expect(isSlow(days, 250, 5)).toBe(false)
  })
})

describe('slow', () => {
  const steady = learnt(scattered(500, 18, 22))
  it.each([
    [25, 5, false],
    [69, 2, false], // twice as long, but by less than 50 ms
    [90, 5, false],
    [110, 5, true],
    [5_000, 0, false],
  ])('%s ms at a factor of %s: %s', (ms, factor, slow) => expect(isSlow(steady, ms, factor)).toBe(slow))

  it('is not said before the camera is known', () => {
    expect(isSlow(learnt(Array<number>(19).fill(20)), 5_000, 5)).toBe(false)
    expect(isSlow(learnt(Array<number>(20).fill(20)), 5_000, 5)).toBe(true)
    expect(isSlow(null, 5_000, 5)).toBe(false)
  })
  it('is not what a restless line does every day', () => {
    const restless = learnt(scattered(2_000, 20, 2_000))
    expect(isSlow(restless, 1_900, 5)).toBe(false)
  })
})
