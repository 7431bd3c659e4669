import { normalName } from './names.ts'
import type { CityPack } from './pack.ts'
import { PackError } from './table.ts'

type Keyed<T> = { file: string; rows: readonly T[]; field: string; of: (row: T) => string | undefined }

/** What no single row can show: codes that repeat, and codes that point at nothing. Throws a PackError. */
export function checkReferences(code: string, pack: CityPack): void {
  if (pack.city.code !== code)
    throw new PackError(`${code}/city.json: code: must be "${code}", got "${pack.city.code}"`)
  const districts = uniqueIn({
    file: `${code}/districts.json`,
    rows: pack.districts,
    field: 'code',
    of: (d) => d.code,
  })
  uniqueIn({ file: `${code}/subdistricts.json`, rows: pack.subdistricts, field: 'code', of: (s) => s.code })
  uniqueIn({ file: `${code}/cameras.csv`, rows: pack.cameras, field: 'stream_id', of: (c) => c.streamId })
  uniqueIn({ file: `${code}/markets.csv`, rows: pack.markets, field: 'code', of: (m) => m.code })
  const goods = uniqueIn({
    file: `${code}/commodities.csv`,
    rows: pack.commodities,
    field: 'code',
    of: (c) => c.code,
  })
  pointsInto(districts, 'districts.json', {
    file: `${code}/subdistricts.json`,
    rows: pack.subdistricts,
    field: 'district',
    of: (s) => s.district,
  })
  pointsInto(goods, 'commodities.csv', {
    file: `${code}/aliases.csv`,
    rows: pack.aliases,
    field: 'commodity_code',
    of: (a) => a.commodityCode,
  })
  pointsInto(goods, 'commodities.csv', {
    file: `${code}/ceilings.csv`,
    rows: pack.ceilings,
    field: 'commodity_code',
    of: (c) => c.commodityCode,
  })
  pointsInto(goods, 'commodities.csv', {
    file: `${code}/commodities.csv`,
    rows: pack.commodities,
    field: 'producer_code',
    of: (c) => c.producerCode,
  })
  agreeOnNames(code, pack)
}

function rowOf(file: string, index: number): string {
  return file.endsWith('.csv') ? `${file} row ${index + 2}` : `${file} entry ${index + 1}`
}

function uniqueIn<T>({ file, rows, field, of }: Keyed<T>): Set<string> {
  const seen = new Set<string>()
  rows.forEach((row, index) => {
    const value = of(row)
    if (value === undefined) return
    if (seen.has(value)) throw new PackError(`${rowOf(file, index)}: ${field}: "${value}" stands here twice`)
    seen.add(value)
  })
  return seen
}

function pointsInto<T>(known: Set<string>, target: string, { file, rows, field, of }: Keyed<T>): void {
  rows.forEach((row, index) => {
    const value = of(row)
    if (value !== undefined && !known.has(value))
      throw new PackError(`${rowOf(file, index)}: ${field}: must be a code of ${target}, got "${value}"`)
  })
}

/** One name or id of one feed kind must not lead to two commodities. */
function agreeOnNames(code: string, pack: CityPack): void {
  const meant = new Map<string, string>()
  pack.aliases.forEach((alias, index) => {
    const keys = [`name ${normalName(alias.sourceName)}`]
    if (alias.sourceId !== undefined) keys.push(`id ${alias.sourceId}`)
    for (const key of keys) {
      const before = meant.get(`${alias.feedKind} ${key}`) ?? alias.commodityCode
      if (before !== alias.commodityCode)
        throw new PackError(
          `${rowOf(`${code}/aliases.csv`, index)}: commodity_code: ${key} of ${alias.feedKind} is ` +
            `"${before}" in a row above, got "${alias.commodityCode}"`,
        )
      meant.set(`${alias.feedKind} ${key}`, before)
    }
  })
}
