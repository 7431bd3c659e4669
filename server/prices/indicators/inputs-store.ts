import type { Pool, PoolClient } from 'pg'
import type { CityPack } from '../../cities/index.ts'
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

/** The newest day with a price, not after `until`; null: there is none. */
export async function newestDay(
  database: Database,
  commodity: string,
  until = '9999-12-31',
): Promise<string | null> {
  const result = await database.query<{ day: string | null }>({
    name: 'indicator-newest',
    text: 'SELECT max(day) AS day FROM quote_day_city WHERE commodity = $1 AND day <= $2',
    values: [commodity, until],
  })
  return result.rows[0]?.day ?? null
}

/** What the indicators of a commodity as of a day, on which it has a price, are counted from. Reads no more than it must. */
export async function readInputs(
  database: Database,
  pack: CityPack,
  commodity: string,
  day: string,
): Promise<IndicatorInputs> {
  const days = await cityDays(database, commodity, day)
  const month = day.slice(0, 7)
  const before = await monthsBefore(database, commodity, month)
  return {
    commodity,
    day,
    days,
    months: [...before, ...totalsOf(days.filter((one) => one.day.startsWith(month)))],
    markets: await marketPrices(database, commodity, day),
    producer: await producerPrice(database, producerOf(pack, commodity), day),
    ...rulesOf(pack, commodity),
  }
}

async function cityDays(database: Database, commodity: string, day: string): Promise<CityDay[]> {
  const result = await database.query<CityDay>({
    name: 'indicator-days',
    text: `SELECT day, median, low, high, trimmed, markets FROM quote_day_city
      WHERE commodity = $1 AND day BETWEEN $2 AND $3 ORDER BY day`,
    values: [commodity, addDays(day, -INPUT_DAYS), day],
  })
  return result.rows
}

async function monthsBefore(database: Database, commodity: string, month: string): Promise<MonthTotals[]> {
  const result = await database.query<MonthTotals>({
    name: 'indicator-months',
    text: `SELECT to_char(month, 'YYYY-MM') AS month, days, total, squares FROM price_month
      WHERE commodity = $1 AND month < $2 ORDER BY month`,
    values: [commodity, `${month}-01`],
  })
  return result.rows
}

async function marketPrices(database: Database, commodity: string, day: string): Promise<number[]> {
  const result = await database.query<{ price: number }>({
    name: 'indicator-markets',
    text: `SELECT p.price FROM market_price p JOIN market m ON m.code = p.market
      WHERE p.commodity = $1 AND p.day = $2 AND m.level = 'market' AND p.status <> 'imputed' ORDER BY p.price`,
    values: [commodity, day],
  })
  return result.rows.map(({ price }) => price)
}

async function producerPrice(
  database: Database,
  producer: string | undefined,
  day: string,
): Promise<number | null | undefined> {
  if (producer === undefined) return undefined
  const result = await database.query<{ median: number }>({
    name: 'indicator-producer',
    text: `SELECT median FROM level_price_day WHERE level = 'producer' AND commodity = $1 AND day BETWEEN $2 AND $3
      ORDER BY day DESC LIMIT 1`,
    values: [producer, addDays(day, -PRODUCER_CARRY_DAYS), day],
  })
  return result.rows[0]?.median ?? null
}
