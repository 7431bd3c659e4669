import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CheckContext, Finding } from '../quality.ts'
import { checkPrice, checkSellers, needsReason, sentenceOf } from './index.ts'

const DAY = '2026-07-15'
const before = (days: number) => new Date(Date.parse(DAY) - days * 86_400_000).toISOString().slice(0, 10)
/** Daily prices up to the day before, the last one yesterday's. */
const past = (...prices: number[]) =>
  prices.map((price, index) => ({ day: before(prices.length - index), price }))
const steady = (price: number, count = 20) => past(...Array.from({ length: count }, () => price))
/** Goes up and down by so much every day. */
const restless = (price: number, share: number, count = 20) =>
  past(...Array.from({ length: count }, (_, n) => Math.round(price * (1 + (n % 2 === 0 ? share : -share)))))
const others = (...prices: number[]) => prices.map((price, index) => ({ market: `m${index}`, price }))
const context = (more: Partial<CheckContext> = {}): CheckContext => ({
  range: null,
  history: [],
  others: [],
  othersMoved: 0,
  season: [],
  unit: 'kg',
  ...more,
})
const found = (price: number, more: Partial<CheckContext> = {}) =>
  checkPrice(price, DAY, context(more)).map(({ check, severity }) => `${check} ${severity}`)

describe('a price', () => {
  it.each<[string, number, Partial<CheckContext>, string[]]>([
    // nothing to say
    ['of a series without a past', 96_000, {}, []],
    ['as yesterday', 96_000, { history: steady(96_000) }, []],
    ['a little up', 99_000, { history: steady(96_000) }, []],
    ['that moves as it always does', 60_000, { history: restless(50_000, 0.15) }, []],
    ['after a gap in which it could wander', 110_000, { history: steady(96_000).map((one) => ({ ...one, day: before(Number(one.day.slice(-2)) + 40) })) }, []], // prettier-ignore
    ['down after a feast', 85_000, { history: past(96_000, 97_000, 98_000, 97_000) }, []],
    // range
    ['below what is possible', 900, { range: { min: 3_000, max: 250_000 } }, ['range error']],
    ['above what is possible', 300_000, { range: { min: 3_000, max: 250_000 } }, ['range error']],
    ['at the bound', 3_000, { range: { min: 3_000, max: 250_000 } }, []],
    // zeros
    ['that lost a zero', 9_600, { history: steady(96_000) }, ['digit-lost error']],
    ['that lost a zero, near the level only', 13_000, { history: steady(115_000) }, ['digit-lost error']],
    ['that lost two zeros', 960, { history: steady(96_000) }, ['digit-lost error']],
    ['with a zero too many', 960_000, { history: steady(96_000), range: { min: 50_000, max: 300_000 } }, ['digit-added error']], // prettier-ignore
    ['that lost a zero after three days only', 9_600, { history: past(95_000, 96_000, 96_500) }, ['digit-lost error']], // prettier-ignore
    ['that lost a zero half a year after the last that was right', 9_600, { history: steady(96_000).map((one) => ({ ...one, price: 96_000, day: before(180 + Number(one.day.slice(-2))) })) }, ['digit-lost error']], // prettier-ignore
    ['without a level to compare with', 9_600, { history: past(96_000) }, ['jump error']],
    // swapped digits
    ['with two digits swapped', 41_000, { history: steady(14_000) }, ['digit-swapped warning']],
    ['with two digits swapped in a restless series', 32_000, { history: restless(23_000, 0.2) }, []],
    ['that would be odd the other way round', 20_000, { history: steady(2_100) }, ['digit-added error']],
    // portions
    ['of a quarter', 8_750, { history: steady(35_000) }, ['unit warning']],
    ['of a half, which is nearer than swapped digits', 25_000, { history: steady(50_000) }, ['unit warning']],
    ['with digits swapped, which is nearer than a half', 25_000, { history: steady(52_000) }, ['digit-swapped warning']], // prettier-ignore
    ['of a sack', 340_000, { history: steady(13_600) }, ['unit warning']],
    ['of half a liter', 9_000, { history: steady(18_000), unit: 'liter' }, ['unit warning']],
    ['halved, where a piece is meant', 9_000, { history: steady(18_000), unit: 'piece' }, ['jump error']],
    // jumps
    ['up by a quarter', 120_000, { history: steady(96_000) }, ['jump warning']],
    ['up by a quarter, as it may', 60_000, { history: restless(48_000, 0.08) }, []],
    ['back from a jump', 96_000, { history: past(...Array.from({ length: 12 }, () => 96_000), 125_000) }, []],
    ['beyond where it was before a jump', 76_000, { history: past(...Array.from({ length: 12 }, () => 96_000), 125_000) }, ['jump warning']], // prettier-ignore
    ['doubled', 192_000, { history: steady(96_000), unit: 'pack' }, ['jump error']],
    // outliers
    ['far from agreeing markets', 20_000, { others: others(15_000, 15_000, 15_000, 15_100, 14_900) }, ['outlier warning']], // prettier-ignore
    ['very far from agreeing markets', 30_000, { others: others(15_000, 15_000, 15_000, 15_100, 14_900) }, ['outlier error']], // prettier-ignore
    ['far from markets that disagree', 20_000, { others: others(9_000, 12_000, 15_000, 18_000, 21_000) }, []],
    ['far from too few markets', 30_000, { others: others(15_000, 15_000, 15_000) }, []],
    // stuck
    ['the same for weeks while others moved', 14_000, { history: steady(14_000, 25), others: others(1, 2, 3, 4).map((one) => ({ ...one, price: 14_500 })), othersMoved: 3 }, ['stuck info']], // prettier-ignore
    ['the same for weeks as everywhere', 14_000, { history: steady(14_000, 25), others: others(14_000, 14_000, 14_000), othersMoved: 0 }, []], // prettier-ignore
    ['the same for days only', 14_000, { history: steady(14_000, 12), others: others(14_500, 14_500, 14_500), othersMoved: 3 }, []], // prettier-ignore
    // season
    ['far above all earlier years', 90_000, { season: [30_000, 35_000, 40_000] }, ['season info']],
    ['far below all earlier years', 10_000, { season: [30_000, 35_000, 40_000] }, ['season info']],
    ['within earlier years', 60_000, { season: [30_000, 35_000, 40_000] }, []],
    ['with too few earlier years', 90_000, { season: [30_000, 35_000] }, []],
  ])('%s: %i', (_, price, more, expected) => {
    expect(found(price, more)).toEqual(expected)
  })

  it('is explained by one slip, not by all that follows from it', () => {
    const findings = checkPrice(
      9_600,
      DAY,
      context({
        history: steady(96_000),
        others: others(95_000, 96_000, 96_000, 97_000, 98_000),
        season: [80_000, 85_000, 90_000],
        range: { min: 50_000, max: 300_000 },
      }),
    )
    expect(findings).toMatchObject([
      { check: 'digit-lost', facts: { meant: 96_000, level: 96_000, zeros: 1, perOns: 1 } },
    ])
  })

  it('is not compared with days after it', () => {
    const later = [{ day: '2026-07-16', price: 9_600 }]
    expect(found(96_000, { history: [...steady(96_000), ...later] })).toEqual([])
  })
})

it('information alone asks for no reason', () => {
  const finding = (severity: Finding['severity']): Finding => ({ check: 'season', severity, facts: {} })
  expect([needsReason([]), needsReason([finding('info')]), needsReason([finding('warning')])]).toEqual([
    false,
    false,
    true,
  ])
})

it.each<[Finding, string, string]>([
  [
    { check: 'digit-lost', severity: 'error', facts: { meant: 96_000, level: 95_500, zeros: 1, perOns: 1 } },
    'Mungkin kurang satu angka nol, atau harga per ons: Rp\u00a096.000? Biasanya sekitar Rp\u00a095.500.',
    'Perhaps a zero is missing, or it is the price of 100 g: Rp\u00a096,000? It is about Rp\u00a095,500 as a rule.',
  ],
  [
    { check: 'jump', severity: 'warning', facts: { change: -0.25, before: 96_000, day: '2026-07-14' } },
    'Turun 25% dari Rp\u00a096.000 pada 14 Juli 2026; sebesar itu jarang terjadi.',
    'Down 25% from Rp\u00a096,000 on 14 July 2026; it seldom moves that far.',
  ],
])('says why in the reader’s words', (finding, indonesian, english) => {
  expect([sentenceOf(finding), sentenceOf(finding, 'en')]).toEqual([indonesian, english])
})

describe('whatever the prices are', () => {
  const price = fc.integer({ min: 1, max: 10_000_000 })
  const anyContext = fc.record({
    range: fc.option(
      fc.record({
        min: fc.integer({ min: 1, max: 5_000 }),
        max: fc.integer({ min: 5_001, max: 10_000_000 }),
      }),
    ),
    history: fc.array(fc.record({ day: fc.integer({ min: 1, max: 300 }).map(before), price }), {
      maxLength: 70,
    }),
    others: fc.array(fc.record({ market: fc.string(), price }), { maxLength: 15 }),
    othersMoved: fc.nat(15),
    season: fc.array(price, { maxLength: 6 }),
    unit: fc.constantFrom('kg', 'liter', 'piece', ''),
  })

  it('findings are made of numbers, and each can be said', () => {
    fc.assert(
      fc.property(price, anyContext, (value, any) => {
        for (const finding of checkPrice(value, DAY, any)) {
          for (const fact of Object.values(finding.facts))
            expect(typeof fact === 'number' ? Number.isFinite(fact) : fact.length > 0).toBe(true)
          for (const locale of ['id', 'en'] as const)
            expect(sentenceOf(finding, locale)).not.toMatch(/NaN|undefined|Infinity|Invalid/)
        }
      }),
    )
  })

  it('the order of other markets and of earlier years changes nothing', () => {
    fc.assert(
      fc.property(price, anyContext, (value, any) => {
        const turned = { ...any, others: any.others.toReversed(), season: any.season.toReversed() }
        expect(checkPrice(value, DAY, turned)).toEqual(checkPrice(value, DAY, any))
      }),
    )
  })

  it('a larger jump is never taken more lightly', () => {
    const rank = (value: number, base: number) => {
      const finding = checkPrice(value, DAY, context({ history: steady(base), unit: 'piece' })).find(
        ({ check }) => check === 'jump',
      )
      return finding === undefined ? 0 : finding.severity === 'warning' ? 1 : 2
    }
    fc.assert(
      fc.property(
        fc.integer({ min: 5_000, max: 100_000 }),
        fc.double({ min: 1, max: 1.6, noNaN: true }),
        fc.double({ min: 1, max: 1.1, noNaN: true }),
        (base, up, more) => {
          // Swapped digits would explain some of them better.
          fc.pre(checkPrice(Math.round(base * up * more), DAY, context({ history: steady(base), unit: 'piece' })).every(({ check }) => check === 'jump')) // prettier-ignore
          fc.pre(checkPrice(Math.round(base * up), DAY, context({ history: steady(base), unit: 'piece' })).every(({ check }) => check === 'jump')) // prettier-ignore
          expect(rank(Math.round(base * up * more), base)).toBeGreaterThanOrEqual(
            rank(Math.round(base * up), base),
          )
        },
      ),
    )
  })
})

describe('of several sellers', () => {
  const checked = (prices: number[], more: Partial<CheckContext> = {}) =>
    checkSellers(prices, DAY, context({ history: steady(60_000), ...more })).map(
      ({ check, severity, facts }) => `${check} ${severity} ${facts.seller ?? ''}`.trim(),
    )
  it.each<[string, number[], Partial<CheckContext>, string[]]>([
    ['nothing', [], {}, []],
    ['all of them usual', [60_000, 61_000, 59_500], {}, []],
    ['one of three lost a zero, the median does not show it', [60_000, 6_000, 61_000], {}, ['digit-lost warning 6000']], // prettier-ignore
    ['one of two lost a zero, the median is no jump', [60_000, 6_000], {}, ['digit-lost warning 6000']],
    ['one has a zero too many', [60_000, 600_000, 61_000], {}, ['digit-added warning 600000']],
    ['two of three lost a zero: the quote is wrong', [6_000, 60_000, 6_100], {}, ['digit-lost error']],
    ['all of them lost a zero: the quote is wrong', [6_000, 6_000, 6_100], {}, ['digit-lost error']],
    ['one asks for half a kilogram', [60_000, 30_000, 61_000], {}, ['unit warning 30000']],
    ['one cannot be', [9_500_000, 60_000, 61_000], { history: [], range: { min: 20_000, max: 200_000 } }, ['range warning 9500000']], // prettier-ignore
    ['one cannot be, nor can the median of two', [9_500_000, 60_000], { history: [], range: { min: 20_000, max: 200_000 } }, ['range error']], // prettier-ignore
    ['one lost a zero, and the others jumped', [78_000, 6_000, 78_500], {}, ['digit-lost warning 6000', 'jump warning']], // prettier-ignore
    [
      'without a past, the others agree',
      [18_000, 1_800, 18_500],
      { history: [] },
      ['digit-lost warning 1800'],
    ],
    ['two of them, and yesterday', [18_000, 1_800], { history: past(18_000) }, ['digit-lost warning 1800']],
    ['two of them alone tell nothing', [18_000, 1_800], { history: [] }, []],
    ['nor do others that disagree', [18_000, 1_800, 31_000], { history: [] }, []],
    ['they disagree, but none slipped', [52_000, 60_000, 70_000], {}, []],
  ])('%s: %j', (_, prices, more, expected) => {
    expect(checked(prices, more)).toEqual(expected)
  })

  it('one alone is judged as a price is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (price) => {
        const alone = context({ history: steady(60_000), range: { min: 5_000, max: 500_000 } })
        expect(checkSellers([price], DAY, alone)).toEqual(checkPrice(price, DAY, alone))
      }),
    )
  })

  it('says whose price it is', () => {
    const [finding] = checkSellers([60_000, 6_000], DAY, context({ history: steady(60_000) }))
    expect(finding && sentenceOf(finding).replaceAll('\u00a0', ' ')).toBe(
      'Seorang penjual menyebut Rp 6.000. Mungkin kurang satu angka nol, atau harga per ons: Rp 60.000? Biasanya sekitar Rp 60.000.',
    )
    expect(finding && sentenceOf(finding, 'en')).toMatch(
      /^One seller says Rp.6,000\. Perhaps a zero is missing/,
    )
  })
})
