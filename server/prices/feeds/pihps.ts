import { Type, type Static } from 'typebox'
import {
  at,
  isFields,
  readEach,
  refuse,
  wrongShape,
  type Feed,
  type PriceReading,
  type ReadReject,
} from '../../ingest/reading.ts'
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
  { additionalProperties: false },
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
    const broken: ReadReject[] = []
    // Level 1 names a group and repeats its children's mean; each day of a level 2 row is a quote of its own.
    const cells = grid.flatMap((row: unknown, index) => {
      if (!isFields(row) || (row.level !== 1 && row.level !== 2)) {
        broken.push({
          ...refuse('level', 'shape', 'a row with level 1 or 2').reject,
          row: index + 1,
          payload: row,
        })
        return []
      }
      if (row.level === 1) return []
      return Object.keys(row)
        .filter((key) => dayFirst(key) !== undefined)
        .map((key) => ({ name: row.name, day: key, price: row[key] }))
    })
    const reading = readEach(cells, (entry) => {
      const cell = entry as { name: unknown; day: string; price: unknown }
      return quoted({
        market: options.market,
        commodity: { field: 'name', value: cell.name },
        day: { field: cell.day, value: dayFirst(cell.day) },
        price: { field: cell.day, value: cell.price },
      })
    })
    return {
      ...reading,
      rejects: [...broken, ...reading.rejects],
      received: reading.received + broken.length,
    }
  },
}
