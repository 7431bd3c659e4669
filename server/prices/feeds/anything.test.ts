import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anything, keepsTheLaw, mangled, mutated, RUNS } from '../../ingest/testing/payloads.ts'
import type { PriceReading, Reading } from '../../ingest/reading.ts'
import { isDay } from '../days.ts'
import { bapanas } from './bapanas.ts'
import { pihps } from './pihps.ts'
import { readMarkets, readTable, siskaperbapoMap, siskaperbapoTable } from './siskaperbapo.ts'
import { sp2kpComparison, sp2kpDaily } from './sp2kp.ts'

const recorded = (name: string) => readFileSync(new URL(`./recorded/${name}`, import.meta.url), 'utf8')
const json = (name: string): unknown => JSON.parse(recorded(name))
const now = new Date('2026-11-24T03:00:00Z')
const url = 'http://portal.example'
const request = { url, part: { day: '2026-11-24', market: 'pasar-besar' } }
const context = { request, now }
const timezone = 'Asia/Jakarta'
const place = { url, province: '35', city: '3573', market: 'kota-malang', days: 7, timezone }
type Read = (payload: unknown) => Reading<PriceReading>

const readers: [string, Read, unknown][] = [
  [
    'siskaperbapo-map',
    (payload) =>
      siskaperbapoMap.read(payload, {
        ...context,
        options: { url, city: 'malangkota', market: 'kota-malang', commodities: ['2'], timezone },
      }),
    json('siskaperbapo-map.shape.json'),
  ],
  [
    'pihps',
    (payload) =>
      pihps.read(payload, {
        ...context,
        options: { url, province: '16', market: 'jawa-timur', priceType: 1, days: 7, timezone },
      }),
    json('pihps.shape.json'),
  ],
  [
    'sp2kp-daily',
    (payload) => sp2kpDaily.read(payload, { ...context, options: place }),
    json('sp2kp-daily.shape.json'),
  ],
  [
    'sp2kp-comparison',
    (payload) => sp2kpComparison.read(payload, { ...context, options: place }),
    json('sp2kp-comparison-2026-07-13.json'),
  ],
  [
    'bapanas',
    (payload) => bapanas.read(payload, { ...context, options: { ...place, level: 3 } }),
    json('bapanas.shape.json'),
  ],
]
const table: Read = (payload) => readTable(payload, 'pasar-besar', '2026-11-24')

function fitsTheStore({ rows }: Reading<PriceReading>): void {
  for (const { commodity, day, price, unit } of rows) {
    expect(isDay(day) && price > 0 && Number.isFinite(price)).toBe(true)
    expect(`${commodity}${unit ?? ''}`).not.toMatch(/[\0\p{Surrogate}]/u)
    expect(commodity.length).toBeLessThanOrEqual(200)
  }
}

describe('every price reader, whatever comes', () => {
  const property = (arbitrary: fc.Arbitrary<unknown>, read: Read) =>
    fc.assert(
      fc.property(arbitrary, (payload) => {
        keepsTheLaw(read, payload)
        fitsTheStore(read(payload))
      }),
      { numRuns: RUNS },
    )
  it.each(readers)('%s: loses nothing, never throws', (_name, read, payload) => {
    expect(read(payload).rows.length).toBeGreaterThan(0)
    property(anything, read)
    property(mutated(payload), read)
  })
  it("SISKAPERBAPO's table", () => {
    property(anything, table)
    property(mangled(recorded('siskaperbapo-table.shape.html')), table)
  })
  it("SISKAPERBAPO's markets", () => {
    const payloads = fc.oneof(anything, mutated(json('siskaperbapo-markets.shape.json')))
    fc.assert(
      fc.property(payloads, (payload) => {
        keepsTheLaw(readMarkets, payload)
        const options = { url, city: 'malangkota', days: 1, timezone }
        const list = { request: { url, part: { list: 'pasar' } }, now, options }
        const { received, rejects } = siskaperbapoTable.read(payload, list)
        expect(received).toBe(rejects.length)
        expect(siskaperbapoTable.follow?.(payload, list)).toEqual(expect.any(Array))
      }),
      { numRuns: RUNS },
    )
  })
  it('is not held up by a page that nests without end', () => {
    const page = `<table>${recorded('siskaperbapo-table.shape.html')}${'<div><table><tr><td>'.repeat(50_000)}`
    expect(table(page).rows).toHaveLength(4)
  }, 5_000)
})
