import { setImmediate } from 'node:timers/promises'
import type { CityPack } from '../../cities/index.ts'
import { groupBy } from '../naming.ts'
import { scanSeries } from '../quality/index.ts'
import type { FilePrice } from './read-prices.ts'

/**
 * How many findings each quality check has among a file's prices, series by series against what the file itself holds
 * before: what has the look of a fault is seen before anything is stored. Once stored they are checked against all sources.
 */
export async function flagsAmong(
  prices: readonly FilePrice[],
  pack: CityPack,
): Promise<Record<string, number>> {
  const commodities = new Map(pack.commodities.map((one) => [one.code, one]))
  const markets = new Set(pack.markets.flatMap(({ code, level }) => (level === 'market' ? [code] : [])))
  const beside = groupBy(
    prices.filter(({ market }) => markets.has(market)),
    ({ commodity, day }) => `${commodity} ${day}`,
  )
  const counts: Record<string, number> = {}
  for (const series of groupBy(prices, ({ commodity, market }) => `${commodity} ${market}`).values()) {
    // A large file takes seconds, in which the live pages must not wait.
    await setImmediate()
    const { commodity = '', market = '' } = series[0] ?? {}
    const { plausibleMin: min, plausibleMax: max, unit = '' } = commodities.get(commodity) ?? {}
    const flagged = scanSeries(
      series.toSorted((a, b) => (a.day < b.day ? -1 : 1)),
      (day) => ({
        range: min === undefined || max === undefined ? null : { min, max },
        others: markets.has(market)
          ? (beside.get(`${commodity} ${day}`) ?? []).filter((one) => one.market !== market)
          : [],
        othersMoved: 0,
        season: [],
        unit,
      }),
    )
    for (const { findings } of flagged)
      for (const { check } of findings) counts[check] = (counts[check] ?? 0) + 1
  }
  return counts
}
