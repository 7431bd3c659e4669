import { describe, expect, it } from 'vitest'
import { change, changeBeforeLebaran, type Span } from './changes.ts'
import { addDays } from '../days.ts'

const prices = (known: Record<string, number>) => new Map(Object.entries(known))
const DAY = '2026-03-31'

describe('change, worked by hand', () => {
  it.each<[Span, string, number]>([
    ['day', '2026-03-30', 12_000], // 13,200 / 12,000 - 1 = 0.1
    ['week', '2026-03-24', 12_000],
    ['month', '2026-02-28', 12_000], // February has no 31st: its last day
    ['year', '2025-03-31', 12_000],
  ])('a %s before lies on %s', (span, before, price) => {
    const found = change(
      prices({ [DAY]: 13_200, [before]: price, '2026-03-29': 1, '2024-01-01': 1 }),
      DAY,
      span,
    )
    expect('value' in found && found.value).toBeCloseTo(0.1, 12)
  })
  it('a year before 29 February is 28 February', () => {
    const found = change(prices({ '2024-02-29': 9_000, '2023-02-28': 10_000 }), '2024-02-29', 'year')
    expect('value' in found && found.value).toBeCloseTo(-0.1, 12)
  })
  it.each<[Span, number]>([
    ['day', 0],
    ['week', 1],
    ['month', 3],
    ['year', 7],
  ])('a %s: so many days before may stand in: %d', (span, most) => {
    const target = { day: '2026-03-30', week: '2026-03-24', month: '2026-02-28', year: '2025-03-31' }[span]
    const at = (back: number) =>
      change(prices({ [DAY]: 13_200, [addDays(target, -back)]: 12_000 }), DAY, span)
    expect(at(most)).toEqual(change(prices({ [DAY]: 13_200, [target]: 12_000 }), DAY, span))
    expect(at(most + 1)).toEqual({ lacks: { what: 'comparison', have: 0, need: 1 } })
  })
  it('the nearest day stands in, and none that comes after', () => {
    const known = { [DAY]: 13_200, '2026-03-01': 1_000, '2026-02-27': 12_000, '2026-02-26': 9_000 }
    const found = change(prices(known), DAY, 'month')
    expect('value' in found && found.value).toBeCloseTo(0.1, 12)
  })
  it('needs a price of the day', () => {
    expect(change(prices({ '2026-03-30': 12_000 }), DAY, 'day')).toEqual({
      lacks: { what: 'days', have: 0, need: 1 },
    })
  })
})

describe('against the same week before Lebaran', () => {
  const feasts = ['2024-04-10', '2025-03-31', '2026-03-21']
  const lay = (last: string, of: readonly (number | undefined)[]) =>
    of.flatMap((price, back): [string, number][] =>
      price === undefined ? [] : [[addDays(last, -back), price]],
    )

  it('14 days before: 7 March 2026 and 17 March 2025, a week each', () => {
    const week = new Map([
      ...lay('2026-03-07', [66_000, 67_000, 65_000]), // mean 66,000
      ...lay('2025-03-17', [55_000, undefined, 60_000, 65_000]), // mean 60,000
    ])
    const found = changeBeforeLebaran(week, '2026-03-07', feasts)
    // 66,000 / 60,000 - 1
    expect('value' in found && found.value).toBeCloseTo(0.1, 12)
    expect(changeBeforeLebaran(week, '2026-03-07', feasts.toReversed())).toEqual(found)
  })
  it('needs three days of either week', () => {
    const week = new Map([
      ...lay('2026-03-07', [66_000, 67_000, 65_000]),
      ...lay('2025-03-17', [55_000, 60_000]),
    ])
    expect(changeBeforeLebaran(week, '2026-03-07', feasts)).toEqual({
      lacks: { what: 'days', have: 2, need: 3 },
    })
  })
  it.each([
    ['2026-01-24', true], // 56 days before
    ['2026-01-23', false],
    ['2026-04-04', true], // 14 days after
    ['2026-04-05', false],
  ])('%s lies in the season: %s', (day, inSeason) => {
    const always = new Map(Array.from({ length: 800 }, (_, back) => [addDays('2026-04-30', -back), 10_000]))
    expect(changeBeforeLebaran(always, day, feasts)).toEqual(
      inSeason ? { value: 0 } : { lacks: { what: 'season', have: 0, need: 1 } },
    )
  })
  it('needs the Lebaran of the year before, not of two years before', () => {
    const always = new Map(Array.from({ length: 900 }, (_, back) => [addDays('2026-04-30', -back), 10_000]))
    const comparison = { lacks: { what: 'comparison', have: 0, need: 1 } }
    expect(changeBeforeLebaran(always, '2026-03-07', ['2026-03-21'])).toEqual(comparison)
    expect(changeBeforeLebaran(always, '2026-03-07', ['2024-04-10', '2026-03-21'])).toEqual(comparison)
  })
})
