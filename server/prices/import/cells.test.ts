import { describe, expect, it } from 'vitest'
import { letterOf } from './cells.ts'
import { readGrid } from './grid.ts'
import { measureFactor, splitMeasure } from './measure.ts'
import { readDay, readMonth, startsWithDay } from './read-day.ts'
import { readPrice } from './read-price.ts'

describe('a day', () => {
  it.each([
    ['2026-08-01', '2026-08-01'],
    ['2026-08-01T00:00:00.000Z', '2026-08-01'],
    ['01/08/2026', '2026-08-01'],
    ['1-8-2026', '2026-08-01'],
    ['1.8.26', '2026-08-01'],
    ['1 Agustus 2026', '2026-08-01'],
    ['Senin, 3 Agt 2026', '2026-08-03'],
    ["Jum'at, 7 Agustus 2026", '2026-08-07'],
    ['1-Agu-26', '2026-08-01'],
    ['5-Nop-2025', '2025-11-05'],
    ['August 1, 2026', '2026-08-01'],
    ['20260801', '2026-08-01'],
    [46235, '2026-08-01'],
    [46235.5, '2026-08-01'],
    ['46235', '2026-08-01'],
    ['31/12/99', '1999-12-31'],
  ])('%s is read', (given, day) => {
    expect(readDay(given, true)).toEqual({ day, wholeMonth: false })
  })
  it.each([
    ['Agustus 2026', '2026-08-01'],
    ['Pebruari-2024', '2024-02-01'],
    ['2026-08', '2026-08-01'],
    ['08/2026', '2026-08-01'],
  ])('%s is a whole month', (given, day) => {
    expect(readDay(given, true)).toEqual({ day, wholeMonth: true })
  })
  it.each([
    '',
    '31/02/2026',
    'Rata-rata',
    '14.500',
    '16500',
    '1',
    '2026',
    'Pasar 2026',
    '1 Agustus',
    '01/08/1900',
    9_999_999,
  ])('%s is none', (given) => expect(readDay(given, true)).toBeUndefined())
  it('of which one part can be no month reads either way, and tells of its column', () => {
    expect(readDay('02/13/2026', true)?.day).toBe('2026-02-13')
    expect(readDay('02/03/2026', false)?.day).toBe('2026-02-03')
    expect([startsWithDay(['01/02/2026', '02/13/2026']), startsWithDay(['01/02/2026'])]).toEqual([
      false,
      true,
    ])
  })
  it('has a month by name or number', () => {
    expect(['Januari', 'Agt', 'nop.', '8', '13', ''].map(readMonth)).toEqual([
      1,
      8,
      11,
      8,
      undefined,
      undefined,
    ])
  })
})

describe('a price', () => {
  it.each([
    [14500, 14_500],
    ['Rp12,072', 12_072],
    ['16.500', 16_500],
    ['Rp 14.500,-', 14_500],
    ['14520.0', 14_520],
    ['14.500,50', 14_500.5],
    [0, 'none'],
    ['-', 'none'],
    ['', 'none'],
    ['tidak ada', 'none'],
    ['#N/A', 'none'],
    ['28x00', undefined],
    ['14.000-15.000', undefined],
    [-5, undefined],
    ["=cmd|'/c calc'!A1", undefined],
  ])('%s is %s', (given, value) => expect(readPrice(given)).toEqual({ value, measure: null }))
  it('may name what it is for', () => {
    expect(readPrice('Rp 14.500/kg')).toEqual({ value: 14_500, measure: 'kg' })
    expect(readPrice('5.250 per ons')).toEqual({ value: 5_250, measure: 'ons' })
  })
})

describe('a measure', () => {
  it.each([
    ['kg', 'kg', 1],
    ['per ons', 'kg', 10],
    ['Rp/100 gram', 'kg', 10],
    ['250 gr', 'kg', 4],
    ['kuintal', 'kg', 0.01],
    ['2 kg', 'kg', 0.5],
    ['ltr', 'liter', 1],
    ['botol', 'pack', 1],
    ['2 lt', 'pack', 1],
    ['botol', 'kg', undefined],
    ['kg', 'liter', undefined],
    ['ikat', 'kg', undefined],
  ] as const)('%s in %s is %s', (given, unit, factor) => {
    const found = measureFactor(given, unit)
    if (factor === undefined) expect(found).toBeUndefined()
    else expect(found).toBeCloseTo(factor, 10)
  })
  it.each([
    ['Bawang Merah / kg', 'Bawang Merah', 'kg'],
    ['Cabe Rawit (Rp/ons)', 'Cabe Rawit', 'Rp/ons'],
    ['price_per_kg', 'price', 'kg'],
    ['Rp/kg', '', 'kg'],
    ['Kol/Kubis', 'Kol/Kubis', null],
    ['Kedelai Biji Kering (Impor)', 'Kedelai Biji Kering (Impor)', null],
  ])('%s', (text, name, measure) => expect(splitMeasure(text)).toEqual({ name, measure }))
})

it('a cell is cut where no name goes on, so that no pattern is asked of a hundred thousand blanks', async () => {
  const file = `Harga\n1${' '.repeat(100_000)}x\n${'y_'.repeat(50_000)}\n${'é'.repeat(100_000)}\n`
  const [sheet] = await readGrid(Buffer.from(file))
  expect(sheet?.rows).toEqual([['Harga'], ['1 x'], ['y_'.repeat(150)], ['é'.repeat(300)]])
})

it('columns are named as spreadsheets name them', () => {
  expect([0, 25, 26, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA'])
})
