import type { Pool } from 'pg'
import type { Summary } from '#contract/model.ts'
import type { CityPack } from '../cities/index.ts'
import { addDays, ceilingOf, cityBetween, commodityOf, dayRange } from '../prices/index.ts'
import { basketFigure, moversOf, type Medians } from './figures.ts'
import { marketsReporting } from './store.ts'

const TOP_MOVERS = 6

/** The prices' half of leadership's page, of the newest day with a price. */
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
        marketsTotal,
      },
    }
  const figures = await cityBetween(pool, addDays(latest, -31), latest)
  const on = (day: string): Medians =>
    new Map(figures.filter((figure) => figure.day === day).map((figure) => [figure.commodity, figure.median]))
  const [now, yesterday, lastWeek, lastMonth] = [0, -1, -7, -30].map((days) => on(addDays(latest, days))) as [
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
  const [reporting, reportingBefore] = await Promise.all([
    marketsReporting(pool, latest),
    marketsReporting(pool, addDays(latest, -1)),
  ])
  return {
    demo: figures.some((figure) => figure.day === latest && figure.demo),
    part: {
      day: latest,
      basket: {
        yesterday: basketFigure(weights, now, yesterday),
        lastWeek: basketFigure(weights, now, lastWeek),
        lastMonth: basketFigure(weights, now, lastMonth),
        staples: weights.size,
      },
      aboveCeiling: above(now, latest).sort((a, b) => b.excess - a.excess),
      aboveCeilingBefore: yesterday.size === 0 ? null : above(yesterday, addDays(latest, -1)).length,
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
      marketsTotal,
    },
  }
}
