import { describe, expect, it } from 'vitest'
import { hourTicks } from './hours.ts'

const HOUR = 3_600_000
const wib = (ms: number) => (Math.floor(ms / HOUR) + 7) % 24
const from = Date.parse('2026-11-01T10:20:00Z')
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16)

describe('hourTicks', () => {
  it('marks round hours of the city, not of UTC', () => {
    const { days, at } = hourTicks(from, from + 24 * HOUR, 5, wib)
    expect(days).toBe(false)
    expect(at.map(iso)).toEqual([
      '2026-11-01T11:00',
      '2026-11-01T17:00',
      '2026-11-01T23:00',
      '2026-11-02T05:00',
    ])
  })
  it('marks midnights of the city over days, every other one where there is less room', () => {
    const week = hourTicks(from, from + 7 * 24 * HOUR, 8, wib)
    expect(week.days).toBe(true)
    expect(week.at).toHaveLength(7)
    expect(week.at.every((ms) => wib(ms) === 0)).toBe(true)
    const tight = hourTicks(from, from + 7 * 24 * HOUR, 4, wib)
    expect(tight.at).toEqual(week.at.filter((_, index) => index % 2 === 0))
  })
  it.each([1, 24, 168, 720])('of %i hours never marks more than there is room for', (hours) => {
    for (const most of [2, 5, 12])
      expect(hourTicks(from, from + hours * HOUR, most, wib).at.length).toBeLessThanOrEqual(most + 1)
  })
  it('marks nothing in a span without a round hour', () =>
    expect(hourTicks(from, from + 60_000, 5, wib).at).toEqual([]))
})
