import type { Pool } from 'pg'
import type { CeilingWatch } from '#contract/prices.ts'
import { startOf, type CityPack } from '../cities/index.ts'
import { CARRY_DAYS } from './board.ts'
import { cityBetween, pricesOn } from './current.ts'
import { addDays, daysFrom } from './days.ts'
import { asOf, readKnown } from './known.ts'
import { ceilingOf, commodityOf, excessOf, groupBy, marketOf } from './naming.ts'
import { shownDay, type AskedDay } from './queries.ts'

const WATCHED_DAYS = 30
/** How far back the beginning of a run above is looked for. */
const RUN_DAYS = 366

/**
 * Every commodity with a rule in force on the day, what stands furthest above first. Each day is judged by its own rule.
 * @param wanted the day; left out: the newest with a price
 * @param known the day by whose end all of it had been received; left out: as it is known now
 */
export async function readCeilings(
  pool: Pool,
  pack: CityPack,
  { wanted, known, today }: AskedDay,
): Promise<CeilingWatch> {
  const day = await shownDay(pool, { wanted, known, today })
  const from = addDays(day, -RUN_DAYS)
  const ruled = new Set(pack.ceilings.map(({ commodityCode }) => commodityCode))
  const asked = { from, until: day }
  const [city, prices] = await readKnown(pool, asOf(known, pack.city.timezone), asked, (database, then) =>
    Promise.all([
      cityBetween(database, from, day, { known: then, commodities: [...ruled] }),
      pricesOn(database, day, { carry: CARRY_DAYS, known: then }),
    ]),
  )
  const figuresOf = groupBy(city, ({ commodity }) => commodity)
  const pricesOf = groupBy(prices, ({ commodity }) => commodity)
  const days = daysFrom(addDays(day, 1 - WATCHED_DAYS), day)
  const markets = new Map(pack.markets.map((market) => [market.code, marketOf(market)]))
  const rows = pack.commodities.flatMap((commodity) => {
    const ceiling = ceilingOf(pack, commodity.code, day)
    if (ceiling === null) return []
    const figures = figuresOf.get(commodity.code) ?? []
    const medians = new Map(figures.map((figure) => [figure.day, figure.median]))
    const excessOn = (of: string): number | null => {
      const [median, rule] = [medians.get(of), ceilingOf(pack, commodity.code, of)]
      return median === undefined || rule === null ? null : excessOf(median, rule)
    }
    const trend = days.map(excessOn)
    const own = pricesOf.get(commodity.code) ?? []
    const above = own.flatMap(({ market, price }) => {
      const named = markets.get(market)
      const excess = excessOf(price, ceiling)
      return named === undefined || excess <= 0 ? [] : [{ market: named, price, excess }]
    })
    return [
      {
        commodity: commodityOf(commodity),
        ceiling,
        median: medians.get(day) ?? null,
        excess: excessOn(day),
        daysAbove: trend.filter((excess) => excess !== null && excess > 0).length,
        daysKnown: trend.filter((excess) => excess !== null).length,
        aboveSince: runBefore(
          figures.map((figure) => figure.day),
          excessOn,
        ),
        markets: above.sort((a, b) => b.excess - a.excess),
        marketsKnown: own.length,
        trend,
      },
    ]
  })
  rows.sort((a, b) => (b.excess ?? -Infinity) - (a.excess ?? -Infinity))
  return {
    day,
    zone: pack.city.ceilingZone,
    rows,
    changes: changesAround(pack, day),
    known: known ?? null,
    demo: city.some((figure) => figure.day === day && figure.demo),
  }
}

/** The first of the known days on and after which all were above; null where the last one was not. */
function runBefore(days: readonly string[], excessOn: (day: string) => number | null): string | null {
  let since: string | null = null
  for (const day of days.toReversed()) {
    const excess = excessOn(day)
    if (excess === null || excess <= 0) break
    since = day
  }
  return since
}

function changesAround(pack: CityPack, day: string): CeilingWatch['changes'] {
  const [from, to] = [addDays(day, -365), addDays(day, 365)]
  return pack.ceilings
    .flatMap((ceiling) => {
      const start = startOf(ceiling)
      const commodity = pack.commodities.find(({ code }) => code === ceiling.commodityCode)
      const here = ceiling.zone === undefined || ceiling.zone === pack.city.ceilingZone
      if (!here || start === undefined || commodity === undefined || start < from || start > to) return []
      const before = ceilingOf(pack, commodity.code, addDays(start, -1))
      return [
        {
          commodity: commodityOf(commodity),
          kind: ceiling.kind,
          price: ceiling.priceMax,
          before: before?.kind === ceiling.kind ? before.price : null,
          from: start,
          regulation: ceiling.regulation,
        },
      ]
    })
    .sort((a, b) => (a.from < b.from ? 1 : -1))
}
