import type { Pool } from 'pg'
import type {
  BoardRow,
  Ceiling,
  CityPrice,
  Commodity,
  CommodityHistory,
  Market,
  PriceBoard,
  PriceSeries,
  Quote,
  QuoteStatus,
} from '#contract/model.ts'
import type { CityPriceOf } from '#contract/live.ts'
import { ceilingInForce, type CityPack } from '../cities/index.ts'
import { addDays } from './days.ts'
import { TOLD } from './told.ts'

/** A price is carried for so many days at most; after that the market counts as not reporting. */
export const CARRY_DAYS = 7

export const commodityOf = ({
  code,
  nameId,
  nameEn,
  unit,
  category,
}: CityPack['commodities'][number]): Commodity => ({
  code,
  nameId,
  nameEn,
  unit,
  category,
})
const marketOf = ({ code, name, level }: CityPack['markets'][number]): Market => ({ code, name, level })

/** The ceiling of a day by the rule in force on it; null where there was none. */
export function ceilingOf(pack: CityPack, commodity: string, day: string): Ceiling | null {
  const ceiling = ceilingInForce(pack.ceilings, commodity, day, pack.city.ceilingZone)
  if (ceiling === undefined) return null
  return {
    kind: ceiling.kind,
    price: ceiling.priceMax,
    regulation: ceiling.regulation,
    validFrom: ceiling.validFrom ?? null,
  }
}

/** First and newest day with any market's price. */
export async function dayRange(pool: Pool): Promise<{ first: string | null; latest: string | null }> {
  const result = await pool.query<{ first: string | null; latest: string | null }>({
    name: 'price-days',
    text: `SELECT min(day) AS first, max(day) AS latest FROM quote_day_city`,
  })
  return result.rows[0] ?? { first: null, latest: null }
}

/** City figures of the newest day of every commodity. */
export async function latestCity(pool: Pool): Promise<CityPriceOf[]> {
  const result = await pool.query<CityPriceOf>({
    name: 'price-latest',
    text: `SELECT DISTINCT ON (commodity) commodity, day, median, low, high, markets, demo FROM quote_day_city
      WHERE day > (SELECT max(day) FROM quote_day_city) - 31 ORDER BY commodity, day DESC`,
  })
  return result.rows
}

/** City figures of all commodities between two days, both included. */
export async function cityBetween(pool: Pool, from: string, to: string): Promise<CityPriceOf[]> {
  const result = await pool.query<CityPriceOf>({
    name: 'price-city-between',
    text: `SELECT commodity, day, median, low, high, markets, demo FROM quote_day_city WHERE day BETWEEN $1 AND $2 ORDER BY commodity, day`,
    values: [from, to],
  })
  return result.rows
}

interface QuoteRecord {
  market: string
  commodity: string
  day: string
  price: number
  status: QuoteStatus
  revision: number
  feed: string
  demo: boolean
}

/** Each market's price on a day; an older one within the carry limit is marked carried. */
async function quotesOn(pool: Pool, day: string): Promise<Quote[]> {
  const result = await pool.query<QuoteRecord>({
    name: 'price-board-quotes',
    text: `SELECT DISTINCT ON (q.commodity, q.market) q.market, q.commodity, q.day, q.price, q.revision, f.id AS feed, f.demo,
        CASE WHEN q.day < $1 THEN 'carried' ELSE q.status::text END AS status
      FROM quote q JOIN market m ON m.code = q.market JOIN feed f ON f.number = q.feed
      WHERE q.day BETWEEN $1::date - ${CARRY_DAYS} AND $1::date AND m.level = 'market'
      ORDER BY q.commodity, q.market, q.day DESC, f.priority DESC, f.number, ${TOLD} DESC, q.revision DESC`,
    values: [day],
  })
  return result.rows
}

export async function readBoard(
  pool: Pool,
  pack: CityPack,
  wanted: string | undefined,
  today: string,
): Promise<PriceBoard> {
  const { first, latest } = await dayRange(pool)
  const day = wanted ?? latest ?? today
  const [quotes, city] = await Promise.all([quotesOn(pool, day), cityBetween(pool, addDays(day, -30), day)])
  const figures = new Map<string, CityPrice>()
  for (const { commodity, ...figure } of city) figures.set(`${commodity} ${figure.day}`, figure)
  const byCommodity = new Map<string, Quote[]>()
  for (const quote of quotes)
    byCommodity.set(quote.commodity, [...(byCommodity.get(quote.commodity) ?? []), quote])
  const month = Array.from({ length: 30 }, (_, index) => addDays(day, index - 29))
  const known = new Set(city.map((figure) => figure.commodity))
  const rows: BoardRow[] = pack.commodities
    .filter(({ code }) => known.has(code) || byCommodity.has(code))
    .sort((a, b) => a.position - b.position)
    .map((commodity) => {
      const median = (of: string) => figures.get(`${commodity.code} ${of}`)?.median ?? null
      return {
        commodity: commodityOf(commodity),
        city: figures.get(`${commodity.code} ${day}`) ?? null,
        yesterday: median(addDays(day, -1)),
        lastWeek: median(addDays(day, -7)),
        ceiling: ceilingOf(pack, commodity.code, day),
        quotes: byCommodity.get(commodity.code) ?? [],
        sparkline: month.map(median),
      }
    })
  return {
    day,
    latestDay: latest,
    firstDay: first,
    markets: pack.markets.filter((market) => market.level === 'market').map(marketOf),
    rows,
    demo: rows.some((row) => row.city?.demo === true || row.quotes.some((quote) => quote.demo)),
  }
}

export async function readCommodity(
  pool: Pool,
  pack: CityPack,
  code: string,
  from: string,
  to: string,
): Promise<CommodityHistory | undefined> {
  const commodity = pack.commodities.find((one) => one.code === code)
  if (commodity === undefined) return undefined
  const [city, quotes] = await Promise.all([
    pool.query<CityPrice>({
      name: 'price-commodity-city',
      text: `SELECT day, median, low, high, markets, demo FROM quote_day_city WHERE commodity = $1 AND day BETWEEN $2 AND $3 ORDER BY day`,
      values: [code, from, to],
    }),
    pool.query<QuoteRecord>({
      name: 'price-commodity-quotes',
      text: `SELECT DISTINCT ON (q.market, f.id, q.day) q.market, q.day, q.price, q.status, f.id AS feed, f.demo
        FROM quote q JOIN feed f ON f.number = q.feed WHERE q.commodity = $1 AND q.day BETWEEN $2 AND $3
        ORDER BY q.market, f.id, q.day, ${TOLD} DESC, q.revision DESC`,
      values: [code, from, to],
    }),
  ])
  const markets = new Map(pack.markets.map((market) => [market.code, marketOf(market)]))
  const series = new Map<string, PriceSeries>()
  for (const { market, feed, demo, day, price, status } of quotes.rows) {
    const key = `${market} ${feed}`
    const named = markets.get(market)
    if (named === undefined) continue
    const one = series.get(key) ?? { market: named, feed, demo, points: [] }
    one.points.push({ day, price, status })
    series.set(key, one)
  }
  return {
    commodity: commodityOf(commodity),
    from,
    to,
    city: city.rows,
    series: [...series.values()],
    ceilings: ceilingsBetween(pack, code, from, to),
  }
}

/** Runs of days with the same ceiling. */
function ceilingsBetween(
  pack: CityPack,
  code: string,
  from: string,
  to: string,
): CommodityHistory['ceilings'] {
  const relevant = pack.ceilings.filter((ceiling) => ceiling.commodityCode === code)
  const edges = relevant.flatMap(({ validFrom, validTo }) => [
    validFrom ?? '',
    validTo === undefined ? '' : addDays(validTo, 1),
  ])
  // Where a rule's start is unknown it may begin with a year.
  const years = Array.from(
    { length: Number(to.slice(0, 4)) - Number(from.slice(0, 4)) },
    (_, i) => `${Number(from.slice(0, 4)) + i + 1}-01-01`,
  )
  const starts = [from, ...new Set([...edges, ...years].filter((day) => day > from && day <= to))].sort()
  const runs: CommodityHistory['ceilings'] = []
  starts.forEach((start, index) => {
    const ceiling = ceilingOf(pack, code, start)
    if (ceiling === null) return
    const end = index + 1 < starts.length ? addDays(starts[index + 1] as string, -1) : to
    const last = runs[runs.length - 1]
    if (last?.price === ceiling.price && last.kind === ceiling.kind && addDays(last.to, 1) === start)
      last.to = end
    else runs.push({ ...ceiling, from: start, to: end })
  })
  return runs
}
