import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadPack } from './pack.ts'

describe('the Malang pack', () => {
  it('holds what the city published', async () => {
    const pack = await loadPack('malang')
    expect(pack.city.portalCodes['siskaperbapo']).toEqual({ kabkota: 'malangkota' })
    expect(pack.cameras).toHaveLength(253)
    expect(pack.districts).toHaveLength(5)
    expect(pack.subdistricts).toHaveLength(57)
    expect(pack.markets.filter((market) => market.level === 'market')).toHaveLength(14)
    expect(pack.ceilings).toHaveLength(22)
    expect(pack.commodities.filter((commodity) => commodity.basketWeight !== undefined)).toHaveLength(12)
  })

  it('has names without stray spaces', async () => {
    const { cameras } = await loadPack('malang')
    expect(cameras.filter(({ name }) => name !== name.trim().replace(/\s+/g, ' '))).toEqual([])
  })
})

describe('a pack with a fault', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'pack-'))
    await cp(new URL('./malang', import.meta.url), join(root, 'malang'), { recursive: true })
  })
  afterEach(() => rm(root, { recursive: true }))

  async function change(file: string, from: string | RegExp, to: string) {
    const path = join(root, 'malang', file)
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to))
  }

  it.each([
    [
      'cameras.csv',
      '-7.9516399570327',
      'north',
      /malang\/cameras.csv row 2: latitude: must be number, got "north"/,
    ],
    [
      'cameras.csv',
      'published_district',
      'district',
      /cameras.csv row 1: columns must be stream_id,name,address,/,
    ],
    [
      'cameras.csv',
      /637253114452609264665590,[^,]+/,
      '637253114452609264665590,',
      /cameras.csv row 2: name: is missing/,
    ],
    [
      'markets.csv',
      'Pasar Besar,market',
      'Pasar Besar,stall',
      /row 2: level: must be .*market, city.*got "stall"/,
    ],
    [
      'markets.csv',
      'pasar-blimbing',
      'pasar-besar',
      /markets.csv row 3: code: "pasar-besar" stands here twice/,
    ],
    [
      'aliases.csv',
      'Beras Premium,beras-premium',
      'Beras Premium,rice',
      /commodity_code: must be a code of commodities/,
    ],
    ['aliases.csv', '2,Beras Premium,', '3,Beras Premium,', /aliases.csv row 3: .*id 3 of siskaperbapo/],
    [
      'ceilings.csv',
      '13500,13500',
      '13500,cheap',
      /ceilings.csv row 2: price_max: must be integer, got "cheap"/,
    ],
    ['city.json', '"zoom": 13', '"zoom": "near"', /malang\/city.json: zoom: must be integer, got "near"/],
    ['city.json', '"code": "malang"', '"code": "batu"', /city.json: code: must be "malang", got "batu"/],
    ['rivers.json', '{', '', /rivers.json: is not JSON/],
    [
      'subdistricts.json',
      '"district":"3573010"',
      '"district":"1"',
      /subdistricts.json entry 1: district: must be a code/,
    ],
  ])('%s: %s', async (file, from, to, message) => {
    await change(file, from, to)
    await expect(loadPack('malang', root)).rejects.toThrow(message)
  })

  it('says which file or folder is not there', async () => {
    await rm(join(root, 'malang', 'streets.json'))
    await expect(loadPack('malang', root)).rejects.toThrow(/malang\/streets.json: can't be read/)
    await expect(loadPack('batu', root)).rejects.toThrow(/no city pack "batu"/)
    await expect(loadPack('../etc', root)).rejects.toThrow(/not a city's code/)
  })
})
