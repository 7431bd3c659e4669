import { Type, type Static } from 'typebox'
import {
  at,
  isFields,
  joinReadings,
  readEach,
  refuse,
  textOf,
  wrongShape,
  type Feed,
  type PriceReading,
  type Reading,
} from '../../ingest/reading.ts'
import { closed } from '#contract/basic.ts'
import { addDays, dayOf } from '../days.ts'
import { dayFirst, quoted } from './quoted.ts'

const Options = Type.Object(
  {
    url: Type.String({ pattern: '^https?://' }),
    province: Type.String({ pattern: '^\\d+$' }),
    /** our code of the place that stands for the province; asking for one regency returns nothing */
    market: Type.String({ minLength: 1 }),
    /** 1 traditional, 2 modern, 3 wholesale, 4 producer */
    priceType: Type.Integer({ minimum: 1, maximum: 4, default: 1 }),
    /** the newest day lags one to two days */
    days: Type.Integer({ minimum: 1, maximum: 31, default: 7 }),
    timezone: Type.String({ default: 'Asia/Jakarta' }),
  },
  closed,
)
type Options = Static<typeof Options>

/** BI PIHPS' grid: a row per commodity, the days as keys, a comma for thousands. */
export const pihps: Feed<PriceReading, Options> = {
  kind: 'pihps',
  domain: 'prices',
  accepts: 'json',
  options: Options,
  requests({ url, province, priceType, days, timezone }, now) {
    const today = dayOf(now, timezone)
    const query = new URLSearchParams({
      price_type_id: String(priceType),
      comcat_id: '',
      province_id: province,
      regency_id: '',
      market_id: '',
      tipe_laporan: '1',
      start_date: addDays(today, 1 - days),
      end_date: today,
    })
    return [
      {
        url: `${url.replace(/\/$/, '')}/hargapangan/WebSite/TabelHarga/GetGridDataDaerah?${query.toString()}`,
      },
    ]
  },
  read(payload, { options }) {
    const grid = at(payload, 'data')
    if (!Array.isArray(grid)) return wrongShape(payload, 'data[] with a row per commodity')
    return joinReadings(Array.from(grid, (row: unknown) => readCommodity(row, options.market)))
  },
}

/** Level 1 names a group and repeats its children's mean; each day of a level 2 row is a quote of its own. */
function readCommodity(row: unknown, market: string): Reading<PriceReading> {
  const level = isFields(row) ? levelOf(row.level) : undefined
  const whole = { data: [row] }
  if (!isFields(row) || (level !== '1' && level !== '2'))
    return readEach(
      [row],
      () => refuse('level', 'shape', 'a row with level 1 or 2'),
      () => whole,
    )
  if (level === '1') return joinReadings([])
  const days = Object.keys(row).filter((key) => DAY_KEY.test(key))
  if (days.length === 0)
    return readEach(
      [row],
      () => refuse('', 'missing', 'days as keys, such as 29/09/2026'),
      () => whole,
    )
  const read = (day: string) =>
    quoted({
      market,
      commodity: { field: 'name', value: row.name },
      day: { field: day, value: dayFirst(day) },
      price: { field: day, value: row[day] },
    })
  return readEach(days, read, (day) => ({ data: [{ name: row.name, level: row.level, [day]: row[day] }] }))
}

const levelOf = (level: unknown) => textOf(typeof level === 'number' ? String(level) : level)
const DAY_KEY = /^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\s*$/
