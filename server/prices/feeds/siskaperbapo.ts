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
  type FeedRequest,
  type PriceReading,
  type Reading,
  type RowResult,
} from '../../ingest/reading.ts'
import { closed } from '#contract/basic.ts'
import { addDays, dayOf } from '../days.ts'
import { quoted } from './quoted.ts'
import { tableOf, tableRows } from './table-rows.ts'

const Url = Type.String({ pattern: '^https?://' })
const base = (url: string) => url.replace(/\/$/, '')

/** A market as SISKAPERBAPO lists it. */
export interface MarketReading {
  id: string
  name: string
  city: string
  active: boolean
}

/** GET /harga/pasar.json/malangkota: the markets of a city and their ids. */
export function readMarkets(payload: unknown): Reading<MarketReading> {
  if (!Array.isArray(payload)) return wrongShape(payload, 'a list of markets')
  const read = (entry: unknown): RowResult<MarketReading> => {
    if (!isFields(entry)) return refuse('', 'shape', 'an object')
    const [id, name, city] = [textOf(entry.psr_id), textOf(entry.psr_nama), textOf(entry.kab_keycode)]
    if (id === undefined) return refuse('psr_id', 'missing', 'an id')
    if (name === undefined) return refuse('psr_nama', 'missing', 'a name')
    if (city === undefined) return refuse('kab_keycode', 'missing', "a city's code")
    return { row: { id, name, city, active: textOf(entry.psr_status) === '1' } }
  }
  return readEach(payload, read, (entry) => [entry])
}

const TableOptions = Type.Object(
  {
    url: Url,
    /** the portal's code of the city, such as malangkota */
    city: Type.String({ minLength: 1 }),
    /** the portal's id of each market and its code or name in the city pack; left out: all that the portal lists, by name */
    markets: Type.Optional(
      Type.Array(Type.Object({ id: Type.String(), market: Type.String() }, closed), {
        minItems: 1,
      }),
    ),
    /** how many days back from today are asked for */
    days: Type.Integer({ minimum: 1, maximum: 31, default: 1 }),
    timezone: Type.String({ default: 'Asia/Jakarta' }),
  },
  closed,
)
type TableOptions = Static<typeof TableOptions>

/** POST /harga/tabel.nodesign/: a day of a market as an HTML table. */
export const siskaperbapoTable: Feed<PriceReading, TableOptions> = {
  kind: 'siskaperbapo-table',
  domain: 'prices',
  accepts: 'text',
  options: TableOptions,
  requests: (options, now) =>
    options.markets === undefined
      ? [{ url: `${base(options.url)}/harga/pasar.json/${options.city}`, part: { list: 'pasar' } }]
      : tableRequests(options, options.markets, now),
  read(payload, { options, request: { part } }) {
    if (part?.list !== undefined) return readMarketList(payload)
    // The portal's own id is kept with what is refused: which of our markets it is may have been mended since.
    const market = options.markets?.find(({ id }) => id === part?.pasar)?.market ?? part?.nama
    return readTable(payload, market ?? `pasar ${part?.pasar}`, part?.day)
  },
  follow(payload, { options, request, now }) {
    if (request.part?.list === undefined) return []
    const markets = readMarkets(parsed(payload)).rows.filter(({ active }) => active)
    return tableRequests(
      options,
      markets.map(({ id, name }) => ({ id, market: name })),
      now,
    )
  },
}

function tableRequests(
  { url, city, days, timezone }: TableOptions,
  markets: readonly { id: string; market: string }[],
  now: Date,
): FeedRequest[] {
  const last = dayOf(now, timezone)
  return Array.from({ length: days }, (_, back) => addDays(last, back - days + 1)).flatMap((day) =>
    markets.map(({ id, market }) => ({
      url: `${base(url)}/harga/tabel.nodesign/`,
      method: 'POST' as const,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ tanggal: day, kabkota: city, pasar: id }).toString(),
      part: { day, pasar: id, nama: market },
    })),
  )
}

/** A list of markets has no prices: what counts is only what of it can't be read. */
function readMarketList(payload: unknown): Reading<PriceReading> {
  const { rejects } = readMarkets(parsed(payload))
  return { ...joinReadings<PriceReading>([]), rejects, received: rejects.length }
}

function parsed(payload: unknown): unknown {
  if (typeof payload !== 'string') return payload
  try {
    return JSON.parse(payload)
  } catch {
    // no JSON, and so no list: the reader refuses it as a whole
    return payload
  }
}

const COLUMNS = { number: 'NO', name: 'NAMA BAHAN POKOK', unit: 'SATUAN', price: 'HARGA SEKARANG' } as const

/**
 * Prices read "16.500" with a dot for thousands; "-" and 0 are none. Columns are found by their heading. A row that
 * names a group has neither unit nor price, and its name no dash: it holds its children together and is no row.
 */
export function readTable(payload: unknown, market: string, day: string | undefined): Reading<PriceReading> {
  const expected = `a table with the columns ${Object.values(COLUMNS).join(', ')}`
  if (typeof payload !== 'string') return wrongShape(payload, expected)
  const rows = tableRows(payload)
  const head = rows.findIndex((cells) =>
    Object.values(COLUMNS).every((name) => cells.some((cell) => cell.toUpperCase() === name)),
  )
  const headings = rows[head]
  if (headings === undefined) return wrongShape(payload, expected)
  const place = (name: string) => headings.findIndex((cell) => cell.toUpperCase() === name)
  const [name, unit, price] = [place(COLUMNS.name), place(COLUMNS.unit), place(COLUMNS.price)]
  const entries = rows
    .slice(head + 1)
    .filter((cells) => Boolean(cells[unit]) || Boolean(cells[price]) || cells[name]?.startsWith('-') === true)
  const read = (cells: string[]) =>
    quoted({
      market,
      commodity: { field: COLUMNS.name, value: cells[name]?.replace(/^[-\s]+/, '') },
      day: { field: 'tanggal', value: day },
      price: { field: COLUMNS.price, value: cells[price] ?? '' },
      unit: { field: COLUMNS.unit, value: cells[unit] },
    })
  return readEach(entries, read, (cells) => tableOf([headings, cells]))
}

const MapOptions = Type.Object(
  {
    url: Url,
    city: Type.String({ minLength: 1 }),
    /** our code of the place that stands for the whole city */
    market: Type.String({ minLength: 1 }),
    commodities: Type.Array(Type.String({ pattern: '^\\d+$' }), { minItems: 1 }),
    timezone: Type.String({ default: 'Asia/Jakarta' }),
  },
  closed,
)
type MapOptions = Static<typeof MapOptions>

/** GET /home2/getDataMap/: a commodity of a day in every city; only the one asked for is taken. */
export const siskaperbapoMap: Feed<PriceReading, MapOptions> = {
  kind: 'siskaperbapo-map',
  domain: 'prices',
  accepts: 'json',
  options: MapOptions,
  requests: ({ url, commodities, timezone }, now) => {
    const day = dayOf(now, timezone)
    return commodities.map((id) => ({
      url: `${base(url)}/home2/getDataMap/?tanggal=${day}&komoditas=${id}`,
      part: { day, commodity: id },
    }))
  },
  read(payload, { options, request }) {
    const data = at(payload, 'data')
    if (!isFields(data) && !Array.isArray(data)) return wrongShape(payload, 'data with an entry per city')
    const cities: unknown[] = Object.values(data)
    const own = cities.filter((entry) => textOf(at(entry, 'code')) === options.city)
    // The portal names every city, with 0 where it has no price: a city that is missing is misspelled here.
    if (own.length === 0 && cities.length > 0)
      return readEach([payload], () => refuse('code', 'missing', `the city ${options.city}`), keepWhole)
    const name = at(payload, 'komoditas_nama')
    const read = (entry: unknown) =>
      quoted({
        market: options.market,
        commodity: { field: 'komoditas_nama', value: name },
        day: { field: 'tanggal', value: request.part?.day },
        price: { field: 'hrg', value: at(entry, 'hrg') },
      })
    return readEach(own, read, (entry) => ({ komoditas_nama: name, data: [entry] }))
  },
}

const keepWhole = (payload: unknown) => payload
