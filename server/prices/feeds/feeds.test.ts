import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadPack } from '../../cities/index.ts'
import { PriceNames } from '../../ingest/validate.ts'
import { readRupiah } from '../rupiah.ts'
import { bapanas } from './bapanas.ts'
import { pihps } from './pihps.ts'
import { readMarkets, readTable, siskaperbapoMap, siskaperbapoTable } from './siskaperbapo.ts'
import { sp2kpComparison, sp2kpDaily } from './sp2kp.ts'

const recorded = (name: string) => readFileSync(new URL(`./recorded/${name}`, import.meta.url), 'utf8')
const json = (name: string): unknown => JSON.parse(recorded(name))
const now = new Date('2026-11-24T03:00:00Z')
const url = 'http://portal.example'
const request = { url, part: { day: '2026-11-24', market: 'pasar-besar' } }
const timezone = 'Asia/Jakarta'
const place = { url, province: '35', city: '3573', market: 'kota-malang', days: 7, timezone }
const read = {
  table: (payload: unknown) => readTable(payload, 'pasar-besar', '2026-11-24'),
  map: (payload: unknown) =>
    siskaperbapoMap.read(payload, {
      options: { url, city: 'malangkota', market: 'kota-malang', commodities: ['2'], timezone },
      request,
      now,
    }),
  pihps: (payload: unknown) =>
    pihps.read(payload, {
      options: { url, province: '16', market: 'jawa-timur', priceType: 1, days: 7, timezone },
      request,
      now,
    }),
  daily: (payload: unknown) => sp2kpDaily.read(payload, { options: place, request, now }),
  comparison: (payload: unknown) => sp2kpComparison.read(payload, { options: place, request, now }),
  bapanas: (payload: unknown) => bapanas.read(payload, { options: { ...place, level: 3 }, request, now }),
  markets: readMarkets,
}

describe('readRupiah', () => {
  it.each([
    ['16.500', 16_500],
    ['15,700', 15_700],
    ['Rp 14.500', 14_500],
    ['Rp12,072', 12_072],
    ['1.250.000', 1_250_000],
    ['14.500,50', 14_500.5],
    ['Rp. 14.500,-', 14_500],
    ['\u00a0Rp\u00a014.500 ', 14_500],
    ['15.700 ', 15_700],
    ['1,250,000', 1_250_000],
    ['16500.00', 16_500],
    [14_375, 14_375],
    ['-', 'none'],
    ['', 'none'],
    [0, 'none'],
    ['0', 'none'],
    ['0,00', 'none'],
    ['0.000', 'none'],
    [' - ', 'none'],
    ['Rp 0', 'none'],
    [null, 'none'],
    ['empat', undefined],
    ['-500', undefined],
    [-500, undefined],
    ['1.25.000', undefined],
    ['16.500 / kg', undefined],
    ['1,25%', undefined],
    ['16.500.00', undefined],
    [undefined, undefined],
    [Infinity, undefined],
    [{}, undefined],
    [Number.NaN, undefined],
    [true, undefined],
  ])('%j is %j', (value, expected) => expect(readRupiah(value)).toBe(expected))
})

describe('SISKAPERBAPO', () => {
  it('table: dots for thousands, "-" and 0 are not reported, groups are structure, children lose their dash', () => {
    const reading = read.table(recorded('siskaperbapo-table.shape.html'))
    expect(reading.rows.map(({ commodity, price }) => [commodity, price])).toEqual([
      ['Beras Premium', 14_900],
      ['Beras Medium', 13_500],
      ['Gula Kristal Putih', 16_500],
      // A lost zero stays what the source said; the quality checks are another stage.
      ['Telur Ayam Ras', 2_600],
    ])
    expect(reading).toMatchObject({
      received: 7,
      notReported: 2,
      rejects: [{ field: 'HARGA SEKARANG', reason: 'not-a-number' }],
    })
    expect(reading.rows[0]).toEqual({
      market: 'pasar-besar',
      commodity: 'Beras Premium',
      day: '2026-11-24',
      price: 14_900,
      unit: 'kg',
    })
  })
  it('table: columns are found by their heading; the percent beside a price is no price', () => {
    const head =
      '<tr><th>HARGA SEKARANG</th><th>NO</th><th> satuan </th><th>Nama  Bahan\nPokok</th><th>%</th></tr>'
    const reading = read.table(
      `<TABLE>${head}<TR><TD>16.500<TD>1<TD>kg<TD>Gula &amp; Garam<TD>1,25%</TR></TABLE>`,
    )
    expect(reading).toMatchObject({
      received: 1,
      rejects: [],
      rows: [{ commodity: 'Gula & Garam', price: 16_500, unit: 'kg' }],
    })
    expect(read.table('<table><tr><th>NO</th><th>NAMA BAHAN POKOK</th></tr></table>')).toMatchObject({
      received: 1,
      rejects: [{ row: 0, reason: 'shape', expected: expect.stringContaining('HARGA SEKARANG') }],
    })
  })
  it('table: no row is lost, however short; a group is no row, with a number or without', () => {
    const head =
      '<tr><th>NO</th><th>NAMA BAHAN POKOK</th><th>SATUAN</th><th>HARGA KEMARIN</th><th>HARGA SEKARANG</th></tr>'
    const rows = [
      '<tr><td>1</td><td>BERAS</td><td></td><td></td><td></td></tr>',
      '<tr><td></td><td colspan="4">CABE</td></tr>',
      '<tr><td colspan="5">Sumber: Disperindag</td></tr>',
      '<tr></tr>',
      // from here on rows: a child without anything, a child that is cut off, a price without a name
      '<tr><td></td><td>- Cabe Keriting</td><td></td><td></td><td></td></tr>',
      '<tr><td></td><td>- Cabe Besar</td><td>kg</td></tr>',
      '<tr><td></td><td></td><td>kg</td><td>1</td><td>16.500</td></tr>',
    ]
    expect(read.table(`<table>${head}${rows.join('')}</table>`)).toMatchObject({
      received: 3,
      notReported: 2,
      rows: [],
      rejects: [{ row: 3, field: 'NAMA BAHAN POKOK', reason: 'missing' }],
    })
  })
  it('table: asks day by day and market by market with a form', () => {
    const options = {
      url,
      city: 'malangkota',
      markets: [{ id: '22', market: 'pasar-besar' }],
      days: 2,
      timezone,
    }
    expect(siskaperbapoTable.requests(options, now).map((one) => one.body)).toEqual([
      'tanggal=2026-11-23&kabkota=malangkota&pasar=22',
      'tanggal=2026-11-24&kabkota=malangkota&pasar=22',
    ])
  })
  it('table: without markets of its own it asks for the list, and then for those that are open', () => {
    const options = { url, city: 'malangkota', days: 1, timezone }
    const [list, ...others] = siskaperbapoTable.requests(options, now)
    expect(others).toEqual([])
    expect(list?.url).toBe(`${url}/harga/pasar.json/malangkota`)
    const context = { options, request: list ?? request, now }
    const payload = recorded('siskaperbapo-markets.shape.json')
    expect(siskaperbapoTable.read(payload, context)).toMatchObject({ received: 0, rows: [], rejects: [] })
    const asked = siskaperbapoTable.follow?.(payload, context) ?? []
    expect(asked.map(({ body }) => body)).toEqual([
      'tanggal=2026-11-24&kabkota=malangkota&pasar=22',
      'tanggal=2026-11-24&kabkota=malangkota&pasar=23',
    ])
    const table = recorded('siskaperbapo-table.shape.html')
    const market = { options, request: asked[1] ?? request, now }
    expect(siskaperbapoTable.read(table, market).rows[0]).toMatchObject({ market: 'Pasar Blimbing' })
    expect(siskaperbapoTable.follow?.(table, market)).toEqual([])
    expect(siskaperbapoTable.read('<html>', context)).toMatchObject({ received: 1, rejects: [{ row: 0 }] })
    expect(siskaperbapoTable.follow?.('<html>', context)).toEqual([])
    expect(siskaperbapoTable.read('[{"psr_id":"1"}]', context)).toMatchObject({
      received: 1,
      rejects: [{ row: 1, field: 'psr_nama' }],
    })
  })
  it('markets: names lose stray spaces, closed ones say so', () => {
    expect(read.markets(json('siskaperbapo-markets.shape.json')).rows).toMatchObject([
      { id: '22', name: 'Pasar Besar', active: true },
      { name: 'Pasar Blimbing' },
      { active: false },
    ])
  })
  it('map: a city that the portal does not name is told, a day without data is not', () => {
    const payload = { komoditas_nama: 'Beras', data: [{ code: 'surabayakota', hrg: 1 }] }
    expect(read.map(payload)).toMatchObject({
      received: 1,
      rejects: [{ row: 1, field: 'code', reason: 'missing', expected: 'the city malangkota' }],
    })
    expect(read.map({ komoditas_nama: 'Beras', data: [] })).toMatchObject({ received: 0, rejects: [] })
    expect(read.map({ data: [{ code: ' malangkota', hrg: '14.900' }] }).rejects).toMatchObject([
      { field: 'komoditas_nama', reason: 'missing' },
    ])
  })
  it('map: only the city asked for, and hrg 0 is none', () => {
    expect(read.map(json('siskaperbapo-map.shape.json')).rows).toEqual([
      { market: 'kota-malang', commodity: 'Beras Premium', day: '2026-11-24', price: 14_900 },
    ])
    expect(read.map({ komoditas_nama: 'x', data: [{ code: 'malangkota', hrg: 0 }] })).toMatchObject({
      rows: [],
      notReported: 1,
    })
  })
})

describe('the other portals', () => {
  it('PIHPS: days are keys, commas are thousands, groups are left, "-" is not reported', () => {
    const reading = read.pihps(json('pihps.shape.json'))
    expect(reading.rows.map(({ commodity, day, price }) => [commodity, day, price])).toEqual([
      ['Beras Kualitas Bawah I', '2026-09-29', 15_700],
      ['Beras Kualitas Bawah I', '2026-09-30', 15_750],
      ['Daging Sapi Kualitas 1', '2026-09-29', 140_000],
    ])
    expect(reading).toMatchObject({ received: 4, notReported: 1, rejects: [] })
    expect(
      read.pihps({ data: [{ name: 'Beras Kualitas Bawah I  ', level: 2, '29/09/2026': '15,700' }] }).rows[0]
        ?.commodity,
    ).toBe('Beras Kualitas Bawah I')
  })
  it('PIHPS: a row without days, and a day that does not exist, are counted', () => {
    const row = { name: 'Beras ', level: '2' }
    const reading = read.pihps({
      data: [
        { ...row, '31/02/2026': '15,700', '29/09/2026': '15,700' },
        { ...row, '2026-09-29': '15,700' },
        row,
        { ...row, level: 3 },
        null,
      ],
    })
    expect(reading).toMatchObject({ received: 6, rows: [{ commodity: 'Beras', day: '2026-09-29' }] })
    expect(reading.rejects.map(({ row: place, field, reason }) => [place, field, reason])).toEqual([
      [1, '31/02/2026', 'not-a-day'],
      [3, '2026-09-29', 'not-a-day'],
      [4, '', 'missing'],
      [5, 'level', 'shape'],
      [6, 'level', 'shape'],
    ])
  })
  it('PIHPS: asks for a week, for its newest days lag, and never for a regency', () => {
    const options = { url, province: '16', market: 'jawa-timur', priceType: 1, days: 7, timezone }
    const [asked] = pihps.requests(options, now)
    expect(Object.fromEntries(new URL(asked?.url ?? '').searchParams)).toMatchObject({
      province_id: '16',
      regency_id: '',
      start_date: '2026-11-18',
      end_date: '2026-11-24',
    })
    expect(read.pihps({ data: [] })).toMatchObject({ received: 0, rows: [], rejects: [] })
  })
  it('SP2KP asks for working days: on a Monday against the Friday, on a Sunday for the Friday', () => {
    const asked = (day: string) =>
      JSON.parse(sp2kpComparison.requests(place, new Date(`${day}T03:00:00Z`))[0]?.body ?? '') as object
    expect(asked('2026-07-13')).toMatchObject({ tanggal: '2026-07-13', tanggal_pembanding: '2026-07-10' })
    expect(asked('2026-07-12')).toMatchObject({ tanggal: '2026-07-10', tanggal_pembanding: '2026-07-09' })
    expect(asked('2026-07-11')).toMatchObject({ tanggal: '2026-07-10', tanggal_pembanding: '2026-07-09' })
    expect(asked('2026-07-14')).toMatchObject({ tanggal: '2026-07-14', tanggal_pembanding: '2026-07-13' })
  })
  it('SP2KP daily: a variant without its list is one reject, and the others are read', () => {
    expect(
      read.daily({
        data: [{ variant: 'x' }, { variant: 'Beras', daftarHarga: [{ date: '2026-09-24', harga: 1 }] }],
      }),
    ).toMatchObject({ received: 2, rows: [{ commodity: 'Beras' }], rejects: [{ row: 1, reason: 'shape' }] })
  })
  it('SP2KP daily: null and 0 are not reported', () => {
    expect(read.daily(json('sp2kp-daily.shape.json'))).toMatchObject({
      received: 5,
      notReported: 2,
      rejects: [],
      rows: [{ price: 14_375, unit: 'kg' }, {}, { commodity: 'Cabai Merah Keriting' }],
    })
  })
  it('SP2KP comparison: the area itself, whatever the order of its regions', () => {
    const payload = json('sp2kp-comparison-2026-07-13.json') as { data: { region: unknown[] }[] }
    const reading = read.comparison(payload)
    for (const entry of payload.data) entry.region.reverse()
    expect(read.comparison(payload).rows).toEqual(reading.rows)
    expect(reading.rejects).toEqual([])
    expect(reading.rows.find((row) => row.commodity === 'Beras Premium')).toMatchObject({
      price: 15_520,
      day: '2026-07-13',
      unit: 'kg',
    })
  })
  it('Bapanas: 0 is no data, days read 12-9-2025, units are passed on as they are spelled', () => {
    expect(read.bapanas(json('bapanas.shape.json'))).toMatchObject({
      received: 3,
      notReported: 1,
      rows: [
        { commodity: 'Beras Premium', day: '2025-09-12', price: 14_950, unit: 'Rp./Kg' },
        { price: 16_500, unit: 'Rp/ltr' },
      ],
    })
  })
  it('Bapanas: without a day of its own the day that was asked for; a day that is none refuses all', () => {
    const data = [{ name: 'Beras', today: 14_950, satuan: 'Rp/kg' }]
    expect(read.bapanas({ data }).rows).toMatchObject([{ day: '2026-11-24' }])
    expect(read.bapanas({ data, request_data: { period_date: '31-2-2026' } }).rejects).toMatchObject([
      { field: 'period_date', reason: 'not-a-day' },
    ])
  })
  it('Bapanas: a unit is one, however it is spelled', async () => {
    const names = new PriceNames(await loadPack('malang'))
    for (const unit of ['Rp./Kg', 'Rp/kg', 'Rp./kg', 'Rp / KG', 'kg', 'Kg.', 'Rp/Kilogram'])
      expect(names.commodity('bapanas', 'Beras Premium', unit)).toEqual({ code: 'beras-premium', factor: 1 })
    expect(names.commodity('bapanas', 'Minyak Goreng Curah', 'Rp./Ltr')).toMatchObject({ factor: 1 })
    expect(names.commodity('bapanas', 'Beras Premium', 'Rp/karung')).toBeUndefined()
  })
})
