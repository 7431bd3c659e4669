import { Type, type Static } from 'typebox'
import { closed } from '#contract/basic.ts'
import { at, isFields, readEach, wrongShape, type Feed, type PriceReading } from '../../ingest/reading.ts'
import { dayOf } from '../days.ts'
import { dayFirst, quoted } from './quoted.ts'

const Options = Type.Object(
  {
    url: Type.String({ pattern: '^https?://' }),
    province: Type.String({ pattern: '^\\d+$' }),
    city: Type.String({ pattern: '^\\d+$' }),
    market: Type.String({ minLength: 1 }),
    /** 1 producer, 2 wholesale, 3 consumer */
    level: Type.Integer({ minimum: 1, maximum: 3, default: 3 }),
    timezone: Type.String({ default: 'Asia/Jakarta' }),
  },
  closed,
)
type Options = Static<typeof Options>

/** Bapanas' Panel Harga: today's price per commodity; 0 is none. Its day stands in request_data, else it is the day asked for. */
export const bapanas: Feed<PriceReading, Options> = {
  kind: 'bapanas',
  domain: 'prices',
  accepts: 'json',
  options: Options,
  requests: ({ url, province, city, level, timezone }, now) => [
    {
      url: `${url.replace(/\/$/, '')}/api/front/harga-pangan-informasi?province_id=${province}&city_id=${city}&level_harga_id=${level}`,
      part: { day: dayOf(now, timezone) },
    },
  ],
  read(payload, { options, request }) {
    const data = at(payload, 'data')
    if (!Array.isArray(data)) return wrongShape(payload, 'data[] with an entry per commodity')
    const said = at(payload, 'request_data.period_date')
    const day = said === undefined || said === null || said === '' ? request.part?.day : dayFirst(said)
    const read = (entry: unknown) => {
      const row = isFields(entry) ? entry : {}
      return quoted({
        market: options.market,
        commodity: { field: 'name', value: row.name },
        day: { field: 'period_date', value: day },
        price: { field: 'today', value: row.today },
        unit: { field: 'satuan', value: row.satuan },
      })
    }
    return readEach(data, read, (entry) => ({
      data: [entry],
      ...(said === undefined ? {} : { request_data: { period_date: said } }),
    }))
  },
}
