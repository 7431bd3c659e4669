import { describe, expect, it } from 'vitest'
import { backoff, StallWatch } from './backoff.ts'

describe('backoff', () => {
  it('doubles, and gives up in the end', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(backoff)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, null])
  })
})

describe('StallWatch', () => {
  it('lets a picture pause within the limit, and tells when it stood longer', () => {
    const watch = new StallWatch(0, 8_000)
    expect(watch.stalled(7_000, 0)).toBe(false)
    expect(watch.stalled(9_000, 0.5)).toBe(false)
    expect(watch.stalled(16_900, 0.5)).toBe(false)
    expect(watch.stalled(17_001, 0.5)).toBe(true)
  })
  it('counts from its start for a video that never begins', () => {
    const watch = new StallWatch(1_000, 8_000)
    expect(watch.stalled(2_000, 0)).toBe(false)
    expect(watch.stalled(10_001, 0)).toBe(true)
  })
})
