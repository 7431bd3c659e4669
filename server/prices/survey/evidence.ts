import type { MarketsAsk, VerificationItem } from '#contract/survey.ts'
import type { CityPack } from '../../cities/index.ts'
import { CARRY_DAYS } from '../board.ts'
import { addDays } from '../days.ts'
import { ceilingOf, marketOf } from '../naming.ts'
import type { MarketSeries, SourceRow } from './verification-store.ts'

/** Days of its own market that stand beside a price. */
export const SPARKLINE_DAYS = 30

/** What a commodity's prices of a day are compared with: each market's prices, and its last one up to that day within the carry limit. */
export interface Asked {
  commodity: string
  day: string
  /** the day's place in the series */
  at: number
  ceiling: VerificationItem['ceiling']
  byMarket: ReadonlyMap<string, MarketSeries>
  latest: MarketsAsk['prices']
}

/** The same for all entries of a commodity and a day. */
export function askedOn(
  { commodity, day }: { commodity: string; day: string },
  byMarket: ReadonlyMap<string, MarketSeries>,
  days: readonly string[],
  pack: CityPack,
): Asked {
  const at = days.indexOf(day)
  return {
    commodity,
    day,
    at,
    byMarket,
    ceiling: ceilingOf(pack, commodity, day),
    latest: pack.markets.flatMap((market) => {
      if (market.level !== 'market') return []
      const line = byMarket.get(market.code) ?? []
      const price = line[lastPriced(line, at, at - CARRY_DAYS)] ?? null
      return price === null ? [] : [{ market: marketOf(market), price }]
    }),
  }
}

/** What this market asked before, and its last days. */
export function evidenceOf(
  market: string,
  { byMarket, at }: Asked,
  days: readonly string[],
): Pick<VerificationItem, 'previous' | 'sparkline'> {
  const line = byMarket.get(market) ?? []
  const before = lastPriced(line, at - 1, 0)
  const [day, price] = [days[before], line[before] ?? null]
  return {
    previous: day === undefined || price === null ? null : { day, price },
    sparkline: Array.from(
      { length: SPARKLINE_DAYS },
      (_, place) => line[at + 1 - SPARKLINE_DAYS + place] ?? null,
    ),
  }
}

/** Place of the last price from one place back to another, both included; -1: there is none. */
function lastPriced(line: MarketSeries, from: number, to: number): number {
  for (let place = from; place >= to; place -= 1) if ((line[place] ?? null) !== null) return place
  return -1
}

/** The last word of each other source on this market, and on the city and the province. Newest first comes in. */
export function latestOfSources(
  { market, day }: { market: string; day: string },
  rows: readonly SourceRow[],
): VerificationItem['otherSources'] {
  const oldest = addDays(day, -CARRY_DAYS)
  const latest = new Map<string, VerificationItem['otherSources'][number]>()
  for (const row of rows) {
    const concerns = row.level === 'market' ? row.market === market : true
    if (!concerns || row.day > day || row.day < oldest || latest.has(row.title)) continue
    latest.set(row.title, { title: row.title, price: row.price, day: row.day })
  }
  return [...latest.values()]
}
