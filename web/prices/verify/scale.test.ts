import { expect, it } from 'vitest'
import type { VerificationItem } from '#contract/survey.ts'
import { marksOf } from './scale.ts'

const item = (price: number | null, rest: Partial<VerificationItem> = {}) =>
  ({
    entry: { price },
    previous: null,
    cityMedian: null,
    otherSources: [],
    ceiling: null,
    ...rest,
  }) as unknown as VerificationItem

it('places a price among yesterday, the others and the ceiling', () => {
  const marks = marksOf(
    item(1_000, {
      previous: { day: '2026-07-14', price: 2_000 },
      cityMedian: 3_000,
      ceiling: { kind: 'HET', price: 5_000, regulation: '', validFrom: null },
    }),
    [{ market: { code: 'a', name: 'Pasar A', level: 'market' }, price: 4_000 }],
  )
  expect(marks.map(({ kind, name, at }) => [kind, name, at])).toEqual([
    ['market', 'Pasar A', 0.75],
    ['previous', null, 0.25],
    ['median', null, 0.5],
    ['ceiling', 'HET', 1],
    ['own', null, 0],
  ])
})

it('stands in the middle where nothing differs, and has none of what was not sold', () => {
  expect(marksOf(item(1_000, { cityMedian: 1_000 }), []).map(({ at }) => at)).toEqual([0.5, 0.5])
  expect(marksOf(item(null, { cityMedian: 1_000 }), [])).toEqual([])
})
