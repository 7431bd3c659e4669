import { refuse, textOf, type PriceReading, type RowResult } from '../../ingest/reading.ts'
import { isDay } from '../days.ts'
import { MAX_PRICE, possible, readRupiah } from '../rupiah.ts'

/** Longer than any name or unit that a person wrote. */
const LONGEST_NAME = 200
const LONGEST_UNIT = 40

/** What every price reader ends with: a name, a day and a price, each with the name of the source's field. */
export function quoted(from: {
  market: string
  commodity: { field: string; value: unknown }
  day: { field: string; value: unknown }
  price: { field: string; value: unknown }
  unit?: { field: string; value: unknown }
}): RowResult<PriceReading> {
  const commodity = textOf(from.commodity.value)
  if (commodity === undefined) return refuse(from.commodity.field, 'missing', "a commodity's name")
  if (commodity.length > LONGEST_NAME)
    return refuse(from.commodity.field, 'too-long', `at most ${LONGEST_NAME} characters`)
  const price = readRupiah(from.price.value)
  if (price === 'none') return 'not-reported'
  if (price === undefined) return refuse(from.price.field, 'not-a-number', 'a price in rupiah')
  if (!possible(price)) return refuse(from.price.field, 'out-of-range', `rupiah from 1 to ${MAX_PRICE}`)
  const { value: day } = from.day
  if (typeof day !== 'string' || !isDay(day))
    return refuse(from.day.field, 'not-a-day', 'a day of the calendar')
  const unit = textOf(from.unit?.value)
  if (unit !== undefined && unit.length > LONGEST_UNIT)
    return refuse(from.unit?.field ?? 'unit', 'too-long', `at most ${LONGEST_UNIT} characters`)
  return { row: { market: from.market, commodity, day, price, ...(unit === undefined ? {} : { unit }) } }
}

/** "12-9-2025" and "29/09/2026" as YYYY-MM-DD; undefined for anything else. */
export function dayFirst(value: unknown): string | undefined {
  const parts = typeof value === 'string' ? /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/.exec(value.trim()) : null
  if (parts === null) return undefined
  const day = `${parts[3]}-${parts[2]?.padStart(2, '0')}-${parts[1]?.padStart(2, '0')}`
  return isDay(day) ? day : undefined
}
