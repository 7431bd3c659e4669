import type { Pool, PoolClient } from 'pg'
import type { CityPack } from '../cities/index.ts'

/** Codes of the commodities that are due at each market of the city: as an administrator set it, else the pack's list. */
export async function dueByMarket(
  database: Pool | PoolClient,
  pack: CityPack,
): Promise<Map<string, ReadonlySet<string>>> {
  const result = await database.query<{ market: string; commodity: string }>({
    name: 'price-due',
    text: 'SELECT market, commodity FROM survey_due',
  })
  const set = new Map<string, Set<string>>()
  for (const { market, commodity } of result.rows) {
    const own = set.get(market) ?? new Set()
    set.set(market, own.add(commodity))
  }
  const usual = new Set(pack.commodities.flatMap(({ code, surveyed }) => (surveyed === 'yes' ? [code] : [])))
  return new Map(
    pack.markets.flatMap(({ code, level }) => (level === 'market' ? [[code, set.get(code) ?? usual]] : [])),
  )
}
