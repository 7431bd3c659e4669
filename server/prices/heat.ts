import type { Pool } from 'pg'
import type { PriceHeat } from '#contract/prices.ts'
import type { CityPack } from '../cities/index.ts'
import { addDays, daysFrom } from './days.ts'
import { commodityOf, groupBy } from './naming.ts'
import { cityBetween } from './queries.ts'

/** City medians of all commodities, day by day, each beside what was usual in the year that ends with the last day. */
export async function readHeat(pool: Pool, pack: CityPack, from: string, to: string): Promise<PriceHeat> {
  const [city, usual] = await Promise.all([cityBetween(pool, from, to), usualPrices(pool, to)])
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
    demo: city.some(({ demo }) => demo),
  }
}

async function usualPrices(pool: Pool, to: string): Promise<Map<string, number>> {
  const result = await pool.query<{ commodity: string; usual: number }>({
    name: 'price-usual',
    text: `SELECT commodity, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY median))::int AS usual
      FROM quote_day_city WHERE day > $1 AND day <= $2 GROUP BY commodity`,
    values: [addDays(to, -365), to],
  })
  return new Map(result.rows.map(({ commodity, usual }) => [commodity, usual]))
}
