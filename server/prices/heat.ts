import type { Pool, PoolClient } from 'pg'
import type { PriceHeat } from '#contract/prices.ts'
import type { CityPack } from '../cities/index.ts'
import { cityBetween, cityRows } from './current.ts'
import { addDays, daysFrom } from './days.ts'
import { asOf, readKnown, type AsOf } from './known.ts'
import { commodityOf, groupBy } from './naming.ts'

const USUAL_DAYS = 365

/** City medians of all commodities, day by day, each beside what was usual in the year that ends with the last day. */
export async function readHeat(
  pool: Pool,
  pack: CityPack,
  { from, to, known }: { from: string; to: string; known?: string | undefined },
): Promise<PriceHeat> {
  const yearFrom = addDays(to, 1 - USUAL_DAYS)
  const asked = { from: from < yearFrom ? from : yearFrom, until: to }
  const [city, usual] = await readKnown(pool, asOf(known, pack.city.timezone), asked, (database, then) =>
    Promise.all([
      cityBetween(database, from, to, { known: then }),
      usualPrices(database, yearFrom, to, then),
    ]),
  )
  const days = daysFrom(from, to)
  const byCommodity = groupBy(city, ({ commodity }) => commodity)
  return {
    from,
    to,
    rows: pack.commodities
      .filter(({ code }) => byCommodity.has(code))
      .sort((a, b) => a.position - b.position)
      .map((commodity) => {
        const medians = new Map(
          (byCommodity.get(commodity.code) ?? []).map(({ day, median }) => [day, median]),
        )
        return {
          commodity: commodityOf(commodity),
          usual: usual.get(commodity.code) ?? null,
          medians: days.map((day) => medians.get(day) ?? null),
        }
      }),
    known: known ?? null,
    demo: city.some(({ demo }) => demo),
  }
}

async function usualPrices(
  database: Pool | PoolClient,
  from: string,
  to: string,
  known: AsOf | undefined,
): Promise<Map<string, number>> {
  const { head, rows, values } = cityRows('q.day BETWEEN $1 AND $2', [from, to], known)
  const result = await database.query<{ commodity: string; usual: number }>({
    text: `${head} SELECT commodity, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY median))::int AS usual
      FROM (${rows}) year GROUP BY commodity`,
    values,
  })
  return new Map(result.rows.map(({ commodity, usual }) => [commodity, usual]))
}
