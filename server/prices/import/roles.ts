import type { ColumnRole } from '#contract/price-import.ts'
import { isBlank, type Cell } from './cells.ts'
import type { ColumnHeader } from './header.ts'
import { splitMeasure } from './measure.ts'
import type { Names } from './names.ts'
import { readDay, readMonth, readYear } from './read-day.ts'
import { readPrice } from './read-price.ts'

/** What columns are called, in the order in which they are asked. */
const WORDS: [ColumnRole, RegExp][] = [
  [
    'ignored',
    /^(no|nomor|perubahan|selisih|kenaikan|penurunan|rata rata|rerata|jumlah|total|keterangan|ket|catatan|sumber|source|harga kemarin|harga sebelumnya|kategori|category)\b/,
  ],
  ['day', /^(tanggal|tgl|hari tanggal|date|day|hari|periode|waktu|period)\b/],
  ['year', /^(tahun|thn|year)\b/],
  ['month', /^(bulan|bln|month)\b/],
  ['unit', /^(satuan|unit)\b/],
  ['status', /^status\b/],
  [
    'commodity',
    /^(kode )?(komoditas|komoditi|commodity|commodities|nama (bahan|barang|komoditas|komoditi|produk)|(jenis )?(bahan pokok|barang|komoditas)|bahan pangan|uraian|variant?|produk|item|nama)\b/,
  ],
  [
    'market',
    /^((nama |kode )?pasar|market|lokasi|tempat|kab kota|kabupaten|kota|city|wilayah|daerah|responden|region)\b/,
  ],
  ['price', /^(harga|price|nilai|hrg|rp|value)\b/],
]
/** So many of a column's cells have to be of a kind. */
const MOST = 0.6

/** What a column is for, by what it is called, else by what stands in it. */
export function roleOf(
  column: ColumnHeader,
  cells: readonly Cell[],
  names: Names,
  dayFirst: boolean,
): ColumnRole {
  const given = cells.filter((cell) => !isBlank(cell))
  const share = (fits: (cell: Cell) => boolean) =>
    given.length === 0 ? 0 : given.filter(fits).length / given.length
  const priced = share((cell) => readPrice(cell).value !== undefined)
  if (column.day !== null) return priced >= MOST || given.length === 0 ? 'price' : 'ignored'
  if (column.commodity !== null || column.market !== null) {
    const others = column.words.filter((word) => word !== column.commodity && word !== column.market)
    const called = wordOf(others)
    if (called !== undefined && called !== 'price') return called
    return priced >= MOST || given.length === 0 ? 'price' : 'ignored'
  }
  const called = wordOf(column.words)
  if (called === 'day' && share((cell) => readMonth(cell) !== undefined) >= MOST) return 'month'
  if (called === 'price') return priced >= MOST || given.length === 0 ? 'price' : 'ignored'
  if (called !== undefined) return called
  return byContent(given, share, names, dayFirst, column.header !== '')
}

function wordOf(words: readonly string[]): ColumnRole | undefined {
  for (const word of words.toReversed()) {
    const role = calledBy(word)
    if (role !== undefined) return role
  }
  return undefined
}

/** What a column of that name is for, by the name alone: "Hari / Tanggal", "Rata-rata". */
export function calledBy(word: string): ColumnRole | undefined {
  const { name, measure } = splitMeasure(word)
  const text = (name === '' && measure !== null ? 'harga' : name)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  if (text === '%' || word.includes('%') || (/\bid$/.test(text) && !/^(city|kota)/.test(text)))
    return 'ignored'
  return WORDS.find(([, pattern]) => pattern.test(text))?.[0]
}

function byContent(
  given: readonly Cell[],
  share: (fits: (cell: Cell) => boolean) => number,
  names: Names,
  dayFirst: boolean,
  named: boolean,
): ColumnRole {
  if (given.length === 0) return 'ignored'
  if (share((cell) => readYear(cell) !== undefined) >= MOST) return 'year'
  if (
    share((cell) => typeof cell === 'string' && !/^\d+$/.test(cell) && readMonth(cell) !== undefined) >= MOST
  )
    return 'month'
  if (
    share(
      (cell) => typeof cell === 'string' && !/^\d{5}$/.test(cell) && readDay(cell, dayFirst) !== undefined,
    ) >= MOST
  )
    return 'day'
  if (share((cell) => names.commodity(String(cell)) !== undefined) >= MOST) return 'commodity'
  if (share((cell) => names.market(String(cell)) !== undefined) >= MOST) return 'market'
  // Serial numbers and percentages are no prices.
  const large = (cell: Cell) => {
    const { value } = readPrice(cell)
    return value === 'none' || (value !== undefined && value >= 200)
  }
  return named && share(large) >= MOST ? 'price' : 'ignored'
}
