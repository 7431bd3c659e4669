import type { Pool } from 'pg'
import type { CityPrice } from '#contract/price.ts'
import type { BoardRow, PriceBoard } from '#contract/price-board.ts'
import type { CityPack } from '../cities/index.ts'
import { cityBetween, pricesOn } from './current.ts'
import { asOf } from './known.ts'
import { addDays, daysFrom, monthsBefore } from './days.ts'
import { dueByMarket } from './due.ts'
import { ceilingOf, commodityOf, groupBy, marketOf } from './naming.ts'
import { flagsOf, notSoldOn, openFlags } from './notes-store.ts'
import { dayRange, shownDay, type AskedDay } from './queries.ts'

/** A price is carried for so many days at most; after that the market counts as not reporting. */
export const CARRY_DAYS = 7

/**
 * The board of a day: every commodity that has a figure, a price or is due, with what each market says of it.
 * @param wanted the day; left out: the newest with a price
 * @param known the day by whose end all of it had been received; left out: as it is known now. What is due, and which
 * source counts before which, are always today's.
 */
export async function readBoard(
  pool: Pool,
  pack: CityPack,
  { wanted, known, today }: AskedDay,
): Promise<PriceBoard> {
  const [{ first, latest }, day] = await Promise.all([
    dayRange(pool),
    shownDay(pool, { wanted, known, today }),
  ])
  const then = asOf(known, pack.city.timezone)
  const [quotes, city, due, flags, notSold] = await Promise.all([
    pricesOn(pool, day, { carry: CARRY_DAYS, known: then }),
    cityBetween(pool, addDays(day, -31), day, { known: then }),
    dueByMarket(pool, pack),
    openFlags(pool, day, { known: then }),
    notSoldOn(pool, day, { known: then }),
  ])
  const figures = groupBy(city, ({ commodity }) => commodity)
  const quotesOf = groupBy(quotes, ({ commodity }) => commodity)
  const flagged = groupBy(flagsOf(flags, quotes, day), ({ commodity }) => commodity)
  const notSoldOf = groupBy(notSold, ({ commodity }) => commodity)
  const month = daysFrom(addDays(day, -29), day)
  const dueSomewhere = new Set([...due.values()].flatMap((codes) => [...codes]))
  const rows: BoardRow[] = pack.commodities
    .filter(({ code }) => figures.has(code) || quotesOf.has(code) || dueSomewhere.has(code))
    .sort((a, b) => a.position - b.position)
    .map((commodity) => {
      const { code } = commodity
      const byDay = new Map((figures.get(code) ?? []).map((figure) => [figure.day, figure]))
      const median = (of: string) => byDay.get(of)?.median ?? null
      const own = quotesOf.get(code) ?? []
      const reported = new Set(own.flatMap((quote) => (quote.day === day ? [quote.market] : [])))
      const marketsOf = (places: { market: string }[] | undefined) =>
        (places ?? []).map(({ market }) => market)
      // Where another source tells of a price that counts, the price is shown.
      const absent = marketsOf(notSoldOf.get(code)).filter((market) => !reported.has(market))
      return {
        commodity: commodityOf(commodity),
        city: cityPriceOf(byDay.get(day)),
        yesterday: median(addDays(day, -1)),
        lastWeek: median(addDays(day, -7)),
        lastMonth: median(monthsBefore(day, 1)),
        ceiling: ceilingOf(pack, code, day),
        quotes: own,
        missing: [...due].flatMap(([market, codes]) =>
          codes.has(code) && !reported.has(market) && !absent.includes(market) ? [market] : [],
        ),
        notSold: absent,
        flagged: marketsOf(flagged.get(code)),
        sparkline: month.map(median),
      }
    })
  return {
    day,
    latestDay: latest,
    firstDay: first,
    markets: pack.markets.filter((market) => market.level === 'market').map(marketOf),
    rows,
    known: known ?? null,
    demo: rows.some((row) => row.city?.demo === true || row.quotes.some((quote) => quote.demo)),
  }
}

function cityPriceOf(figure: CityPrice | undefined): CityPrice | null {
  if (figure === undefined) return null
  const { day, median, low, high, markets, demo } = figure
  return { day, median, low, high, markets, demo }
}
