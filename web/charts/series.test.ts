import { describe, expect, it } from 'vitest'
import { dayNumber, dayOfNumber, linesOf, withGaps } from './series.ts'

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
