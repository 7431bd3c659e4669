import { Type, type Static } from 'typebox'
import {
  at,
  isFields,
  joinReadings,
  readEach,
  wrongShape,
  type Feed,
  type PriceReading,
} from '../../ingest/reading.ts'
import { closed } from '#contract/basic.ts'
import { addDays, dayOf } from '../days.ts'
import { quoted } from './quoted.ts'

const Options = Type.Object(
  {
    url: Type.String({ pattern: '^https?://' }),
    province: Type.String({ pattern: '^\\d+$' }),
    city: Type.String({ pattern: '^\\d+$' }),
    market: Type.String({ minLength: 1 }),
    days: Type.Integer({ minimum: 1, maximum: 31, default: 7 }),
    timezone: Type.String({ default: 'Asia/Jakarta' }),
  },
  closed,
)
type Options = Static<typeof Options>

const post = (url: string, path: string, body: object) => ({
  url: `${url.replace(/\/$/, '')}/report/api/average-price/${path}`,
  method: 'POST' as const,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** SP2KP, a city's daily prices; null and 0 are none. Only the export is asked: another address was said to leak names. */
export const sp2kpDaily: Feed<PriceReading, Options> = {
  kind: 'sp2kp-daily',
  domain: 'prices',
  accepts: 'json',
  options: Options,
  requests({ url, province, city, days, timezone }, now) {
    const today = dayOf(now, timezone)
    const body = {
      start_date: addDays(today, 1 - days),
      end_date: today,
      level: 3,
      variant_ids: '',
      kode_provinsi: province,
      kode_kab_kota: city,
      pasar_id: '',
      skip_sat_sun: true,
      tipe_komoditas: 1,
    }
    return [post(url, 'export-area-daily-json', body)]
  },
  read(payload, { options }) {
    const variants = at(payload, 'data')
    if (!Array.isArray(variants)) return wrongShape(payload, 'data[] with a list of prices per variant')
    return joinReadings(
      Array.from(variants, (variant: unknown) => {
        const list = at(variant, 'daftarHarga')
        if (!Array.isArray(list)) return wrongShape<PriceReading>({ data: [variant] }, 'daftarHarga[]')
        const [commodity, unit] = [at(variant, 'variant'), at(variant, 'satuan')]
        const read = (entry: unknown) =>
          quoted({
            market: options.market,
            commodity: { field: 'variant', value: commodity },
            day: { field: 'date', value: at(entry, 'date') },
            price: { field: 'harga', value: at(entry, 'harga') },
            unit: { field: 'satuan', value: unit },
          })
        return readEach(list, read, (entry) => ({
          data: [{ variant: commodity, satuan: unit, daftarHarga: [entry] }],
        }))
      }),
    )
  },
}

/** The day itself, or the Friday before a weekend: nobody enters prices on it. */
function workingDay(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday === 6 ? addDays(day, -1) : weekday === 0 ? addDays(day, -2) : day
}

/** SP2KP, one day against another: the top-level price is the area's, its regions come in any order and are left. */
export const sp2kpComparison: Feed<PriceReading, Options> = {
  kind: 'sp2kp-comparison',
  domain: 'prices',
  accepts: 'json',
  options: Options,
  requests({ url, province, city, timezone }, now) {
    const day = workingDay(dayOf(now, timezone))
    return [
      post(url, 'generate-perbandingan-harga', {
        tanggal: day,
        tanggal_pembanding: workingDay(addDays(day, -1)),
        kode_provinsi: province,
        kode_kab_kota: city,
      }),
    ]
  },
  read(payload, { options }) {
    const data = at(payload, 'data')
    if (!Array.isArray(data)) return wrongShape(payload, 'data[] with an entry per variant')
    const read = (entry: unknown) => {
      const row = isFields(entry) ? entry : {}
      return quoted({
        market: options.market,
        commodity: { field: 'variant_nama', value: row.variant_nama },
        day: { field: 'tanggal', value: row.tanggal },
        price: { field: 'harga', value: row.harga },
        unit: { field: 'satuan_display', value: row.satuan_display },
      })
    }
    return readEach(data, read, (entry) => ({ data: [entry] }))
  },
}
