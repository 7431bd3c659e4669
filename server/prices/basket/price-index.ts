import type { Pool } from 'pg'
import type { Lack, PriceIndex } from '#contract/indicators.ts'
import type { CityPack } from '../../cities/index.ts'
import { addDays, daysFrom } from '../days.ts'
import { asOf, readKnown } from '../known.ts'
import { commodityOf } from '../naming.ts'
import { readPriceSettings } from '../settings.ts'
import {
  CARRY_DAYS,
  contributions,
  laspeyres,
  LEAST_SHARE,
  weigh,
  type IndexPoint,
  type KnownPrice,
} from './laspeyres.ts'
import { basketPrices, firstFullMonth, monthMeans, type BasketPrice } from './store.ts'

/**
 * The basket's index day by day, and what the change from the first day that has one to the last day is made of.
 * @param known the day by whose end all prices had been received; left out: as they are known now. The base month is today's.
 */
export async function readPriceIndex(
  pool: Pool,
  pack: CityPack,
  { from, to, known }: { from: string; to: string; known?: string | undefined },
): Promise<PriceIndex> {
  const { baseMonth: wanted } = await readPriceSettings(pool)
  const basket = pack.commodities.filter(({ basketWeight = 0 }) => basketWeight > 0)
  const codes = basket.map(({ code }) => code)
  // Without a full month yet, the one that is asked about says what it lacks.
  const baseMonth =
    wanted ?? (await firstFullMonth(pool, codes, Math.ceil(LEAST_SHARE * codes.length))) ?? to.slice(0, 7)
  const first = addDays(from, -CARRY_DAYS)
  // The base month may lie before or after the days that are asked for.
  const base = { from: `${baseMonth}-01`, until: addDays(`${baseMonth}-01`, 30) }
  const asked = {
    from: first < base.from ? first : base.from,
    until: to > base.until ? to : base.until,
    commodities: codes,
  }
  const [bases, prices] = await readKnown(pool, asOf(known, pack.city.timezone), asked, (database, then) =>
    Promise.all([
      monthMeans(database, codes, baseMonth, then),
      basketPrices(database, codes, first, to, then),
    ]),
  )
  const weights = weigh(
    basket.map(({ code, basketWeight = 0 }) => ({
      code,
      quantity: basketWeight,
      base: bases.get(code)?.mean ?? null,
    })),
  )
  const days = daysFrom(from, to)
  const given = givenByDay(prices, days)
  const whole = new Map(
    days.flatMap((day, index) => {
      const point = weights && laspeyres(weights, (code) => given[index]?.get(code))
      return point === undefined ? [] : [[day, point] as const]
    }),
  )
  const since = whole.keys().next().value ?? null
  const [begun, ended] = [given[days.indexOf(since ?? from)], given.at(-1)]
  // A day alone has nothing to be compared with.
  const [before, after] = [since === to ? undefined : whole.get(since ?? from), whole.get(to)]
  const shares = weights && before && after ? contributions(weights, before, after) : undefined
  return {
    baseMonth,
    from,
    to,
    since,
    points: [...whole].map(([day, { value, completeness }]) => ({ day, value, completeness })),
    contributions: basket.map((item) => {
      const at = weights?.findIndex(({ code }) => code === item.code) ?? -1
      const [first, last] = [begun?.get(item.code), ended?.get(item.code)]
      return {
        commodity: commodityOf(item),
        weight: weights?.[at]?.weight ?? 0,
        before: first?.price ?? null,
        after: last?.price ?? null,
        change: first && last ? last.price / first.price - 1 : null,
        contribution: shares?.[at] ?? null,
      }
    }),
    change: changeOf(before, after),
    lacks: weights === undefined ? baseLack(bases.size, basket.length) : null,
    known: known ?? null,
    demo: prices.some(({ demo }) => demo) || [...bases.values()].some(({ demo }) => demo),
  }
}

function changeOf(before: IndexPoint | undefined, after: IndexPoint | undefined): PriceIndex['change'] {
  if (before === undefined || after === undefined)
    return {
      lacks: {
        what: 'comparison',
        have: Number(before !== undefined) + Number(after !== undefined),
        need: 2,
      },
    }
  return { value: after.value / before.value - 1 }
}

const baseLack = (have: number, commodities: number): Lack => ({
  what: 'comparison',
  have,
  need: Math.ceil(LEAST_SHARE * commodities),
})

/** What is known of each commodity on each of the days, which follow each other; prices in order of their days. */
function givenByDay(prices: readonly BasketPrice[], days: readonly string[]): Map<string, KnownPrice>[] {
  const last = new Map<string, BasketPrice>()
  let next = 0
  return days.map((day) => {
    for (; next < prices.length && (prices[next] as BasketPrice).day <= day; next += 1) {
      const price = prices[next] as BasketPrice
      last.set(price.commodity, price)
    }
    const oldest = addDays(day, -CARRY_DAYS)
    return new Map(
      [...last]
        .filter(([, price]) => price.day >= oldest)
        .map(([code, price]) => [code, { price: price.median, fresh: price.day === day }]),
    )
  })
}
