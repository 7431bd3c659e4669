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
  { additionalProperties: false },
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
      variants.map((variant: unknown) => {
        const list = at(variant, 'daftarHarga')
        if (!Array.isArray(list)) return wrongShape<PriceReading>(variant, 'daftarHarga[]')
        return readEach(list, (entry) =>
          quoted({
            market: options.market,
            commodity: { field: 'variant', value: at(variant, 'variant') },
            day: { field: 'date', value: at(entry, 'date') },
            price: { field: 'harga', value: at(entry, 'harga') },
            unit: at(variant, 'satuan'),
          }),
        )
      }),
    )
  },
}

/** SP2KP, one day against another: the top-level price is the area's, its regions come in any order and are left. */
export const sp2kpComparison: Feed<PriceReading, Options> = {
  kind: 'sp2kp-comparison',
  domain: 'prices',
  accepts: 'json',
  options: Options,
  requests({ url, province, city, timezone }, now) {
    const today = dayOf(now, timezone)
    return [
      post(url, 'generate-perbandingan-harga', {
        tanggal: today,
        tanggal_pembanding: addDays(today, -1),
        kode_provinsi: province,
        kode_kab_kota: city,
      }),
    ]
  },
  read(payload, { options }) {
    const data = at(payload, 'data')
    if (!Array.isArray(data)) return wrongShape(payload, 'data[] with an entry per variant')
    return readEach(data, (entry) => {
      const row = isFields(entry) ? entry : {}
      return quoted({
        market: options.market,
        commodity: { field: 'variant_nama', value: row.variant_nama },
        day: { field: 'tanggal', value: row.tanggal },
        price: { field: 'harga', value: row.harga },
        unit: row.satuan_display,
      })
    })
  },
}
