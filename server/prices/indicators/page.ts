import type { Pool } from 'pg'
import type { CommodityFigures, CommodityIndicators, Forecast } from '#contract/indicators.ts'
import type { CityPack } from '../../cities/index.ts'
import { NO_FORECAST, readForecast } from '../forecast/index.ts'
import { newestDays } from '../current.ts'
import { asOf, readKnown } from '../known.ts'
import { NO_END } from '../days.ts'
import { commodityOf, groupBy } from '../naming.ts'
import { figuresOf, monthlyOf, yearlyOf } from './figures.ts'
import type { IndicatorInputs } from './inputs.ts'
import { readInputs } from './inputs-store.ts'
import { rulesOf } from './rules.ts'
import { readFigures } from './store.ts'
import { producerOf } from './totals.ts'

/**
 * The figures of all commodities: as of the newest day of each, or counted as of the newest not after `until`, on request as
 * all of it was known on a day.
 */
export async function readAllFigures(
  pool: Pool,
  pack: CityPack,
  { until, known }: { until?: string | undefined; known?: string | undefined } = {},
): Promise<CommodityFigures[]> {
  const order = new Map(pack.commodities.map(({ code }, index) => [code, index]))
  if (until === undefined && known === undefined) {
    const figures = await readFigures(pool)
    return figures
      .filter(({ commodity }) => order.has(commodity))
      .sort((a, b) => (order.get(a.commodity) ?? 0) - (order.get(b.commodity) ?? 0))
  }
  const inputs = await inputsUntil(pool, pack, [...order.keys()], { until: until ?? known ?? NO_END, known })
  return inputs.map(figuresOf)
}

/**
 * The indicators of a commodity with their history as of the newest day not after `until`, on request as all of it was
 * known on a day. Counted when asked, so that they are never behind the prices.
 * @returns undefined where the city's pack has no such commodity
 */
export async function readIndicators(
  pool: Pool,
  pack: CityPack,
  code: string,
  { until, known }: { until: string; known: string | undefined },
): Promise<CommodityIndicators | undefined> {
  const commodity = pack.commodities.find((one) => one.code === code)
  if (commodity === undefined) return undefined
  const [inputs] = await inputsUntil(pool, pack, [code], { until, known })
  const counted = inputs ?? nothing(pack, code, until)
  return {
    commodity: commodityOf(commodity),
    figures: figuresOf(counted),
    monthly: monthlyOf(counted.months),
    yearly: yearlyOf(counted.months),
    known: known ?? null,
  }
}

/** @returns undefined where the city's pack has no such commodity */
export async function readCommodityForecast(
  pool: Pool,
  pack: CityPack,
  code: string,
): Promise<Forecast | undefined> {
  const commodity = pack.commodities.find((one) => one.code === code)
  if (commodity === undefined) return undefined
  return { commodity: commodityOf(commodity), ...((await readForecast(pool, code)) ?? NO_FORECAST) }
}

/** Of each commodity that has a price, as of the newest day of it, in the order in which they are asked for. */
async function inputsUntil(
  pool: Pool,
  pack: CityPack,
  commodities: readonly string[],
  { until, known }: { until: string; known: string | undefined },
): Promise<IndicatorInputs[]> {
  const producers = commodities.flatMap((commodity) => producerOf(pack, commodity) ?? [])
  const asked = { until, commodities: [...new Set([...commodities, ...producers])] }
  const inputs = await readKnown(pool, asOf(known, pack.city.timezone), asked, async (database, then) => {
    const newest = await newestDays(database, commodities, until, then)
    const together = groupBy([...newest], ([, day]) => day)
    return Promise.all(
      [...together].map(([day, found]) =>
        readInputs(
          database,
          pack,
          found.map(([commodity]) => commodity),
          day,
          then,
        ),
      ),
    )
  })
  const place = new Map(commodities.map((commodity, index) => [commodity, index]))
  return inputs.flat().sort((a, b) => (place.get(a.commodity) ?? 0) - (place.get(b.commodity) ?? 0))
}

/** Of a commodity that no price was known of: each measure then says what it lacks. */
const nothing = (pack: CityPack, commodity: string, day: string): IndicatorInputs => ({
  commodity,
  day,
  days: [],
  months: [],
  trimmed: null,
  markets: [],
  producer: undefined,
  ...rulesOf(pack, commodity),
})
