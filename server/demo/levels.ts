import { ceilingInForce, type CityPack, type HistoryRow } from '../cities/index.ts'

/** Where the real history ends: from here the demo's prices go on. Rupiah per the commodity's unit. */
export interface PriceLevels {
  /** last day with a market's real price */
  lastDay: string
  commodities: ReadonlyMap<string, PriceLevel>
}
export interface PriceLevel {
  city: number
  /** places with a level of their own */
  places: ReadonlyMap<string, number>
}

/** Older prices say nothing of today's. */
const OLDEST_DAYS = 800
/** Markets whose last price is so much older than the city's are raised or lowered to the city's level. */
const SAME_TIME_DAYS = 60
/** Where the history has no price of a commodity, one that costs about the same. */
const STAND_INS: Record<string, string> = { 'daging-sapi-paha-belakang': 'daging-sapi-2' }

interface Last {
  day: string
  price: number
}

/** Reads the last levels from the pack's history. A commodity without one begins at its ceiling, or is left out. */
export async function readLevels(pack: CityPack, history: AsyncIterable<HistoryRow>): Promise<PriceLevels> {
  const last = new Map<string, Map<string, Last>>()
  for await (const { commodity, market, day, price } of history) {
    const places = last.get(commodity) ?? new Map<string, Last>()
    if (day > (places.get(market)?.day ?? '')) places.set(market, { day, price })
    last.set(commodity, places)
  }
  const levelOf = new Map(pack.markets.map(({ code, level }) => [code, level]))
  const marketDays = [...last.values()].flatMap((places) =>
    [...places].filter(([place]) => levelOf.get(place) === 'market').map(([, { day }]) => day),
  )
  const lastDay = marketDays.sort().at(-1) ?? '2026-01-01'
  const commodities = new Map<string, PriceLevel>()
  for (const { code } of pack.commodities) {
    const places = last.get(code) ?? last.get(STAND_INS[code] ?? '')
    const level = places && priceLevel(places, levelOf, lastDay)
    const ceiling = ceilingInForce(pack.ceilings, code, lastDay, pack.city.ceilingZone)
    if (level !== undefined) commodities.set(code, level)
    else if (ceiling?.kind === 'HET') commodities.set(code, { city: ceiling.priceMax, places: new Map() })
  }
  return { lastDay, commodities }
}

function priceLevel(
  last: ReadonlyMap<string, Last>,
  levelOf: ReadonlyMap<string, string>,
  lastDay: string,
): PriceLevel | undefined {
  const recent = [...last].filter(([, { day }]) => daysBetween(day, lastDay) <= OLDEST_DAYS)
  const of = (level: string) => recent.filter(([place]) => levelOf.get(place) === level)
  const markets = of('market')
  const [city] = [...of('city'), ...of('province')]
  const median = middle(markets.map(([, { price }]) => price))
  if (median === undefined && city === undefined) return undefined
  const marketDay =
    markets
      .map(([, { day }]) => day)
      .sort()
      .at(-1) ?? ''
  const cityIsNewer =
    city !== undefined && (median === undefined || daysBetween(marketDay, city[1].day) > SAME_TIME_DAYS)
  const level = cityIsNewer ? city[1].price : (median ?? 0)
  const scale = median === undefined ? 1 : level / median
  return {
    city: level,
    places: new Map([
      ...markets.map(([place, { price }]) => [place, price * scale] as const),
      ...of('province').map(([place, { price }]) => [place, price] as const),
    ]),
  }
}

function middle(values: number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
