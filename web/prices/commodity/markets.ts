import type { QuoteStatus } from '#contract/price.ts'
import type { CommodityHistory } from '#contract/price-board.ts'
import { dayNumber, dayOfNumber } from '../../charts/series.ts'

const SHOWN_DAYS = 30
/** As the board does it: an older price says nothing about the day. */
const CARRY_DAYS = 7

export interface MarketRow {
  code: string
  name: string
  /** older than the last day of the city where it is carried */
  day: string
  price: number
  status: QuoteStatus
  /** of the days to the city's last one; null: no price */
  sparkline: (number | null)[]
}

/** Each market's newest price within the carry limit of the city's last day, the cheapest first. */
export function marketRows({ city, series, stepDays }: CommodityHistory): MarketRow[] {
  const last = city.at(-1)?.day
  if (last === undefined || stepDays > 1) return []
  const oldest = dayOfNumber(dayNumber(last) - CARRY_DAYS)
  const days = Array.from({ length: SHOWN_DAYS }, (_, index) =>
    dayOfNumber(dayNumber(last) - SHOWN_DAYS + 1 + index),
  )
  const markets = new Map<string, { name: string; points: CommodityHistory['series'][number]['points'] }>()
  for (const { market, points } of series) {
    if (market.level !== 'market') continue
    // Which source counts may change from one day to the next.
    const known = markets.get(market.code)
    if (known === undefined) markets.set(market.code, { name: market.name, points: [...points] })
    else known.points.push(...points)
  }
  return [...markets]
    .flatMap(([code, { name, points }]): MarketRow[] => {
      const byDay = new Map(points.map((point) => [point.day, point]))
      const newest = points.reduce(
        (a, b) => (a.day >= b.day ? a : b),
        points[0] ?? { day: '', price: 0, status: 'reported' as const },
      )
      if (newest.day < oldest || newest.day > last) return []
      return [{ code, name, ...newest, sparkline: days.map((day) => byDay.get(day)?.price ?? null) }]
    })
    .sort((a, b) => a.price - b.price || (a.name < b.name ? -1 : 1))
}
