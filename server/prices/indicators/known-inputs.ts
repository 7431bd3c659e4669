import type { Pool } from 'pg'
import type { CityPack } from '../../cities/index.ts'
import { asOf, citySeries, pricesOn, seriesOf, type AsOf } from '../current.ts'
import { addDays } from '../days.ts'
import { INPUT_DAYS, PRODUCER_CARRY_DAYS, type IndicatorInputs } from './inputs.ts'
import { rulesOf } from './rules.ts'
import { producerOf, totalsOf } from './totals.ts'

const FIRST_DAY = '1900-01-01'

/**
 * What the indicators of a commodity are counted from, as all of it had been received by the end of the day `known`: as of
 * the newest day that had a price then, not after `until`.
 * @returns undefined where no price was known
 */
export async function readInputsKnown(
  pool: Pool,
  pack: CityPack,
  commodity: string,
  { until, known }: { until: string; known: string },
): Promise<IndicatorInputs | undefined> {
  const then = asOf(known, pack.city.timezone)
  const series = await citySeries(pool, commodity, FIRST_DAY, until, then)
  const day = series[series.length - 1]?.day
  if (day === undefined) return undefined
  const [markets, producer] = await Promise.all([
    pricesOn(pool, day, { carry: 0, commodity, known: then }),
    producerKnown(pool, pack, commodity, day, then),
  ])
  return {
    commodity,
    day,
    days: series.filter((one) => one.day >= addDays(day, -INPUT_DAYS)),
    months: totalsOf(series),
    markets: markets
      .filter(({ status }) => status !== 'imputed')
      .map(({ price }) => price)
      .sort((a, b) => a - b),
    producer,
    ...rulesOf(pack, commodity),
  }
}

async function producerKnown(
  pool: Pool,
  pack: CityPack,
  commodity: string,
  day: string,
  known: AsOf | undefined,
): Promise<number | null | undefined> {
  const code = producerOf(pack, commodity)
  if (code === undefined) return undefined
  const producers = new Set(
    pack.markets.flatMap((market) => (market.level === 'producer' ? [market.code] : [])),
  )
  const series = await seriesOf(pool, code, {
    from: addDays(day, -PRODUCER_CARRY_DAYS),
    to: day,
    step: 'day',
    known,
  })
  const reported = series.filter(({ market, status }) => producers.has(market) && status !== 'imputed')
  const newest = reported.reduce((last, one) => (one.day > last ? one.day : last), '')
  return medianOf(reported.filter((one) => one.day === newest).map(({ price }) => price))
}

/** As the database rounds it: half a rupiah up. */
function medianOf(prices: readonly number[]): number | null {
  if (prices.length === 0) return null
  const sorted = prices.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1] as number, sorted[sorted.length >> 1] as number]
  return Math.round((low + high) / 2)
}
