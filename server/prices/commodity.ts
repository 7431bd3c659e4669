import type { Pool } from 'pg'
import type { QuoteStatus } from '#contract/price.ts'
import type { CommodityHistory, PriceSeries } from '#contract/price-board.ts'
import type { CityPack } from '../cities/index.ts'
import { citySeries, seriesOf, type PlaceSeries } from './current.ts'
import { asOf } from './known.ts'
import { addDays } from './days.ts'
import { ceilingOf, commodityOf, marketOf } from './naming.ts'

/** Over more days a market's are told as means of so many: nobody sees each on a screen, and they weigh megabytes. */
const STEPS = [
  { over: 1_850, days: 28 },
  { over: 800, days: 7 },
]

/**
 * A commodity between two days: the city's figures of every day, what counts of each place, the ceilings in force.
 * @returns undefined where the city's pack has no such commodity
 */
export async function readCommodity(
  pool: Pool,
  pack: CityPack,
  code: string,
  { from, to, known }: { from: string; to: string; known?: string | undefined },
): Promise<CommodityHistory | undefined> {
  const commodity = pack.commodities.find((one) => one.code === code)
  if (commodity === undefined) return undefined
  const then = asOf(known, pack.city.timezone)
  const stepDays = STEPS.find(({ over }) => addDays(from, over) < to)?.days ?? 1
  const [city, series] = await Promise.all([
    citySeries(pool, code, from, to, then),
    seriesOf(pool, code, { from, to, stepDays, known: then }),
  ])
  return {
    commodity: commodityOf(commodity),
    from,
    to,
    city,
    series: byPlace(pack, series),
    stepDays,
    known: known ?? null,
    ceilings: ceilingsBetween(pack, code, from, to),
  }
}

function byPlace(pack: CityPack, series: readonly PlaceSeries[]): PriceSeries[] {
  const markets = new Map(pack.markets.map((market) => [market.code, marketOf(market)]))
  return series
    .flatMap(({ market: code, feed, demo, days, prices, statuses }) => {
      const market = markets.get(code)
      if (market === undefined) return []
      const points = days.map((day, place) => ({
        day,
        price: prices[place] as number,
        status: statuses[place] as QuoteStatus,
      }))
      return [{ market, feed, demo, points: points.sort((a, b) => (a.day < b.day ? -1 : 1)) }]
    })
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
}
const placeOf = ({ market, feed }: PriceSeries) => `${market.code} ${feed}`

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
