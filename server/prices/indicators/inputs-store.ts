import type { Pool, PoolClient } from 'pg'
import type { CityPack } from '../../cities/index.ts'
import { cityRows, countingRows, monthRows } from '../current.ts'
import { addDays } from '../days.ts'
import { within, type AsOf } from '../known.ts'
import { listOf } from '../lists.ts'
import { INPUT_DAYS, PRODUCER_CARRY_DAYS, type IndicatorInputs, type MonthTotals } from './inputs.ts'
import { rulesOf } from './rules.ts'
import { producerOf, totalsOf } from './totals.ts'

type Database = Pool | PoolClient

/**
 * What the indicators of commodities as of a day, on which each has a price, are counted from, on request as all of it was
 * known on a day. Reads no more than it must, with as many queries for all commodities as for one.
 */
export async function readInputs(
  database: Database,
  pack: CityPack,
  commodities: readonly string[],
  day: string,
  known?: AsOf,
): Promise<IndicatorInputs[]> {
  const month = day.slice(0, 7)
  const [days, before, markets, producers] = await Promise.all([
    cityDays(database, commodities, day, known),
    monthsBefore(database, commodities, month, known),
    marketPrices(database, commodities, day, known),
    producerPrices(database, pack, commodities, day, known),
  ])
  return commodities.map((commodity) => {
    const { days: own, trimmed } = days.get(commodity) ?? { days: [], trimmed: null }
    const producer = producerOf(pack, commodity)
    return {
      commodity,
      day,
      days: own,
      months: [...(before.get(commodity) ?? []), ...totalsOf(own.filter((one) => one.day.startsWith(month)))],
      trimmed,
      markets: markets.get(commodity) ?? [],
      producer: producer === undefined ? undefined : (producers.get(producer) ?? null),
      ...rulesOf(pack, commodity),
    }
  })
}

async function cityDays(
  database: Database,
  commodities: readonly string[],
  day: string,
  known: AsOf | undefined,
): Promise<Map<string, Pick<IndicatorInputs, 'days' | 'trimmed'>>> {
  const range = 'q.commodity = ANY ($1::text[]) AND q.day BETWEEN $2 AND $3'
  const { head, rows, values } = cityRows(range, [commodities, addDays(day, -INPUT_DAYS), day], known)
  const result = await database.query<{
    commodity: string
    days: string[]
    medians: number[]
    trimmed: number | null
  }>({
    text: `${head} SELECT commodity, ${listOf('day')} AS days, ${listOf('median')} AS medians,
        max(trimmed) FILTER (WHERE day = $3) AS trimmed
      FROM (${rows}) figures GROUP BY 1`,
    values,
  })
  return new Map(
    result.rows.map(({ commodity, days, medians, trimmed }) => [
      commodity,
      {
        days: days
          .map((one, place) => ({ day: one, median: medians[place] as number }))
          .sort((a, b) => (a.day < b.day ? -1 : 1)),
        trimmed,
      },
    ]),
  )
}

async function monthsBefore(
  database: Database,
  commodities: readonly string[],
  month: string,
  known: AsOf | undefined,
): Promise<Map<string, MonthTotals[]>> {
  const { head, rows, values } = monthRows(commodities, `${month}-01`, known)
  const result = await database.query<{
    commodity: string
    months: string[]
    days: number[]
    totals: number[]
    squares: number[]
  }>({
    text: `${head} SELECT commodity, ${listOf('month')} AS months, ${listOf('days')} AS days, ${listOf('total')} AS totals,
        ${listOf('squares')} AS squares
      FROM (${rows}) months GROUP BY 1`,
    values,
  })
  return new Map(
    result.rows.map(({ commodity, months, days, totals, squares }) => [
      commodity,
      months
        .map((first, place) => ({
          month: first.slice(0, 7),
          days: days[place] as number,
          total: totals[place] as number,
          squares: squares[place] as number,
        }))
        .sort((a, b) => (a.month < b.month ? -1 : 1)),
    ]),
  )
}

async function marketPrices(
  database: Database,
  commodities: readonly string[],
  day: string,
  known: AsOf | undefined,
): Promise<Map<string, number[]>> {
  const range = 'q.commodity = ANY ($1::text[]) AND q.day = $2'
  const { head, rows, values } = countingRows(range, [commodities, day], within(known, day, day))
  const result = await database.query<{ commodity: string; prices: number[] }>({
    text: `${head} SELECT p.commodity, ${listOf('p.price', 'ORDER BY p.price')} AS prices
      FROM (${rows}) p JOIN market m ON m.code = p.market
      WHERE m.level = 'market' AND p.status <> 'imputed' GROUP BY 1`,
    values,
  })
  return new Map(result.rows.map(({ commodity, prices }) => [commodity, prices]))
}

/** Medians of the newest day on which producers told a price, by what producers call it. */
async function producerPrices(
  database: Database,
  pack: CityPack,
  commodities: readonly string[],
  day: string,
  known: AsOf | undefined,
): Promise<Map<string, number>> {
  const producers = [...new Set(commodities.flatMap((commodity) => producerOf(pack, commodity) ?? []))]
  if (producers.length === 0) return new Map()
  const range = 'q.commodity = ANY ($1::text[]) AND q.day BETWEEN $2 AND $3'
  const from = addDays(day, -PRODUCER_CARRY_DAYS)
  const { head, rows, values } = countingRows(range, [producers, from, day], within(known, from, day))
  const result = await database.query<{ commodity: string; median: number }>({
    text: `${head} SELECT DISTINCT ON (p.commodity) p.commodity,
        round(percentile_cont(0.5) WITHIN GROUP (ORDER BY p.price))::int AS median
      FROM (${rows}) p JOIN market m ON m.code = p.market
      WHERE m.level = 'producer' AND p.status <> 'imputed' GROUP BY p.commodity, p.day ORDER BY p.commodity, p.day DESC`,
    values,
  })
  return new Map(result.rows.map(({ commodity, median }) => [commodity, median]))
}
