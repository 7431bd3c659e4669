import { expect, it } from 'vitest'
import type { PriceRevision } from '#contract/prices.ts'
import { isFar, lastWords, typedPrice } from './revisions.ts'

const revision = (feed: string, number: number, counts = false) =>
  ({ feed, revision: number, counts }) as PriceRevision

it('starts a correction from the last word of each source, what counts first', () => {
  const words = lastWords({
    revisions: [
      revision('pihps', 1),
      revision('survey', 1),
      revision('survey', 2, true),
      revision('pihps', 2),
    ],
  })
  expect(words.map((word) => [word.feed, word.revision])).toEqual([
    ['survey', 2],
    ['pihps', 2],
  ])
  expect(lastWords({ revisions: [] })).toEqual([])
})

it.each([
  ['16500', 16_500],
  ['16.500', 16_500],
  ['16,500', 16_500],
  ['Rp 1.250.000', 1_250_000],
  ['rp16500', 16_500],
  ['10000000', 10_000_000],
  ['10000001', null],
  ['0', null],
  ['16.50', null],
  ['1.6500', null],
  ['-5', null],
  ['seribu', null],
  ['', null],
])('takes %j as %j', (text, price) => {
  expect(typedPrice(text)).toBe(price)
})

it.each([
  [1_270, 12_700, true],
  [12_700, 1_270, true],
  [10_000, 20_000, true],
  [19_900, 10_000, false],
  [10_000, 10_000, false],
])('%i for %i is far: %s', (price, before, far) => {
  expect(isFar(price, before)).toBe(far)
})
