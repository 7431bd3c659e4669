import { describe, expect, it } from 'vitest'
import type { PriceSeries } from '#contract/price-board.ts'
import { dayNumber, dayOfNumber, dayTicks, linesOf, lonePoints, thin, usualStep, withGaps } from './series.ts'

describe('withGaps', () => {
  it('breaks the line where days were not reported, and only there', () => {
    const points = withGaps([
      { day: '2026-11-01', price: 10 },
      { day: '2026-11-02', price: 11, status: 'carried' },
      { day: '2026-11-05', price: 12 },
    ])
    const first = dayNumber('2026-11-01')
    expect(points).toEqual([
      { x: first, y: 10 },
      { x: first + 1, y: 11, status: 'carried' },
      { x: first + 2, y: null },
      { x: first + 4, y: 12 },
    ])
  })
  it("keeps a source's own pace: months are one line, a lost quarter is not", () => {
    const months = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-09-01'].map((day) => ({ day, price: 5 }))
    expect(withGaps(months, usualStep(months) * 3).map(({ y }) => y)).toEqual([5, 5, 5, null, 5])
  })
  it('has nothing to draw for nothing', () => expect(withGaps([])).toEqual([]))
})

it('days and numbers are each other', () => expect(dayOfNumber(dayNumber('2024-02-29'))).toBe('2024-02-29'))

it('a ceiling ends where its rule ends', () => {
  const history = {
    commodity: { code: 'x', nameId: 'x', nameEn: 'x', unit: 'kg', category: 'x' },
    from: '2026-01-01',
    to: '2026-12-31',
    city: [{ day: '2026-01-01', median: 5, low: 4, high: 6, markets: 3, demo: false }],
    series: [],
    stepDays: 1,
    known: null,
    ceilings: [
      {
        kind: 'HET' as const,
        price: 7,
        regulation: 'r',
        validFrom: null,
        from: '2026-01-01',
        to: '2026-01-31',
      },
    ],
  }
  const { ceiling, low, high } = linesOf(history)
  expect(ceiling.map((point) => point.y)).toEqual([7, 7, null])
  expect([low[0]?.y, high[0]?.y]).toEqual([4, 6])
})

it('the city line is marked where no market reported, in the band as well', () => {
  const market = (points: PriceSeries['points']): PriceSeries => ({
    market: { code: 'a', name: 'A', level: 'market' },
    feed: 'f',
    demo: false,
    points,
  })
  const figure = (day: string) => ({ day, median: 5, low: 4, high: 6, markets: 1, demo: false })
  const { median, low } = linesOf({
    commodity: { code: 'x', nameId: 'x', nameEn: 'x', unit: 'kg', category: 'x' },
    from: '2026-01-01',
    to: '2026-01-02',
    ceilings: [],
    stepDays: 1,
    known: null,
    city: [figure('2026-01-01'), figure('2026-01-02')],
    series: [
      market([
        { day: '2026-01-01', price: 5, status: 'carried' },
        { day: '2026-01-02', price: 5, status: 'imputed' },
      ]),
      market([{ day: '2026-01-01', price: 5, status: 'corrected' }]),
    ],
  })
  expect(median.map(({ status }) => status)).toEqual([undefined, 'carried'])
  expect(low.map(({ status }) => status)).toEqual([undefined, 'carried'])
})

describe('thin', () => {
  it('keeps peaks, gaps and both ends', () => {
    const points = withGaps(
      Array.from({ length: 9_000 }, (_, x) => ({ day: dayOfNumber(x), price: x === 4_321 ? 99 : 10 })).filter(
        (_, x) => x < 6_000 || x > 6_100,
      ),
    )
    const kept = thin(points, 0, 9_000, 2_000)
    expect(kept.length).toBeLessThanOrEqual(2_010)
    expect(kept).toContainEqual({ x: 4_321, y: 99 })
    expect(kept.filter(({ y }) => y === null)).toEqual([{ x: 6_000, y: null }])
    expect([kept[0]?.x, kept.at(-1)?.x]).toEqual([0, 8_999])
  })
  it('gives every day of a short stretch, and one more on either side', () => {
    const points = Array.from({ length: 9_000 }, (_, x) => ({ x, y: 1 }))
    expect(thin(points, 100, 200, 2_000).map(({ x }) => x)).toEqual(
      Array.from({ length: 103 }, (_, i) => 99 + i),
    )
    expect(thin(points, 9_500, 9_600, 2_000)).toEqual([])
  })
})

it('a point between two gaps is found, so that it can be a dot', () => {
  const points = withGaps(
    ['2026-01-01', '2026-01-03', '2026-01-04', '2026-01-08'].map((day) => ({ day, price: 1 })),
  )
  expect(points.flatMap(({ x }, index) => (lonePoints(points)[index] ? [dayOfNumber(x)] : []))).toEqual([
    '2026-01-01',
    '2026-01-08',
  ])
})

it.each([
  ['2026-01-01', '2026-01-04', ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04']],
  ['2026-01-01', '2026-01-31', ['2026-01-05', '2026-01-12', '2026-01-19', '2026-01-26']],
  ['2025-11-20', '2026-04-10', ['2025-12-01', '2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01']],
  [
    '2014-03-01',
    '2026-02-01',
    ['2016-01-01', '2018-01-01', '2020-01-01', '2022-01-01', '2024-01-01', '2026-01-01'],
  ],
])('%s to %s is marked at round days', (from, to, days) =>
  expect(dayTicks(dayNumber(from), dayNumber(to), 8).days.map(dayOfNumber)).toEqual(days),
)
