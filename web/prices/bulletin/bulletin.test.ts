import { expect, it } from 'vitest'
import type { BoardRow } from '#contract/model.ts'
import { changeOf, movers, overOf } from './bulletin.ts'

const row = (code: string, median: number | null, more: Partial<BoardRow> = {}): BoardRow => ({
  commodity: { code, nameId: code, nameEn: code, unit: 'kg', category: 'x' },
  city:
    median === null
      ? null
      : { day: '2026-07-15', median, low: median, high: median, markets: 3, demo: false },
  yesterday: 10_000,
  lastWeek: null,
  lastMonth: null,
  ceiling: null,
  quotes: [],
  missing: [],
  notSold: [],
  flagged: [],
  sparkline: [],
  ...more,
})

it('changes are told where both days are known', () => {
  expect(changeOf(row('a', 11_000))).toBeCloseTo(0.1)
  expect([changeOf(row('a', null)), changeOf(row('a', 1, { yesterday: null }))]).toEqual([null, null])
})

it('what moved most stands first, each direction for itself, and what stood still in neither', () => {
  const rows = [row('a', 10_500), row('b', 12_000), row('c', 9_000), row('d', 10_000), row('e', null)]
  expect(movers(rows, 1).map((one) => one.row.commodity.code)).toEqual(['b', 'a'])
  expect(movers(rows, -1).map((one) => one.row.commodity.code)).toEqual(['c'])
})

it.each([
  [13_500, 13_500, null],
  [14_175, 13_500, 0.05],
  [13_000, 13_500, null],
])('%i against a ceiling of %i is %s above', (median, price, over) => {
  const ceiling = { kind: 'HET' as const, price, regulation: 'r', validFrom: null }
  const result = overOf(row('a', median, { ceiling }))
  if (over === null) expect(result).toBeNull()
  else expect(result).toBeCloseTo(over)
})
