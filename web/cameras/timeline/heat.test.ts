import { describe, expect, it } from 'vitest'
import type { OutageHeat } from '#contract/availability.ts'
import { byGroup, byWorst, hourProfile, peakHour, rowsOf } from './heat.ts'

const heat: OutageHeat = {
  hours: ['2026-11-01T10:00:00Z', '2026-11-01T11:00:00Z', '2026-11-02T11:00:00Z'],
  rows: [
    { cameraId: 1, down: [0, 0.5, 0] },
    { cameraId: 2, down: [0, 0, 0] },
    { cameraId: 3, down: [null, 1, 1] },
  ],
}
const wib = (ms: number) => new Date(ms + 7 * 3_600_000).getUTCHours()
const ids = (lines: ReturnType<typeof byWorst>) =>
  lines.map((line) => (line.kind === 'heading' ? line.text : line.row.cameraId))

describe('the order of rows', () => {
  it('is the worst first, without those that never failed unless all are wanted', () => {
    expect(ids(byWorst(rowsOf(heat), false))).toEqual([3, 1])
    expect(ids(byWorst(rowsOf(heat), true))).toEqual([3, 1, 2])
  })
  it('is by group under headings; a group without a line has no heading', () => {
    const groupOf = (id: number) => (id === 2 ? 'Blimbing' : 'Sukun')
    expect(ids(byGroup(rowsOf(heat), false, groupOf))).toEqual(['Sukun', 3, 1])
    expect(ids(byGroup(rowsOf(heat), true, groupOf))).toEqual(['Blimbing', 2, 'Sukun', 3, 1])
  })
})

describe('hourProfile', () => {
  it("is by the city's hour, over what was known", () => {
    const profile = hourProfile(heat, wib)
    expect(profile[17]).toBe(0)
    expect(profile[18]).toBeCloseTo(2.5 / 6)
    expect(profile[3]).toBeNull()
    expect(peakHour(profile)).toBe(18)
  })
  it('has no peak where hours are alike, nothing failed or nothing is known', () => {
    expect(peakHour([0.2, 0.25, null])).toBeNull()
    expect(peakHour([0, 0])).toBeNull()
    expect(peakHour([null, null])).toBeNull()
  })
})
