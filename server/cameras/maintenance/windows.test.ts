import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activeAt, nextAfter, windows, type Plan } from './windows.ts'

const WIB = 'Asia/Jakarta'
const at = (text: string, zone = '+07:00') => Date.parse(`${text}:00${zone}`)
const plan = (starts: string, ends: string, rest: Partial<Plan> = {}): Plan => ({
  startsAt: at(starts),
  endsAt: at(ends),
  weekdays: null,
  repeatUntil: null,
  cancelledAt: null,
  ...rest,
})
const wib = (ms: number) => new Date(ms + 7 * 3_600_000).toISOString().slice(0, 16)
const shown = (one: Plan, from: string, to: string) =>
  windows(one, at(from), at(to), WIB).map((window) => [wib(window.from), wib(window.to)])

describe('once', () => {
  const once = plan('2026-07-15T22:00', '2026-07-16T02:00')
  it.each([
    ['before', '2026-07-15T00:00', '2026-07-15T22:00', 0],
    ['begins in it', '2026-07-15T00:00', '2026-07-15T22:01', 1],
    ['lies in it', '2026-07-01T00:00', '2026-08-01T00:00', 1],
    ['holds it', '2026-07-15T23:00', '2026-07-15T23:30', 1],
    ['after', '2026-07-16T02:00', '2026-07-17T00:00', 0],
  ])('%s', (_name, from, to, count) => expect(shown(once, from, to)).toHaveLength(count))

  it('begins at its first moment and is over at its last', () => {
    expect(activeAt(once, once.startsAt - 1, WIB)).toBeNull()
    expect(activeAt(once, once.startsAt, WIB)).toEqual({ from: once.startsAt, to: once.endsAt })
    expect(activeAt(once, once.endsAt - 1, WIB)).not.toBeNull()
    expect(activeAt(once, once.endsAt, WIB)).toBeNull()
  })
  it('begins next, and then never again', () => {
    expect(nextAfter(once, at('2026-01-01T00:00'), WIB)).toBe(once.startsAt)
    expect(nextAfter(once, once.startsAt, WIB)).toBeNull()
  })
  it('ends where it is cancelled, and never was where that came before', () => {
    const cancelledAt = at('2026-07-15T23:00')
    expect(shown({ ...once, cancelledAt }, '2026-07-01T00:00', '2026-08-01T00:00')).toEqual([
      ['2026-07-15T22:00', '2026-07-15T23:00'],
    ])
    expect(activeAt({ ...once, cancelledAt }, cancelledAt, WIB)).toBeNull()
    expect(shown({ ...once, cancelledAt: once.startsAt }, '2026-07-01T00:00', '2026-08-01T00:00')).toEqual([])
  })
})

describe('on days of the week', () => {
  // 2026-07-15 is a Wednesday
  const nightly = plan('2026-07-15T23:00', '2026-07-16T01:30', { weekdays: [3, 5] })
  it('over midnight, at the same time each', () =>
    expect(shown(nightly, '2026-07-15T00:00', '2026-07-24T00:00')).toEqual([
      ['2026-07-15T23:00', '2026-07-16T01:30'],
      ['2026-07-17T23:00', '2026-07-18T01:30'],
      ['2026-07-22T23:00', '2026-07-23T01:30'],
    ]))
  it('one that began the day before is found', () =>
    expect(activeAt(nightly, at('2026-07-18T01:00'), WIB)).toEqual({
      from: at('2026-07-17T23:00'),
      to: at('2026-07-18T01:30'),
    }))
  it('not before its first day, and not on a first day that is none of them', () => {
    expect(shown(nightly, '2026-07-01T00:00', '2026-07-15T22:00')).toEqual([])
    expect(shown({ ...nightly, weekdays: [5] }, '2026-07-01T00:00', '2026-07-18T00:00')).toEqual([
      ['2026-07-17T23:00', '2026-07-18T01:30'],
    ])
  })
  it('the last time on the day until which it recurs, to its end', () => {
    const until = { ...nightly, repeatUntil: '2026-07-17' }
    expect(shown(until, '2026-07-16T12:00', '2026-08-01T00:00')).toEqual([
      ['2026-07-17T23:00', '2026-07-18T01:30'],
    ])
    expect(nextAfter(until, at('2026-07-18T00:00'), WIB)).toBeNull()
    expect(nextAfter(until, at('2026-07-16T00:00'), WIB)).toBe(at('2026-07-17T23:00'))
  })
  it('begins next however far off the first is', () =>
    expect(nextAfter(nightly, at('2026-01-01T00:00'), WIB)).toBe(at('2026-07-15T23:00')))
  it('a whole weekend', () => {
    const weekend = plan('2026-07-18T00:00', '2026-07-20T00:00', { weekdays: [6] })
    expect(activeAt(weekend, at('2026-07-26T23:59'), WIB)).not.toBeNull()
    expect(activeAt(weekend, at('2026-07-27T00:00'), WIB)).toBeNull()
  })
  it('keeps its time when the clock is set', () => {
    const berlin = { ...plan('2026-03-01T02:30', '2026-03-01T04:00'), weekdays: [7] }
    berlin.startsAt = at('2026-03-01T04:30', '+01:00')
    berlin.endsAt = at('2026-03-01T06:00', '+01:00')
    const found = windows(berlin, at('2026-03-20T00:00'), at('2026-04-06T00:00'), 'Europe/Berlin')
    expect(found.map(({ from }) => new Date(from).toISOString())).toEqual([
      '2026-03-22T03:30:00.000Z',
      '2026-03-29T02:30:00.000Z',
      '2026-04-05T02:30:00.000Z',
    ])
  })

  it('whatever the plan: a moment is in a window exactly where the week says so', () => {
    const minute = 60_000
    const monday = at('2026-07-13T00:00')
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_439 }),
        fc.integer({ min: 1, max: 2 * 1_440 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        fc.integer({ min: 14 * 1_440, max: 28 * 1_440 }),
        (begins, lasts, weekdays, moment) => {
          const startsAt = monday + begins * minute
          const one: Plan = {
            startsAt,
            endsAt: startsAt + lasts * minute,
            weekdays,
            repeatUntil: null,
            cancelledAt: null,
          }
          const inWeek = (weekday: number) => {
            const since = (moment - (weekday - 1) * 1_440 - begins) % (7 * 1_440)
            return (since + 7 * 1_440) % (7 * 1_440) < lasts
          }
          expect(activeAt(one, monday + moment * minute, WIB) !== null).toBe(weekdays.some(inWeek))
        },
      ),
      { numRuns: 1_000 },
    )
  })
})
