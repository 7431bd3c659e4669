import { describe, expect, it } from 'vitest'
import { backoffMs, CAP_MS, retryAfterMs } from './backoff.ts'

describe('the wait after failures', () => {
  it.each([
    // failures, random, Retry-After, expected
    [0, 0.5, undefined, 0],
    [1, 0, undefined, 2_500],
    [1, 1, undefined, 5_000],
    [2, 0, undefined, 5_000],
    [3, 1, undefined, 20_000],
    [9, 1, undefined, 1_280_000],
    [10, 1, undefined, CAP_MS],
    [10, 0, undefined, CAP_MS / 2],
    [5_000, 1, undefined, CAP_MS],
    [1, 0, 60_000, 60_000],
    [1, 1, 60_000, 60_500],
    [9, 0, 60_000, 60_000],
    [1, 0, 0, 5_000],
    [1, 0, 3_600_000, 3_600_000],
    [1, 0, 1e12, 86_400_000],
  ])('%i failures, random %d, Retry-After %s: %i ms', (failures, random, retryAfter, expected) => {
    expect(backoffMs(failures, random, retryAfter)).toBe(expected)
  })
})

describe('Retry-After', () => {
  const now = new Date('2026-11-24T03:00:00Z')
  it.each([
    ['120', 120_000],
    [' 5 ', 5_000],
    ['0', 0],
    ['Tue, 24 Nov 2026 03:02:00 GMT', 120_000],
    ['Tue, 24 Nov 2026 02:00:00 GMT', 0],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['Sometime', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected)
  })
})
