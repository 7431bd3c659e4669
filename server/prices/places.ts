import type { Pool } from 'pg'
import type { MarketPage, PriceMap } from '#contract/prices.ts'
import type { CityPack } from '../cities/index.ts'
import { CARRY_DAYS } from './board.ts'
import { cityBetween, citySeries, pricesBetween, pricesOn } from './current.ts'
import { asOf } from './known.ts'
import { addDays, daysFrom } from './days.ts'
import { dueByMarket } from './due.ts'
import { ceilingOf, commodityOf, groupBy, marketOf } from './naming.ts'
import { flagsOf, notSoldOn, openFlags } from './notes-store.ts'
import { shownDay, type AskedDay } from './queries.ts'

const SPARKLINE_DAYS = 30

interface PlaceRow {
  code: string
  latitude: number | null
  longitude: number | null
  position_accuracy: string | null
  district: string | null
}
async function placesOf(pool: Pool): Promise<Map<string, PlaceRow>> {
  const result = await pool.query<PlaceRow>({
    name: 'price-places',
    text: `SELECT code, latitude, longitude, position_accuracy, district FROM market WHERE level = 'market'`,
  })
  return new Map(result.rows.map((row) => [row.code, row]))
}
const positionOf = (place: PlaceRow | undefined) => ({
  latitude: place?.latitude ?? null,
  longitude: place?.longitude ?? null,
  positionAccuracy: place?.position_accuracy ?? null,
})

/**
 * A market on a day: what counts of each commodity there, what is missing, what was not sold.
 * @param wanted the day; left out: the newest with a price in the city
 * @param known the day by whose end all of it had been received; left out: as it is known now
 * @returns undefined where the city's pack has no such market
 */
export async function readMarket(
  pool: Pool,
  pack: CityPack,
  code: string,
  { wanted, known, today }: AskedDay,
): Promise<MarketPage | undefined> {
  const market = pack.markets.find((one) => one.code === code && one.level === 'market')
  if (market === undefined) return undefined
  const day = await shownDay(pool, { wanted, known, today })
  const then = asOf(known, pack.city.timezone)
  const [prices, past, city, due, flags, notSold, places, latest] = await Promise.all([
    pricesOn(pool, day, { carry: CARRY_DAYS, market: code, known: then }),
    pricesBetween(pool, code, addDays(day, 1 - SPARKLINE_DAYS), day, then),
    cityBetween(pool, day, day, { known: then }),
    dueByMarket(pool, pack),
    openFlags(pool, day, { market: code, known: then }),
    notSoldOn(pool, day, { market: code, known: then }),
    placesOf(pool),
    latestDayOf(pool, code),
  ])
  const commodities = new Map(pack.commodities.map((one) => [one.code, one]))
  const named = (codes: Iterable<string>) =>
    [...codes].flatMap((one) => {
      const commodity = commodities.get(one)
      return commodity === undefined ? [] : [commodity]
    })
  const medians = new Map(city.map(({ commodity, median }) => [commodity, median]))
  const flagged = new Map(
    flagsOf(flags, prices, day).map(({ commodity, flags: count }) => [commodity, count]),
  )
  const days = daysFrom(addDays(day, 1 - SPARKLINE_DAYS), day)
  const byCommodity = groupBy(past, ({ commodity }) => commodity)
  const given = new Set(prices.flatMap((price) => (price.day === day ? [price.commodity] : [])))
  // Where another source tells of a price that counts, the price is shown.
  const absent = new Set(notSold.flatMap(({ commodity }) => (given.has(commodity) ? [] : [commodity])))
  const missing = [...(due.get(code) ?? [])].filter((one) => !given.has(one) && !absent.has(one))
  return {
    market: marketOf(market),
    ...positionOf(places.get(code)),
    district: places.get(code)?.district ?? null,
    day,
    latestDay: latest,
    prices: prices
      .flatMap((price) => {
        const commodity = commodities.get(price.commodity)
        if (commodity === undefined) return []
        const own = new Map((byCommodity.get(price.commodity) ?? []).map((one) => [one.day, one.price]))
        return [
          {
            position: commodity.position,
            commodity: commodityOf(commodity),
            day: price.day,
            price: price.price,
            status: price.status,
            feed: price.feed,
            demo: price.demo,
            before: own.get(addDays(day, -1)) ?? null,
            lastWeek: own.get(addDays(day, -7)) ?? null,
            city: medians.get(price.commodity) ?? null,
            ceiling: ceilingOf(pack, price.commodity, day),
            flags: price.day === day ? (flagged.get(price.commodity) ?? 0) : 0,
            sparkline: days.map((one) => own.get(one) ?? null),
          },
        ]
      })
      .sort((a, b) => a.position - b.position)
      .map(({ position: _, ...rest }) => rest),
    missing: named(missing).map(commodityOf),
    notSold: named(absent).map(commodityOf),
    known: known ?? null,
    demo: prices.some(({ demo }) => demo),
  }
}

async function latestDayOf(pool: Pool, market: string): Promise<string | null> {
  const result = await pool.query<{ day: string | null }>({
    name: 'price-market-latest',
    text: 'SELECT max(day) AS day FROM market_price WHERE market = $1',
    values: [market],
  })
  return result.rows[0]?.day ?? null
}

/** A commodity's price at every market on a day. Undefined where the city's pack has no such commodity. */
export async function readMap(
  pool: Pool,
  pack: CityPack,
  code: string,
  { wanted, known, today }: AskedDay,
): Promise<PriceMap | undefined> {
  const commodity = pack.commodities.find((one) => one.code === code)
  if (commodity === undefined) return undefined
  const day = await shownDay(pool, { wanted, known, today })
  const then = asOf(known, pack.city.timezone)
  const [prices, places, city] = await Promise.all([
    pricesOn(pool, day, { carry: CARRY_DAYS, commodity: code, known: then }),
    placesOf(pool),
    citySeries(pool, code, day, day, then),
  ])
  const quotes = new Map(prices.map((price) => [price.market, price]))
  return {
    commodity: commodityOf(commodity),
    day,
    city: city[0] ?? null,
    ceiling: ceilingOf(pack, code, day),
    places: pack.markets.flatMap((market) => {
      if (market.level !== 'market') return []
      const quote = quotes.get(market.code)
      return [
        {
          market: marketOf(market),
          ...positionOf(places.get(market.code)),
          quote: quote === undefined ? null : { day: quote.day, price: quote.price, status: quote.status },
        },
      ]
    }),
    known: known ?? null,
    demo: city[0]?.demo === true || prices.some((price) => price.demo),
  }
}
