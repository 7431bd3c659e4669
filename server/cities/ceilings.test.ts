import { describe, expect, it } from 'vitest'
import { ceilingInForce } from './ceilings.ts'
import { loadPack, type Ceiling } from './pack.ts'

const { ceilings } = await loadPack('malang')

describe('the ceiling in force', () => {
  it.each([
    ['beras-medium', '2026-08-01', '1', 13500],
    ['beras-medium', '2025-08-22', '1', 13500],
    ['beras-medium', '2025-08-21', '1', 12500],
    ['beras-medium', '2024-06-07', '1', 12500],
    ['beras-medium', '2024-06-06', '1', 10900],
    ['beras-medium', '2023-01-01', '1', 10900],
    ['beras-medium', '2022-12-31', '1', undefined],
    ['beras-medium', '2026-01-01', '2', 14000],
    ['beras-premium', '2026-01-01', '3', 15800],
    ['beras-medium', '2024-01-01', '3', undefined],
    ['minyakita', '2026-01-01', '1', 15700],
    ['minyakita', '2024-08-13', '1', undefined],
    ['telur-ayam-ras', '2024-05-01', '1', 30000],
    ['telur-ayam-ras', '2023-05-01', '1', undefined],
    ['cabai-rawit-merah', '2022-12-28', '2', 57000],
    ['beras-sphp', '2025-04-01', '1', 12500],
    ['wortel', '2026-01-01', '1', undefined],
  ])('%s on %s in zone %s is %s', (code, day, zone, priceMax) => {
    expect(ceilingInForce(ceilings, code, day, zone)?.priceMax).toBe(priceMax)
  })

  const row = (fields: Partial<Ceiling>): Ceiling => ({
    commodityCode: 'a',
    kind: 'HAP',
    priceMin: 1,
    priceMax: 1,
    unit: 'kg',
    regulation: 'Tahun 2020',
    source: 'a page',
    ...fields,
  })

  it.each([
    [
      'HET before a later HAP',
      [row({ kind: 'HET', validFrom: '2020-01-01', priceMax: 5 }), row({ validFrom: '2024-01-01' })],
      5,
    ],
    [
      'the later of two',
      [row({ validFrom: '2020-01-01' }), row({ validFrom: '2021-01-01', priceMax: 6 })],
      6,
    ],
    [
      'a dated HAP before an undated HET',
      [row({ kind: 'HET' }), row({ validFrom: '2021-01-01', priceMax: 7 })],
      7,
    ],
    [
      'the undated one once the dated one has ended',
      [row({ priceMax: 8 }), row({ validFrom: '2021-01-01', validTo: '2022-01-01' })],
      8,
    ],
    ['none where no year is known', [row({ regulation: 'not named' })], undefined],
  ])('is %s', (_name, rows, priceMax) => {
    expect(ceilingInForce(rows, 'a', '2025-01-01', '1')?.priceMax).toBe(priceMax)
  })
})
