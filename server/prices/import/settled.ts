import type { ColumnRole, ImportMapping, Layout } from '#contract/price-import.ts'
import { isBlank, textOf, type Cell, type Row } from './cells.ts'
import type { ColumnHeader } from './header.ts'
import type { Names } from './names.ts'
import { readDay } from './read-day.ts'

export type GuessedColumn = ColumnHeader & { role: ColumnRole; cells: readonly Cell[] }
/** More distinct names than a city has commodities and markets are none. */
const MOST_NAMES = 2_000

export interface Guessed {
  columns: GuessedColumn[]
  names: Names
  /** the sheet's name, all lines above the header, the file's name */
  titles: string[]
  rows: readonly Row[]
  at: Pick<ImportMapping, 'sheet' | 'headerRow' | 'headerRows'>
  dayFirst: boolean
  fileName: string
}

/** Makes the columns agree with each other: one of each kind, a layout, what the whole file is about, what its names mean. */
export function settled({
  columns: given,
  names,
  titles,
  rows,
  at,
  dayFirst,
  fileName,
}: Guessed): ImportMapping {
  const columns = onePerRole(given, names)
  const has = (role: ColumnRole) => columns.some((column) => column.role === role)
  const priced = columns.filter(({ role }) => role === 'price')
  const layout: Layout = priced.some(({ day }) => day !== null)
    ? 'by-day'
    : priced.some(({ commodity }) => commodity !== null)
      ? 'by-commodity'
      : priced.some(({ market }) => market !== null)
        ? 'by-market'
        : 'long'
  // Columns that nobody knows in a table without a column of commodities can be commodities only.
  const namesInHeader =
    layout === 'by-commodity' || (layout === 'long' && priced.length > 1 && !has('commodity'))
  const mapped = columns.map(({ header, role, commodity, market, day }) => {
    const price = role === 'price' && layout === 'by-day' && day === null ? 'ignored' : role
    if (price !== 'price') return { header, role: price, commodity: null, market: null, day: null }
    return {
      header,
      role: price,
      commodity: commodity ?? (namesInHeader && market === null && header !== '' ? header : null),
      market,
      day,
    }
  })
  const saidBy = (kind: 'commodity' | 'market') =>
    columns.some(({ role }) => role === kind) ||
    mapped.some((column) => column.role === 'price' && column[kind] !== null)
  return {
    ...at,
    layout: layout === 'long' && namesInHeader ? 'by-commodity' : layout,
    columns: mapped,
    vocabulary: names.vocabulary,
    market: saidBy('market') ? null : (names.placeIn(titles) ?? null),
    commodity: saidBy('commodity') ? null : only(titles.flatMap((title) => names.commodity(title) ?? [])),
    dayFirst,
    commodities: meant('commodity', mapped, rows, names.commodity),
    markets: meant('market', mapped, rows, names.market),
    decimalsAreImputed: false,
    // Nobody saw a month's price on its first day.
    status: onlyMonths(columns, dayFirst) ? 'imputed' : 'reported',
    source: sourceOf(fileName),
  }
}

const only = (codes: readonly string[]): string | null =>
  new Set(codes).size === 1 ? (codes[0] ?? null) : null

/** Of several columns of a kind the one that says most; the others are ignored. */
function onePerRole(columns: readonly GuessedColumn[], names: Names): GuessedColumn[] {
  const worth = ({ role, cells, words }: GuessedColumn) => {
    const known = cells.filter((cell) => {
      if (role === 'commodity') return names.commodity(textOf(cell)) !== undefined
      if (role === 'market') return names.market(textOf(cell)) !== undefined
      return !isBlank(cell)
    }).length
    // "Pasar" says more than "Kota" where both are known, and a code more than a name.
    const said = words.join(' ')
    return (
      known * 3 +
      (/pasar|market|nama|komoditas|commodity/i.test(said) ? 1 : 0) +
      (/kode|code/i.test(said) ? 1 : 0)
    )
  }
  const single: ColumnRole[] = ['day', 'year', 'month', 'commodity', 'market', 'unit', 'status']
  const kept = new Map(
    single.map((role) => [
      role,
      columns.filter((column) => column.role === role).toSorted((a, b) => worth(b) - worth(a))[0],
    ]),
  )
  const nameless = columns.filter(
    ({ role, day, commodity, market }) =>
      role === 'price' && day === null && commodity === null && market === null,
  )
  const called = nameless.filter(({ words }) => words.some((word) => /harga|price|nilai|rp/i.test(word)))
  // "Harga" beside "Harga modal": in a long table only one can be meant.
  const onePrice = kept.get('commodity') !== undefined && called.length > 0 ? called[0] : undefined
  return columns.map((column) => {
    const { role } = column
    if (kept.has(role) && kept.get(role) !== column) return { ...column, role: 'ignored' }
    if (onePrice !== undefined && nameless.includes(column) && column !== onePrice)
      return { ...column, role: 'ignored' }
    // A year beside whole dates says nothing more.
    if ((role === 'year' || role === 'month') && kept.get('day') !== undefined)
      return { ...column, role: 'ignored' }
    return column
  })
}

function onlyMonths(columns: readonly GuessedColumn[], dayFirst: boolean): boolean {
  const day = columns.find(({ role }) => role === 'day')
  if (day === undefined) return columns.some(({ role }) => role === 'month')
  const read = day.cells.flatMap((cell) => readDay(cell, dayFirst) ?? [])
  return read.length > 0 && read.every(({ wholeMonth }) => wholeMonth)
}

/** What is known of the names that the header or a column gives. */
function meant(
  kind: 'commodity' | 'market',
  columns: ImportMapping['columns'],
  rows: readonly Row[],
  find: (name: string) => string | undefined,
): Record<string, string> {
  const met = new Set(columns.flatMap((column) => column[kind] ?? []))
  const column = columns.findIndex(({ role }) => role === kind)
  if (column >= 0)
    for (const row of rows) {
      if (met.size >= MOST_NAMES) break
      met.add(textOf(row[column]))
    }
  return Object.fromEntries(
    [...met].flatMap((name) => {
      const code = name === '' ? undefined : find(name)
      return code === undefined ? [] : [[name, code] as const]
    }),
  )
}

const sourceOf = (fileName: string): string => {
  const name = fileName
    .replace(/\.\w+$/, '')
    .replace(/[_\s]+/g, ' ')
    .trim()
    .slice(0, 80)
  return name === '' ? 'Impor' : name
}

/** With what is known of names that a mended mapping says nothing of. */
export function completed(mapping: ImportMapping, rows: readonly Row[], names: Names): ImportMapping {
  const body = rows.slice(mapping.headerRow + mapping.headerRows)
  return {
    ...mapping,
    commodities: { ...meant('commodity', mapping.columns, body, names.commodity), ...mapping.commodities },
    markets: { ...meant('market', mapping.columns, body, names.market), ...mapping.markets },
  }
}
