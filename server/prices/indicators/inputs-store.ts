import type { Pool, PoolClient } from 'pg'
import type { CityPack } from '../../cities/index.ts'
import { cityRows, countingRows, monthRows, newestOf, type AsOf } from '../current.ts'
import { addDays } from '../days.ts'
import {
  INPUT_DAYS,
  PRODUCER_CARRY_DAYS,
  type CityDay,
  type IndicatorInputs,
  type MonthTotals,
} from './inputs.ts'
import { rulesOf } from './rules.ts'
import { producerOf, totalsOf } from './totals.ts'

type Database = Pool | PoolClient

/** The newest day with a price, not after `until`, on request as it was known on a day; null: there is none. */
export function newestDay(
  database: Database,
  commodity: string,
  { until = '9999-12-31', known }: { until?: string | undefined; known?: AsOf | undefined } = {},
): Promise<string | null> {
  return newestOf(database, 'q.commodity = $1 AND q.day <= $2', [commodity, until], known)
}

/**
 * What the indicators of a commodity as of a day, on which it has a price, are counted from, on request as all of it was
 * known on a day. Reads no more than it must.
 */
export async function readInputs(
  database: Database,
  pack: CityPack,
  commodity: string,
  day: string,
  known?: AsOf,
): Promise<IndicatorInputs> {
  const days = await cityDays(database, commodity, day, known)
  const month = day.slice(0, 7)
  const before = await monthsBefore(database, commodity, month, known)
  return {
    commodity,
    day,
    days,
    months: [...before, ...totalsOf(days.filter((one) => one.day.startsWith(month)))],
    markets: await marketPrices(database, commodity, day, known),
    producer: await producerPrice(database, producerOf(pack, commodity), day, known),
    ...rulesOf(pack, commodity),
  }
}

async function cityDays(
  database: Database,
  commodity: string,
  day: string,
  known: AsOf | undefined,
): Promise<CityDay[]> {
  const range = 'q.commodity = $1 AND q.day BETWEEN $2 AND $3'
  const { head, rows, values } = cityRows(range, [commodity, addDays(day, -INPUT_DAYS), day], known)
  const result = await database.query<CityDay>({
    text: `${head} SELECT day, median, low, high, trimmed, markets FROM (${rows}) figures ORDER BY day`,
    values,
  })
  return result.rows
}

async function monthsBefore(
  database: Database,
  commodity: string,
  month: string,
  known: AsOf | undefined,
): Promise<MonthTotals[]> {
  const { head, rows, values } = monthRows(commodity, `${month}-01`, known)
  const result = await database.query<MonthTotals>({
    text: `${head} SELECT to_char(month, 'YYYY-MM') AS month, days, total, squares FROM (${rows}) months ORDER BY 1`,
    values,
  })
  return result.rows
}

async function marketPrices(
  database: Database,
  commodity: string,
  day: string,
  known: AsOf | undefined,
): Promise<number[]> {
  const { head, rows, values } = countingRows('q.commodity = $1 AND q.day = $2', [commodity, day], known)
  const result = await database.query<{ price: number }>({
    text: `${head} SELECT p.price FROM (${rows}) p JOIN market m ON m.code = p.market
      WHERE m.level = 'market' AND p.status <> 'imputed' ORDER BY p.price`,
    values,
  })
  return result.rows.map(({ price }) => price)
}

async function producerPrice(
  database: Database,
  producer: string | undefined,
  day: string,
  known: AsOf | undefined,
): Promise<number | null | undefined> {
  if (producer === undefined) return undefined
  const range = 'q.commodity = $1 AND q.day BETWEEN $2 AND $3'
  const asked = [producer, addDays(day, -PRODUCER_CARRY_DAYS), day]
  const { head, rows, values } = countingRows(range, asked, known)
  const result = await database.query<{ median: number }>({
    text: `${head} SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY p.price))::int AS median
      FROM (${rows}) p JOIN market m ON m.code = p.market
      WHERE m.level = 'producer' AND p.status <> 'imputed' GROUP BY p.day ORDER BY p.day DESC LIMIT 1`,
    values,
  })
  return result.rows[0]?.median ?? null
}
