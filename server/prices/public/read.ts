import type { Pool } from 'pg'
import type { PublicPrices } from '#contract/prices.ts'
import type { CityPack } from '../../cities/index.ts'
import { CARRY_DAYS } from '../board.ts'
import { ceilingOf, commodityOf, marketOf } from '../naming.ts'
import { dayRange } from '../queries.ts'
import { publicCity, publicMarket, type PublicRow } from './store.ts'

/** (now - before) / before; null where there is nothing to compare with. */
export const changeOf = (now: number, before: number | null): number | null =>
  before === null ? null : (now - before) / before

/**
 * What anyone may see of a day: city medians, or one market's prices; what was not reported on it is up to a week old and
 * says so.
 * @param market its code; undefined: the city
 * @param wanted the day; left out: the newest with a price
 * @returns undefined where the city's pack has no such market
 */
export async function readPublic(
  pool: Pool,
  pack: CityPack,
  { market, wanted, today }: { market: string | undefined; wanted: string | undefined; today: string },
): Promise<PublicPrices | undefined> {
  const markets = pack.markets.filter(({ level }) => level === 'market')
  const place = markets.find(({ code }) => code === market)
  if (market !== undefined && place === undefined) return undefined
  const { first, latest } = await dayRange(pool)
  const day = wanted ?? latest ?? today
  const found =
    place === undefined
      ? await publicCity(pool, day, CARRY_DAYS)
      : await publicMarket(pool, place.code, day, CARRY_DAYS)
  const prices = new Map(found.map((row) => [row.commodity, row]))
  return {
    city: pack.city.name,
    day,
    firstDay: first,
    latestDay: latest,
    market: place === undefined ? null : marketOf(place),
    markets: markets.map(marketOf),
    rows: pack.commodities
      .toSorted((a, b) => a.position - b.position)
      .flatMap((commodity) => {
        const row = prices.get(commodity.code)
        return row === undefined ? [] : [{ commodity: commodityOf(commodity), ...shown(pack, row) }]
      }),
    demo: found.some(({ demo }) => demo),
  }
}

function shown(pack: CityPack, row: PublicRow) {
  return {
    price: row.price,
    day: row.day,
    status: row.status,
    change: changeOf(row.price, row.before),
    weekChange: changeOf(row.price, row.week),
    // An old price is judged by the rule of its own day.
    ceiling: ceilingOf(pack, row.commodity, row.day),
    sources: row.sources,
  }
}
