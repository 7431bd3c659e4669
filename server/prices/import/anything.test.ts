import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ImportMapping } from '#contract/price-import.ts'
import { loadPack, type CityPack } from '../../cities/index.ts'
import { isBlankRow, type Cell, type Row } from './cells.ts'
import { previewOf, samplesOf, unknownOf } from './describe.ts'
import { fingerprintOf, recalled } from './fingerprint.ts'
import { guessMapping } from './guess.ts'
import { readingPrices, readPrices } from './read-prices.ts'
import { TODAY } from './testing/index.ts'

let pack: CityPack
beforeAll(async () => {
  pack = await loadPack('malang')
})

const cell = (): fc.Arbitrary<Cell> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        '',
        '',
        '-',
        '14.500',
        'Rp12,072',
        'Tanggal',
        'Komoditas',
        'Pasar',
        'Harga',
        'Satuan',
        'Status',
        'Tahun',
        'Bulan',
      ),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        '2026-08-01',
        '01/08/2026',
        '1 Agustus 2026',
        'Agt 2026',
        '46235',
        '2026',
        '31/02/2026',
        '1',
        'kg',
        'ons',
        'botol',
        'dikoreksi',
      ),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        'Bawang Merah',
        'Bawang Merah / kg',
        'Pasar Besar',
        'Beras | Pasar Besar',
        'Beras IR',
        '__proto__',
        'constructor',
      ),
    },
    { weight: 1, arbitrary: fc.double() },
    { weight: 1, arbitrary: fc.integer({ min: -10, max: 90_000 }) },
    { weight: 1, arbitrary: fc.string() },
  )
const grid = fc.array(fc.array(cell(), { maxLength: 8 }), { maxLength: 12 })

/** Cells in which a price could stand by that mapping. */
const places = (rows: readonly Row[], { headerRow, headerRows, columns }: ImportMapping) =>
  rows.slice(headerRow + headerRows).filter((row) => !isBlankRow(row)).length *
  columns.filter(({ role }) => role === 'price').length

describe('any grid', () => {
  it('is read without a fault, and every cell is accounted for', () => {
    fc.assert(
      fc.property(grid, fc.string(), (rows, name) => {
        const mapping = guessMapping([{ name: '', rows }], name, pack, TODAY)
        const read = readPrices(rows, mapping, pack, TODAY)
        const { prices, repeated, none, refused, leftOut } = read
        expect(prices.length + repeated + none + refused + leftOut).toBe(places(rows, mapping))
        expect(
          prices.every(
            ({ price, day }) => Number.isInteger(price) && price > 0 && price <= 10_000_000 && day <= TODAY,
          ),
        ).toBe(true)
        expect(
          new Set(prices.map(({ day, commodity, market }) => `${day} ${commodity} ${market}`)).size,
        ).toBe(prices.length)
        expect(refused === 0 || read.problems.length > 0).toBe(true)
        samplesOf(rows, mapping, prices)
        previewOf(rows, mapping)
        unknownOf(read.unknown, mapping, pack)
        expect(fingerprintOf(recalled(mapping, mapping))).toBe(fingerprintOf(mapping))
      }),
      { numRuns: 400 },
    )
  })
  it('is read so by any mapping, too', () => {
    const role = fc.constantFrom(
      'day',
      'year',
      'month',
      'commodity',
      'market',
      'unit',
      'price',
      'status',
      'ignored',
    )
    const name = fc.option(fc.constantFrom('Bawang Merah', 'bawang-merah', 'pasar-besar', 'x', '__proto__'), {
      nil: null,
    })
    const column = fc.record({
      header: fc.constantFrom('', 'A | Rp/ons'),
      role,
      commodity: name,
      market: name,
      day: fc.constantFrom(null, '2026-08-01', '2026-02-30', 'x'),
    })
    const mapping = fc.record({
      sheet: fc.constant(0),
      headerRow: fc.nat({ max: 14 }),
      headerRows: fc.integer({ min: 1, max: 4 }),
      layout: fc.constantFrom('long', 'by-day'),
      columns: fc.array(column, { maxLength: 10 }),
      vocabulary: fc.constantFrom('history', 'pihps'),
      market: name,
      commodity: name,
      dayFirst: fc.boolean(),
      commodities: fc.dictionary(
        fc.constantFrom('Bawang Merah', 'Beras IR'),
        fc.constantFrom('bawang-merah', null, 'x'),
      ),
      markets: fc.dictionary(fc.constantFrom('Pasar Besar'), fc.constantFrom('pasar-besar', null)),
      decimalsAreImputed: fc.boolean(),
      status: fc.constantFrom('reported', 'imputed'),
      source: fc.constant('a'),
    }) as fc.Arbitrary<ImportMapping>
    fc.assert(
      fc.property(grid, mapping, (rows, wanted) => {
        const { prices, repeated, none, refused, leftOut } = readPrices(rows, wanted, pack, TODAY)
        expect(prices.length + repeated + none + refused + leftOut).toBe(places(rows, wanted))
      }),
      { numRuns: 400 },
    )
  })
})

it('a large file is read in turns, to the same end as at once', () => {
  const rows: Row[] = [
    ['Tanggal', 'Pasar', 'Komoditas', 'Harga'],
    ...Array.from({ length: 20_000 }, (_, at): Row => ['2026-08-01', `Pasar ${at}`, 'Tomat', 8_000]),
  ]
  const mapping = guessMapping([{ name: '', rows }], 'a.csv', pack, TODAY)
  const work = readingPrices(rows, mapping, pack, TODAY)
  let turns = 0
  let turn = work.next()
  for (; turn.done !== true; turn = work.next()) turns += 1
  expect(turns).toBeGreaterThan(5)
  expect(turn.value).toEqual(readPrices(rows, mapping, pack, TODAY))
})
