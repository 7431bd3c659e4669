import { expect, it } from 'vitest'
import type { QuoteStatus } from '#contract/price.ts'
import type { BoardRow } from '#contract/price-board.ts'
import { changeOf, countOf, heardOf, movers, overOf, silentIn } from './bulletin.ts'

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

it('counts the markets whose price was carried, estimated or corrected', () => {
  const quote = (market: string, status: QuoteStatus) => ({
    market,
    commodity: 'a',
    day: '2026-07-15',
    price: 10_000,
    status,
    feed: 'survey',
    demo: false,
    revision: 1,
  })
  const quotes = [
    quote('x', 'carried'),
    quote('y', 'carried'),
    quote('z', 'corrected'),
    quote('w', 'reported'),
  ]
  const counts = (['carried', 'imputed', 'corrected'] as const).map((one) =>
    countOf(row('a', 1, { quotes }), one, []),
  )
  expect(counts).toEqual([2, 0, 1])
})

it('a market that gave no price of the day is told once, and not counted beside every row', () => {
  const markets = ['x', 'y'].map((code) => ({ code, name: code, level: 'market' as const }))
  const quote = (market: string, day: string) => ({
    market,
    commodity: 'a',
    day,
    price: 10_000,
    feed: 'survey',
    demo: false,
    revision: 1,
    status: day === '2026-07-15' ? ('reported' as const) : ('carried' as const),
  })
  const rows = [
    row('a', 10_000, { quotes: [quote('x', '2026-07-15'), quote('y', '2026-07-14')] }),
    row('b', null, { quotes: [quote('x', '2026-07-14'), quote('y', '2026-07-14')], missing: ['x', 'y'] }),
  ]
  const silent = silentIn({
    day: '2026-07-15',
    latestDay: null,
    firstDay: null,
    markets,
    rows,
    known: null,
    demo: false,
  })
  expect(silent.map(({ code }) => code)).toEqual(['y'])
  expect(rows.map((one) => countOf(one, 'carried', silent))).toEqual([0, 1])
  expect(heardOf(rows[1]?.missing ?? [], silent)).toEqual(['x'])
})
