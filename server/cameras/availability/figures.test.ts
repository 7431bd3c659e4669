import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leftUntilMissed, NOTHING, rowOf, sumCounted } from './figures.ts'
import { monthOf, periodOf } from './period.ts'
import { localClock, serviceClock, serviceDays, type ServiceHours } from './service-time.ts'

const HOUR = 3_600_000
const LABEL = { key: '1', name: 'A', cameras: 1 }
const row = (counted: Partial<typeof NOTHING>, target = 0.99, remaining = 0) =>
  rowOf(LABEL, { ...NOTHING, ...counted }, { target }, remaining)

describe('the figures', () => {
  it('of nothing say nothing', () => {
    expect(row({})).toMatchObject({
      availability: null,
      mttrSeconds: null,
      mtbfSeconds: null,
      longestSeconds: null,
      leftSeconds: 0,
      metTarget: null,
    })
  })
  it('leave out what nobody knew and what was planned', () => {
    const counted = { up: 90_000, down: 10_000, unknown: 500_000, unreachable: 7_000, planned: 80_000 }
    expect(row(counted)).toMatchObject({
      availability: 0.9,
      unknownSeconds: 500,
      unreachableSeconds: 7,
      plannedSeconds: 80,
      leftSeconds: -9,
      metTarget: false,
    })
  })
  it('take the mean of repairs from outages that ended, and between failures from all', () => {
    const counted = { up: 100_000, down: 9_000, outages: 4, ended: 3, repair: 6_000, longest: 3_000 }
    expect(row(counted)).toMatchObject({ mttrSeconds: 2, mtbfSeconds: 25, longestSeconds: 3 })
  })
  it.each([
    ['what is owed exactly is owed still', { up: 99_000, down: 1_000 }, 0.99, 0, 0, true],
    ['a second more is missed', { up: 99_000, down: 2_000 }, 0.99, 0, -1, false],
    ['half a month to come', { up: 50_000, down: 0 }, 0.9, 50_000, 10, true],
    ['missed so far, with enough to come', { up: 90_000, down: 10_000 }, 0.95, 300_000, 10, false],
    ['nothing may fail', { up: 90_000, down: 0 }, 1, 10_000, 0, true],
    ['nothing is owed', { up: 10_000, down: 90_000 }, 0, 0, 10, true],
  ])('against the target: %s', (_name, counted, target, remaining, leftSeconds, metTarget) => {
    expect(row(counted, target, remaining)).toMatchObject({ leftSeconds, metTarget })
  })
  it('are missed just when more of what is to come is down than is left', () => {
    const ms = fc.integer({ min: 0, max: 10_000_000 })
    fc.assert(
      fc.property(ms, ms, ms, fc.integer({ min: 1, max: 999 }), (up, down, remaining, promille) => {
        const target = promille / 1000
        const left = leftUntilMissed({ up, down }, target, remaining)
        const met = (more: number) => (up + remaining - more) / (up + down + remaining) >= target
        if (left >= 1 && left <= remaining) expect([met(left - 1), met(left + 1)]).toEqual([true, false])
        if (left < -1) expect(met(0)).toBe(false)
      }),
    )
  })
  it('of several are of all their time, and of their longest outage', () => {
    const one = { ...NOTHING, up: 1, outages: 2, longest: 5 }
    expect(sumCounted([one, { ...one, longest: 9 }])).toEqual({ ...NOTHING, up: 2, outages: 4, longest: 9 })
  })
})

describe('service time', () => {
  const OFFICE: ServiceHours = { from: 8 * 60, to: 16 * 60, weekdays: [1, 2, 3, 4, 5] }
  const between = (from: string, to: string, hours: ServiceHours, timezone: string) => {
    const [start, end] = [Date.parse(from), Date.parse(to)]
    const clock = serviceClock(serviceDays(start, end, hours, timezone))
    return (clock(end) - clock(start)) / HOUR
  }
  it.each([
    ['a week', '2026-07-13T00:00+07:00', '2026-07-20T00:00+07:00', 40],
    ['a weekend', '2026-07-18T00:00+07:00', '2026-07-20T00:00+07:00', 0],
    ['the night', '2026-07-13T16:00+07:00', '2026-07-14T08:00+07:00', 0],
    ['a part of the day', '2026-07-13T07:30+07:00', '2026-07-13T09:15+07:00', 1.25],
    ['nothing', '2026-07-13T09:00+07:00', '2026-07-13T09:00+07:00', 0],
  ])('of %s', (_name, from, to, hours) => {
    expect(between(from, to, OFFICE, 'Asia/Jakarta')).toBe(hours)
  })
  it('of the whole day is 23 hours where the clock is set forward, 25 where it is set back', () => {
    const all: ServiceHours = { from: 0, to: 1440, weekdays: [7] }
    expect(between('2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00', all, 'Europe/Berlin')).toBe(23)
    expect(between('2026-10-25T00:00+02:00', '2026-10-26T00:00+01:00', all, 'Europe/Berlin')).toBe(25)
  })
  it('is what a clock on the wall counts minute by minute', () => {
    const MINUTE = 60_000
    const zone = fc.constantFrom('Asia/Jakarta', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns')
    const start = fc
      .constantFrom('2026-03-27', '2026-07-01', '2026-10-23', '2026-11-01')
      .map((day) => Date.parse(day))
    fc.assert(
      fc.property(
        zone,
        start,
        fc.nat(1_440),
        fc.integer({ min: 0, max: 4 * 1_440 }),
        fc.nat(1_430),
        fc.integer({ min: 1, max: 1_440 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        (timezone, day, offset, length, opens, lasting, weekdays) => {
          // Hours that the clock skips or shows twice are nobody's opening time.
          const hours = {
            from: Math.max(opens, 240),
            to: Math.min(1_440, Math.max(opens, 240) + lasting),
            weekdays,
          }
          const from = day + offset * MINUTE
          const to = from + length * MINUTE
          const wall = new Intl.DateTimeFormat('en-GB', {
            timeZone: timezone,
            weekday: 'short',
            hour: '2-digit',
            minute: '2-digit',
            hourCycle: 'h23',
          })
          const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
          let minutes = 0
          for (let at = from; at < to; at += MINUTE) {
            const parts = new Map(wall.formatToParts(at).map(({ type, value }) => [type, value]))
            const shown = Number(parts.get('hour')) * 60 + Number(parts.get('minute'))
            const weekday = names.indexOf(parts.get('weekday') ?? '') + 1
            if (weekdays.includes(weekday) && shown >= hours.from && shown < hours.to) minutes += 1
          }
          const clock = serviceClock(serviceDays(from, to, hours, timezone))
          expect((clock(to) - clock(from)) / MINUTE).toBe(minutes)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a period', () => {
  const shown = ({ from, to }: { from: Date; to: Date }) => [from.toISOString(), to.toISOString()]
  it('of days begins and ends at midnight of the city, its last day is part of it', () => {
    expect(shown(periodOf('2026-07-01', '2026-07-02', 'Asia/Jakarta', 31))).toEqual([
      '2026-06-30T17:00:00.000Z',
      '2026-07-02T17:00:00.000Z',
    ])
  })
  it('of a month is of all its days', () => {
    expect(shown(monthOf('2026-12', 'Asia/Jakarta'))).toEqual([
      '2026-11-30T17:00:00.000Z',
      '2026-12-31T17:00:00.000Z',
    ])
    expect(shown(monthOf('2026-10', 'Europe/Berlin'))).toEqual([
      '2026-09-30T22:00:00.000Z',
      '2026-10-31T23:00:00.000Z',
    ])
  })
  it.each([
    ['2026-07-32', '2026-08-01', 'from'],
    ['2026-02-30', '2026-03-01', 'from'],
    ['2026-07-01', 'tomorrow', 'to'],
    ['2026-07-01T00:00', '2026-07-02', 'from'],
    ['2026-07-02', '2026-07-01', 'from'],
    ['2026-07-01', '2026-08-02', 'to'],
    ['1999-01-01', '2000-01-02', 'from'],
    ['0001-01-01', '2026-01-02', 'from'],
    ['2026-01-01', '9999-12-31', 'to'],
  ])('from %s to %s is refused: %s', (from, to, field) => {
    expect(() => periodOf(from, to, 'Asia/Jakarta', 31)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field }) as object }) as Error,
    )
  })
})

it.each([
  ['2026-07-01', 480, 'Asia/Jakarta', '2026-07-01T01:00:00.000Z'],
  ['2026-07-01', 1440, 'Asia/Jakarta', '2026-07-01T17:00:00.000Z'],
  ['2026-03-29', 150, 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2026-10-25', 150, 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
])('%s, %i minutes after midnight in %s is %s', (day, minutes, timezone, moment) => {
  expect(new Date(localClock(timezone)(day, minutes)).toISOString()).toBe(moment)
})
