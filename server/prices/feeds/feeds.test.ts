import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Reading } from '../../ingest/reading.ts'
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
    [14_375, 14_375],
    ['-', 'none'],
    ['', 'none'],
    [0, 'none'],
    ['0', 'none'],
    [null, 'none'],
    ['empat', undefined],
    ['-500', undefined],
    [-500, undefined],
    ['1.25.000', undefined],
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
  it('markets: names lose stray spaces, closed ones say so', () => {
    expect(read.markets(json('siskaperbapo-markets.shape.json')).rows).toMatchObject([
      { id: '22', name: 'Pasar Besar', active: true },
      { name: 'Pasar Blimbing' },
      { active: false },
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
  it('SP2KP daily: null and 0 are not reported', () => {
    expect(read.daily(json('sp2kp-daily.shape.json'))).toMatchObject({
      received: 5,
      notReported: 2,
      rejects: [],
      rows: [{ price: 14_375, unit: 'kg' }, {}, { commodity: 'Cabai Merah Keriting' }],
    })
  })
  it('SP2KP comparison: the area itself, whatever the order of its regions', () => {
    const reading = read.comparison(json('sp2kp-comparison-2026-07-13.json'))
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
})

describe('every reader, whatever comes', () => {
  const holds = ({ received, rows, rejects, notReported }: Reading<unknown>): void => {
    expect(received).toBe(rows.length + rejects.length + notReported)
  }
  it.each(Object.entries(read))(
    '%s never throws and loses nothing',
    (_name, reader: (payload: unknown) => Reading<unknown>) => {
      fc.assert(
        fc.property(fc.oneof(fc.anything({ withNullPrototype: true }), fc.string(), fc.json()), (payload) =>
          holds(reader(payload)),
        ),
      )
      const key = fc.constantFrom(
        'name',
        'level',
        '29/09/2026',
        'harga',
        'daftarHarga',
        'variant',
        'today',
        'code',
        'hrg',
        'tanggal',
        '__proto__',
      )
      fc.assert(
        fc.property(fc.array(fc.oneof(fc.dictionary(key, fc.anything()), fc.anything())), (rows) => {
          holds(reader(rows))
          holds(reader({ data: rows, komoditas_nama: 'x' }))
        }),
      )
    },
  )
  it('the table survives whatever stands in its cells', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string(), { maxLength: 9 })), (rows) => {
        const html = rows
          .map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
          .join('')
        holds(
          read.table(
            `<table><tr><th>NO</th><th>NAMA BAHAN POKOK</th><th>SATUAN</th><th>HARGA KEMARIN</th><th>HARGA SEKARANG</th></tr>${html}</table>`,
          ),
        )
      }),
    )
  })
})
