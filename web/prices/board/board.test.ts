import { describe, expect, it } from 'vitest'
import type { Quote } from '#contract/price.ts'
import type { BoardRow, PriceBoard } from '#contract/price-board.ts'
import { addDays, askedDay, daysBetween } from './days.ts'
import { movedSince } from './moved.ts'
import { excessOf, rowsOf, weight, type View } from './summary.ts'

const row = (more: Partial<BoardRow> & { median?: number | null } = {}): BoardRow => {
  const { median = 100, ...rest } = more
  return {
    commodity: { code: 'x', nameId: 'X', nameEn: 'X', unit: 'kg', category: 'beras' },
    city:
      median === null
        ? null
        : { day: '2026-07-15', median, low: median, high: median, markets: 1, demo: false },
    yesterday: 100,
    lastWeek: null,
    lastMonth: null,
    ceiling: null,
    quotes: [],
    missing: [],
    notSold: [],
    flagged: [],
    sparkline: [],
    ...rest,
  }
}
const rule = (kind: 'HET' | 'HAP', price: number) => ({ kind, price, regulation: '', validFrom: null })

it.each<[string, BoardRow, Partial<Record<View, number>>]>([
  ['as it was', row(), {}],
  ['risen', row({ median: 110 }), { rose: 0.1 }],
  ['fallen', row({ median: 90 }), { fell: 0.1 }],
  ['without a day before', row({ median: 110, yesterday: null }), {}],
  ['without a price', row({ median: null, ceiling: rule('HET', 90) }), {}],
  ['above HET', row({ ceiling: rule('HET', 80) }), { het: 0.25 }],
  ['above HAP', row({ ceiling: rule('HAP', 80) }), { hap: 0.25 }],
  ['at its ceiling', row({ ceiling: rule('HET', 100) }), {}],
  ['below HET', row({ ceiling: rule('HET', 120) }), {}],
  ['missing twice', row({ missing: ['a', 'b'] }), { missing: 2 }],
  ['flagged', row({ flagged: ['a'] }), { flagged: 1 }],
])('%s', (_name, one, expected) => {
  for (const view of ['rose', 'fell', 'het', 'hap', 'missing', 'flagged'] as const)
    expect(weight(one, view), view).toBeCloseTo(expected[view] ?? 0, 10)
})

it('has the gravest first, and leaves out what does not belong', () => {
  const rows = [row({ median: 105 }), row({ median: 100 }), row({ median: 130 }), row({ median: 80 })]
  expect(rowsOf(rows, 'rose').map(({ city }) => city?.median)).toEqual([130, 105])
})

it('an excess needs both a rule and a price', () => {
  expect(excessOf(row())).toBeNull()
  expect(excessOf(row({ ceiling: rule('HET', 200) }))).toBe(-0.5)
})

describe('what moved', () => {
  const quote = (price: number, revision = 1): Quote => ({
    market: 'm',
    commodity: 'x',
    day: '2026-07-15',
    price,
    status: 'reported',
    feed: 'f',
    demo: false,
    revision,
  })
  const board = (day: string, ...quotes: Quote[]) => ({ day, rows: [row({ quotes })] }) as PriceBoard
  it.each<[string, PriceBoard, PriceBoard, number]>([
    ['nothing', board('d', quote(1)), board('d', quote(1)), 0],
    ['a price', board('d', quote(1)), board('d', quote(2)), 1],
    ['a revision of the same price', board('d', quote(1)), board('d', quote(1, 2)), 1],
    ['a first report', board('d'), board('d', quote(1)), 1],
    ['another day, the same price', board('d', quote(1)), board('e', quote(1, 2)), 0],
  ])('%s', (_name, before, after, count) => expect(movedSince(before, after).size).toBe(count))
})

it('days are of the calendar', () => {
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
  expect(daysBetween('2026-12-31', '2026-01-01')).toBe(-364)
  expect(askedDay(new URLSearchParams('day=2026-01-02'))).toBe('2026-01-02')
  expect(askedDay(new URLSearchParams('day=yesterday'))).toBe('')
})
