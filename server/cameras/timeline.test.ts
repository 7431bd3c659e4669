import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { availability, timeInStates, transitionsOf } from './timeline.ts'

const STATES = ['up', 'degraded', 'down', 'unknown', 'maintenance'] as const

describe('transitionsOf', () => {
  const row = (at: number, state: (typeof STATES)[number], hold = 10) => ({
    at,
    state,
    silentAfter: at + hold,
  })
  it.each([
    ['nothing seen', [], 100, []],
    ['one reading, still speaking', [row(0, 'up')], 5, [{ at: 0, state: 'up' }]],
    [
      'silence is unknown from the moment it began',
      [row(0, 'up')],
      100,
      [
        { at: 0, state: 'up' },
        { at: 10, state: 'unknown' },
      ],
    ],
    ['a confirmation is no transition', [row(0, 'up'), row(8, 'up')], 12, [{ at: 0, state: 'up' }]],
    [
      'a reading at the very end of the hold leaves no gap',
      [row(0, 'up'), row(10, 'up')],
      12,
      [{ at: 0, state: 'up' }],
    ],
    [
      'a gap between equal states shows',
      [row(0, 'up'), row(30, 'up')],
      35,
      [
        { at: 0, state: 'up' },
        { at: 10, state: 'unknown' },
        { at: 30, state: 'up' },
      ],
    ],
  ])('%s', (_name, observed, until, expected) => {
    expect(transitionsOf(observed as ReturnType<typeof row>[], until as number)).toEqual(expected)
  })
})

describe('time in states', () => {
  it('equals the sum over the raw observations on random histories', () => {
    const history = fc.uniqueArray(
      fc.record({
        at: fc.integer({ min: 0, max: 5_000 }),
        state: fc.constantFrom(...STATES),
        hold: fc.integer({ min: 1, max: 900 }),
      }),
      {
        selector: (one) => one.at,
        maxLength: 40,
      },
    )
    fc.assert(
      fc.property(history, (rows) => {
        const observed = rows
          .sort((a, b) => a.at - b.at)
          .map(({ at, state, hold }) => ({ at, state, silentAfter: at + hold }))
        const held = timeInStates(transitionsOf(observed, 6_000), 0, 6_000)
        const raw = { up: 0, degraded: 0, down: 0, unknown: 6_000, maintenance: 0, unreachable: 0 }
        observed.forEach(({ at, state, silentAfter }, index) => {
          const ms = Math.min(silentAfter, observed[index + 1]?.at ?? 6_000, 6_000) - at
          raw.unknown -= ms
          raw[state] += ms
        })
        expect(held).toEqual(raw)
      }),
    )
  })
  it('counts neither unknown nor planned time', () => {
    expect(availability({ up: 0, degraded: 0, down: 0 })).toBeNull()
    expect(availability({ up: 6, degraded: 1, down: 3 })).toBeCloseTo(0.7)
  })
})
