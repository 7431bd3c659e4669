import type { ImportMapping, PriceImport } from '#contract/price-import.ts'
import { isBlank, textOf, type Row } from './cells.ts'
import { namesOf } from './names.ts'
import type { CityPack } from '../../cities/index.ts'
import { readDay, readMonth, readYear } from './read-day.ts'
import { readPrice } from './read-price.ts'
import type { FilePrice, UnknownName } from './read-prices.ts'

const PREVIEW = { rows: 12, columns: 40, length: 80 }
const SAMPLES = 3
const SAMPLED_COLUMNS = 60
/** Of the first rows, in all columns. */
const SAMPLED_PRICES = 5_000
const MOST_UNKNOWN = 200

/** The lines above, in and just below the header, as they stand. */
export const previewOf = (rows: readonly Row[], { headerRow }: ImportMapping): string[][] =>
  rows
    .slice(0, Math.max(PREVIEW.rows, headerRow + 6))
    .map((row) => row.slice(0, PREVIEW.columns).map((cell) => textOf(cell).slice(0, PREVIEW.length)))

/** A few values of each column and what they are taken for: of a price what would be stored, per the commodity's unit. */
export function samplesOf(
  rows: readonly Row[],
  mapping: ImportMapping,
  prices: readonly FilePrice[],
): PriceImport['samples'] {
  const start = mapping.headerRow + mapping.headerRows
  const stored = new Map(
    prices.slice(0, SAMPLED_PRICES).map(({ row, column, price }) => [`${row} ${column}`, price]),
  )
  return mapping.columns.slice(0, SAMPLED_COLUMNS).flatMap(({ role }, column) =>
    givenIn(rows, column, start).map((row) => {
      const cell = rows[row]?.[column] ?? ''
      return {
        column,
        given: textOf(cell).slice(0, PREVIEW.length),
        understood: stored.get(`${row + 1} ${column}`)?.toString() ?? understood(role, cell, mapping),
      }
    }),
  )
}

/** The first lines from `start` on in which a column says anything. */
function givenIn(rows: readonly Row[], column: number, start: number): number[] {
  const given: number[] = []
  for (let row = start; row < rows.length && given.length < SAMPLES; row += 1)
    if (!isBlank(rows[row]?.[column])) given.push(row)
  return given
}

function understood(
  role: ImportMapping['columns'][number]['role'],
  cell: string | number,
  { dayFirst, commodities, markets }: ImportMapping,
): string | null {
  const text = textOf(cell)
  const meant = (names: Record<string, string | null>) =>
    Object.hasOwn(names, text) ? (names[text] ?? '') : null
  switch (role) {
    case 'day':
      return readDay(cell, dayFirst)?.day ?? null
    case 'year':
      return readYear(cell)?.toString() ?? null
    case 'month':
      return readMonth(cell)?.toString() ?? null
    case 'commodity':
      return meant(commodities)
    case 'market':
      return meant(markets)
    case 'price': {
      const { value } = readPrice(cell)
      return value === undefined ? null : value === 'none' ? '' : String(value)
    }
    case 'unit':
    case 'status':
    case 'ignored':
      return text
  }
}

/** Names that mean nothing yet, with the likeliest: a person says whether it is meant. */
export function unknownOf(
  names: readonly UnknownName[],
  { vocabulary }: ImportMapping,
  pack: CityPack,
): PriceImport['unknown'] {
  const { likely } = namesOf(pack, vocabulary)
  return names
    .slice(0, MOST_UNKNOWN)
    .map(({ kind, name, rows }) => ({ kind, name, rows, likely: likely(kind, name) }))
}
