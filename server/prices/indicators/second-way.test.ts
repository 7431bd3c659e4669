import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Measure } from '#contract/indicators.ts'
import { loadPack, type CityPack } from '../../cities/index.ts'
import { testDatabase, type TestDatabase } from '../../database/testing/index.ts'
import { contributions, laspeyres, weigh, type IndexPoint, type Weighed } from '../basket/laspeyres.ts'
import { addDays, daysFrom } from '../days.ts'
import { ceilingOf } from '../naming.ts'
import { alps } from './alps.ts'
import { change, changeBeforeLebaran } from './changes.ts'
import { ifpa } from './ifpa.ts'
import { meansOf } from './months.ts'
import {
  cityMedian,
  daysAbove,
  disparity,
  excess,
  trimmedMean,
  variation30,
  variationOfYear,
} from './spread.ts'
import { realSeries, storeRealSeries, type RealSeries } from './testing/real-prices.ts'
import {
  alpsInSql,
  ceilingsInSql,
  daysInSql,
  ifpaInSql,
  indexInSql,
  lebaranInSql,
  marketsInSql,
  yearsInSql,
} from './testing/second-way.ts'
import { totalsOf } from './totals.ts'

let pack: CityPack
let database: TestDatabase
let all: Map<string, RealSeries>
beforeAll(async () => {
  ;[pack, database, all] = await Promise.all([loadPack('malang'), testDatabase(), realSeries('malang')])
  await storeRealSeries(database.pool, all, pack)
})
afterAll(() => database.drop())

const pricesOf = (series: string) => all.get(series)?.prices ?? new Map<string, number>()
const totals = (series: string) => totalsOf([...pricesOf(series)].map(([day, median]) => ({ day, median })))
const numberOf = (measure: Measure) => ('value' in measure ? measure.value : null)

/** @returns how many pairs were numbers, how many were not */
function compare<Row>(
  rows: readonly Row[],
  pairs: (row: Row) => [ours: number | null, theirs: number | null][],
) {
  const counts = { numbers: 0, none: 0 }
  for (const row of rows)
    for (const [ours, theirs] of pairs(row)) {
      counts[ours === null ? 'none' : 'numbers'] += 1
      const far =
        ours === null || theirs === null
          ? ours !== theirs
          : Math.abs(ours - theirs) > 1e-9 * Math.max(1, Math.abs(theirs))
      if (far) expect.fail(`${JSON.stringify(row)}: ${ours} here, ${theirs} in SQL`)
    }
  return counts
}

describe('all real series, counted a second way in SQL', () => {
  it('ALPS of every month', async () => {
    const means = new Map([...all.keys()].map((series) => [series, meansOf(totals(series))]))
    const counts = compare(await alpsInSql(database.pool), ({ series, m, value }) => [
      [numberOf(alps(means.get(series) ?? new Map(), m)), value],
    ])
    expect(counts.numbers).toBeGreaterThan(1_000)
    expect(counts.none).toBeGreaterThan(1_000)
  })
  it('IFPA of every month', async () => {
    const means = new Map([...all.keys()].map((series) => [series, meansOf(totals(series))]))
    const counts = compare(await ifpaInSql(database.pool), ({ series, m, value }) => [
      [numberOf(ifpa(means.get(series) ?? new Map(), m)), value],
    ])
    expect(counts.numbers).toBeGreaterThan(1_000)
    expect(counts.none).toBeGreaterThan(1_000)
  })
  it('variation of every year', async () => {
    const months = new Map([...all.keys()].map((series) => [series, totals(series)]))
    const counts = compare(await yearsInSql(database.pool), ({ series, year, value }) => [
      [numberOf(variationOfYear(months.get(series) ?? [], year)), value],
    ])
    expect(counts.numbers).toBeGreaterThan(200)
  })
  it('changes and the variation of 30 days, every day', async () => {
    const counts = compare(await daysInSql(database.pool), ({ series, day, variation, ...changes }) => {
      const prices = pricesOf(series)
      return [
        [numberOf(variation30(prices, day)), variation],
        [numberOf(change(prices, day, 'day')), changes['change-day']],
        [numberOf(change(prices, day, 'week')), changes['change-week']],
        [numberOf(change(prices, day, 'month')), changes['change-month']],
        [numberOf(change(prices, day, 'year')), changes['change-year']],
      ]
    })
    expect(counts.numbers).toBeGreaterThan(300_000)
    expect(counts.none).toBeGreaterThan(10_000)
  })
  it('change against the weeks around the Lebaran before', async () => {
    const feasts = pack.holidays.flatMap(({ kind, from }) => (kind === 'lebaran' ? [from] : []))
    const counts = compare(await lebaranInSql(database.pool), ({ series, day, value }) => [
      [numberOf(changeBeforeLebaran(pricesOf(series), day, feasts)), value],
    ])
    expect(counts.numbers).toBeGreaterThan(10_000)
  })
  it('excess and days above the ceiling, every day by its own rule', async () => {
    const counts = compare(await ceilingsInSql(database.pool), ({ series, day, excess: share, above }) => {
      const [prices, commodity] = [pricesOf(series), all.get(series)?.commodity ?? '']
      const ceilingOn = (of: string) => ceilingOf(pack, commodity, of)
      return [
        [numberOf(excess(prices.get(day), ceilingOn(day))), share],
        [numberOf(daysAbove(prices, day, ceilingOn)), above],
      ]
    })
    expect(counts.numbers).toBeGreaterThan(5_000)
  })
  it('median, trimmed mean and disparity of the markets of a day', async () => {
    const counts = compare(await marketsInSql(database.pool), ({ prices, ...theirs }) => [
      [numberOf(cityMedian(prices)), theirs.median],
      [numberOf(trimmedMean(prices)), theirs.trimmed],
      [numberOf(disparity(prices)), theirs.disparity],
    ])
    expect(counts.numbers).toBeGreaterThan(100)
  })
})

describe("the basket's index over the province's prices", () => {
  const [feed, base] = ['history:pihps-jawa-timur', '2022-01']
  /** Last price of 31 days, as the index carries it. */
  const known = (prices: ReadonlyMap<string, number>, day: string) => {
    const last = daysFrom(addDays(day, -31), day).findLast((one) => prices.has(one))
    const price = last === undefined ? undefined : prices.get(last)
    return price === undefined ? undefined : { price, fresh: last === day }
  }
  it('costs what the shopping list costs, and contributions are what each of its lines adds', async () => {
    const basket = [...all.values()].flatMap((series, index) =>
      series.feed === feed ? [{ ...series, quantity: 1 + (index % 7) }] : [],
    )
    await database.pool.query('INSERT INTO real_basket SELECT * FROM unnest($1::text[], $2::int[])', [
      basket.map(({ commodity }) => commodity),
      basket.map(({ quantity }) => quantity),
    ])
    const weights = weigh(
      basket.map(({ commodity, quantity, prices }) => {
        const own = [...prices].flatMap(([day, price]) => (day.startsWith(base) ? [price] : []))
        return { code: commodity, quantity, base: own.reduce((sum, price) => sum + price, 0) / own.length }
      }),
    ) as Weighed[]
    const points = new Map<string, IndexPoint>()
    const theirs = await indexInSql(database.pool, feed, base)
    const counts = compare(theirs, ({ day, value, completeness }) => {
      const point = laspeyres(weights, (code) =>
        known(basket.find(({ commodity }) => commodity === code)?.prices ?? new Map(), day),
      )
      if (point !== undefined) points.set(day, point)
      return [
        [point?.value ?? null, value],
        [point?.completeness ?? null, completeness],
      ]
    })
    expect(counts.numbers).toBeGreaterThan(2_500)
    const months = theirs.filter((_, index) => index % 30 === 0)
    for (const [index, to] of months.entries()) {
      const from = months[index - 1]
      const [first, second] = [points.get(from?.day ?? ''), points.get(to.day)]
      if (from === undefined || first === undefined || second === undefined) continue
      const cost = Object.values(from.costs).reduce<number>((sum, one) => sum + (one ?? Number.NaN), 0)
      const added = contributions(weights, first, second)
      for (const [at, { code }] of weights.entries())
        expect(added[at]).toBeCloseTo(((to.costs[code] ?? 0) - (from.costs[code] ?? 0)) / cost, 11)
    }
  })
})
