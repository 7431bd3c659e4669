import { describe, expect, it } from 'vitest'
import { availability, overDays, overSpans, shadeOf, type DayTime } from './days.ts'

const HOUR = 3_600_000
const day = (up: number, down: number, more: Partial<DayTime> = {}): DayTime => ({
  day: '2026-11-01',
  up: up * HOUR,
  degraded: 0,
  down: down * HOUR,
  unknown: 0,
  maintenance: 0,
  ...more,
})

describe('availability', () => {
  it.each([
    ['always up', day(24, 0), 1],
    ['down for six hours', day(18, 6), 0.75],
    ['degraded counts as up', day(0, 12, { degraded: 12 * HOUR }), 0.5],
    [
      'unknown and planned time count on neither side',
      day(6, 6, { unknown: 6 * HOUR, maintenance: 6 * HOUR }),
      0.5,
    ],
    ['nothing seen', day(0, 0, { unknown: 24 * HOUR }), null],
  ])('%s', (_name, of, expected) => expect(availability(of)).toBe(expected))
})

describe('overDays', () => {
  const days = [day(0, 24), day(12, 12), day(24, 0)]
  it('takes the last days, each by its length and not its share', () => {
    expect(overDays(days, 1)).toBe(1)
    expect(overDays(days, 2)).toBe(0.75)
    expect(overDays(days, 90)).toBe(0.5)
    expect(overDays([day(1, 0), day(0, 3)], 2)).toBe(0.25)
  })
  it('knows nothing of no days', () => expect(overDays([], 7)).toBeNull())
})

it('overSpans weighs spans by their length', () => {
  const at = (hour: number) => new Date(hour * HOUR).toISOString()
  expect(
    overSpans([
      { from: at(0), to: at(3), state: 'up' },
      { from: at(3), to: at(5), state: 'unreachable' },
      { from: at(5), to: at(6), state: 'down' },
    ]),
  ).toBe(0.75)
  expect(overSpans([{ from: at(0), to: at(3), state: 'unknown' }])).toBeNull()
})

it.each([
  [1, 'whole'],
  [0.99999, 'good'],
  [0.99, 'good'],
  [0.98, 'fair'],
  [0.9499, 'poor'],
  [0, 'poor'],
  [null, 'none'],
] as const)('shadeOf(%s) is %s', (share, shade) => expect(shadeOf(share)).toBe(shade))
