import { describe, expect, it } from 'vitest'
import { canonicalUnit, commodityFinder } from './commodities.ts'
import { loadPack } from './pack.ts'

const pack = await loadPack('malang')

describe('the unit of a text', () => {
  it.each([
    ['Rp./Kg', 'kg'],
    ['Rp/kg', 'kg'],
    ['Rp / KG', 'kg'],
    ['per kg', 'kg'],
    ['/ kg', 'kg'],
    ['kg', 'kg'],
    ['1 kg', 'kg'],
    ['Kg.', 'kg'],
    ['kilogram', 'kg'],
    ['gr', 'gram'],
    ['lt', 'liter'],
    ['ltr', 'liter'],
    ['liter', 'liter'],
    ['Rp./Liter', 'liter'],
    ['Rp/ltr', 'liter'],
    ['bks', 'pack'],
    ['370 gr/kl', 'can'],
    ['620ml/btl', 'bottle'],
    ['2 lt', 'pack'],
    ['', undefined],
    ['Rp', undefined],
    ['12', undefined],
    ['ikat', undefined],
    ['kg liter', undefined],
  ])('%j is %s', (text, unit) => {
    expect(canonicalUnit(text)).toBe(unit)
  })
})

describe('the commodity that a feed names', () => {
  it.each([
    ['siskaperbapo', 'Bawang Merah / kg', undefined, 'bawang-merah', 1],
    ['siskaperbapo', '- BERAS  premium', 'Kg', 'beras-premium', 1],
    ['siskaperbapo', 39, undefined, 'bawang-merah', 1],
    ['siskaperbapo', '50', 'Rp./Kg', 'cabai-rawit-merah', 1],
    ['siskaperbapo', 'Kol/Kubis', 'kg', 'kubis', 1],
    ['siskaperbapo', 'Cabai Rawit Merah', 'gr', 'cabai-rawit-merah', 1000],
    ['siskaperbapo', 'Susu Bubuk Bendera', '400 gr/dos', 'susu-bubuk-bendera', 1],
    ['pihps', 'Beras Kualitas Bawah I   ', undefined, 'beras-bawah-1', 1],
    ['pihps', 'Minyak Goreng Curah', 'per kg', 'minyak-goreng-curah', 0.9],
    ['sp2kp', 38, 'kg', 'bawang-putih', 1],
    ['sp2kp', 'Minyakita', 'lt', 'minyakita', 1],
    ['bapanas', 'Kedelai Biji Kering (Impor)', 'Rp./Kg', 'kacang-kedelai-impor', 1],
    ['push', 'telur-ayam-ras', 'kg', 'telur-ayam-ras', 1],
    ['push', 'Garlic', undefined, 'bawang-putih', 1],
  ] as const)('%s: %s per %s', (kind, name, unit, code, factor) => {
    expect(commodityFinder(pack, kind)(name, unit)).toEqual({ code, factor })
  })

  it.each([
    ['push', 'Bawang Bombay', 'kg', 'an unknown name'],
    ['push', 'Bawang Merah', 'ikat', 'an unknown unit'],
    ['push', 'Bawang Merah', 'liter', 'a unit that it is not sold in'],
    ['push', '39', undefined, "another feed's id"],
  ] as const)('%s: %s per %s is nothing: %s', (kind, name, unit, _why) => {
    expect(commodityFinder(pack, kind)(name, unit)).toBeUndefined()
  })

  it('finds every name in the aliases under its own feed', () => {
    for (const alias of pack.aliases)
      expect(commodityFinder(pack, alias.feedKind)(alias.sourceName)?.code).toBe(alias.commodityCode)
  })
})
