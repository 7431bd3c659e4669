import type { Pool } from 'pg'
import type { Summary } from '#contract/summary.ts'
import type { CityPack } from '../cities/index.ts'
import { addDays, ceilingOf, cityBetween, commodityOf, dayRange } from '../prices/index.ts'
import { basketFigure, moversOf, type Medians } from './figures.ts'
import { marketsReporting } from './store.ts'

const TOP_MOVERS = 6

/** A day counts from so large a share of the day before's markets on: three of fourteen reports are a morning, no day. */
const DAY_BEGINS_AT = 0.5

/**
 * The prices' half of leadership's page: figures of the newest day that has begun, and how many markets reported on the
 * newest day there is. A basket is as complete as its staples and its markets are.
 */
export async function pricePart(
  pool: Pool,
  pack: CityPack,
): Promise<{ demo: boolean; part: Summary['prices'] }> {
  const { latest } = await dayRange(pool)
  const marketsTotal = pack.markets.filter((market) => market.level === 'market').length
  const none = { value: null, before: null, completeness: 0 }
  if (latest === null)
    return {
      demo: false,
      part: {
        day: null,
        basket: { yesterday: none, lastWeek: none, lastMonth: none, staples: 0 },
        aboveCeiling: [],
        aboveCeilingBefore: null,
        movers: [],
        markets: none,
        marketsDay: null,
        marketsTotal,
      },
    }
  const [reporting, reportingBefore] = await Promise.all([
    marketsReporting(pool, latest),
    marketsReporting(pool, addDays(latest, -1)),
  ])
  const begun = reporting >= DAY_BEGINS_AT * reportingBefore
  const newest = begun ? latest : addDays(latest, -1)
  const coverage = marketsTotal === 0 ? 0 : (begun ? reporting : reportingBefore) / marketsTotal
  const figures = await cityBetween(pool, addDays(newest, -31), newest)
  const on = (day: string): Medians =>
    new Map(figures.filter((figure) => figure.day === day).map((figure) => [figure.commodity, figure.median]))
  const [now, yesterday, lastWeek, lastMonth] = [0, -1, -7, -30].map((days) => on(addDays(newest, days))) as [
    Medians,
    Medians,
    Medians,
    Medians,
  ]
  const weights = new Map(
    pack.commodities.flatMap(({ code, basketWeight }) =>
      basketWeight === undefined ? [] : [[code, basketWeight] as const],
    ),
  )
  const commodity = new Map(pack.commodities.map((one) => [one.code, commodityOf(one)]))
  const above = (medians: Medians, day: string) =>
    [...medians].flatMap(([code, median]) => {
      const ceiling = ceilingOf(pack, code, day)
      const named = commodity.get(code)
      return ceiling === null || named === undefined || median <= ceiling.price
        ? []
        : [{ commodity: named, median, ceiling, excess: median / ceiling.price - 1 }]
    })
  const basket = (before: Medians) => {
    const figure = basketFigure(weights, now, before)
    return { ...figure, completeness: figure.completeness * coverage }
  }
  return {
    demo: figures.some((figure) => figure.day === newest && figure.demo),
    part: {
      day: newest,
      basket: {
        yesterday: basket(yesterday),
        lastWeek: basket(lastWeek),
        lastMonth: basket(lastMonth),
        staples: weights.size,
      },
      aboveCeiling: above(now, newest).sort((a, b) => b.excess - a.excess),
      aboveCeilingBefore: yesterday.size === 0 ? null : above(yesterday, addDays(newest, -1)).length,
      movers: moversOf(now, lastWeek)
        .slice(0, TOP_MOVERS)
        .flatMap(({ code, ...mover }) => {
          const named = commodity.get(code)
          return named === undefined ? [] : [{ commodity: named, ...mover }]
        }),
      markets: {
        value: reporting,
        before: reportingBefore,
        completeness: marketsTotal === 0 ? 0 : reporting / marketsTotal,
      },
      marketsDay: latest,
      marketsTotal,
    },
  }
}
