import type { ImportMapping, ImportProblem } from '#contract/price-import.ts'
import type { QuoteStatus } from '#contract/price.ts'
import type { CityPack } from '../../cities/index.ts'
import { isDay } from '../days.ts'
import { possible } from '../rupiah.ts'
import { isBlank, isBlankRow, letterOf, textOf, type Cell, type Row } from './cells.ts'
import { measureIn } from './measure.ts'
import { namesOf } from './names.ts'
import { readDay, readMonth, readYear } from './read-day.ts'
import { readPrice } from './read-price.ts'
import { atOnce, type Turns } from './turns.ts'

/** A price as the file gives it, in codes of ours and rupiah per the commodity's unit. */
export interface FilePrice {
  /** as the spreadsheet counts, from 1 */
  row: number
  column: number
  day: string
  commodity: string
  market: string
  price: number
  status: QuoteStatus
}
export interface UnknownName {
  kind: 'commodity' | 'market'
  name: string
  rows: number
}
/** rows x price columns = prices + repeated + none + refused + leftOut */
export interface ReadPrices {
  rows: number
  prices: FilePrice[]
  /** said before in the same file with the same value */
  repeated: number
  none: number
  refused: number
  /** of them: only a name lacks that a person can give */
  nameless: number
  leftOut: number
  /** the first of a kind a row, for what is wrong with the row; at most `MOST_PROBLEMS` */
  problems: ImportProblem[]
  unknown: UnknownName[]
}
export type Reason =
  | 'not-a-price'
  | 'out-of-range'
  | 'unit'
  | 'no-day'
  | 'not-a-day'
  | 'future'
  | 'no-commodity'
  | 'no-market'
  | 'unknown-commodity'
  | 'unknown-market'
  | 'unknown-status'
  | 'twice'
  | 'locked'

export const MOST_PROBLEMS = 1_000
/** Some 20 ms of work. */
const CELLS_A_TURN = 4_000
export const EXPECTED: Record<Reason, string> = {
  'not-a-price': 'rupiah, such as 14500, 14.500 or Rp14,500; empty, 0 or - for none',
  'out-of-range': 'more than 0 and at most 10,000,000 rupiah per unit',
  unit: 'a unit that can be turned into the commodity’s',
  'no-day': 'a column of days, or of years and months',
  'not-a-day': 'a day such as 2026-08-01, 01/08/2026 or 1 Agustus 2026',
  future: 'a day that is not in the future',
  'no-commodity': 'a column of commodities, or one commodity for the whole file',
  'no-market': 'a column of markets, or one market for the whole file',
  'unknown-commodity': 'a name of which is said what it means',
  'unknown-market': 'a name of which is said what it means',
  'unknown-status': 'reported, imputed or corrected',
  twice: 'one price per day, commodity and market',
  locked: 'a month that is not closed',
}
const STATUSES = new Map<string, QuoteStatus>([
  ...['reported', 'dilaporkan', 'laporan'].map((word) => [word, 'reported'] as const),
  ...['imputed', 'perkiraan', 'estimasi', 'imputasi', 'estimate'].map((word) => [word, 'imputed'] as const),
  ...['corrected', 'dikoreksi', 'koreksi'].map((word) => [word, 'corrected'] as const),
  ...['carried', 'terbawa'].map((word) => [word, 'carried'] as const),
])

class Refusal {
  readonly reason: Reason
  readonly column: number
  constructor(reason: Reason, column: number) {
    this.reason = reason
    this.column = column
  }
}

/**
 * Reads the rows below the header as the mapping says. Never throws; every cell of a price column in a row that holds
 * anything is counted once.
 * @param rows the whole sheet
 * @param today the city's day: what comes after it is refused
 */
export function* readingPrices(
  rows: readonly Row[],
  mapping: ImportMapping,
  pack: CityPack,
  today: string,
): Turns<ReadPrices> {
  const start = mapping.headerRow + mapping.headerRows
  const read: ReadPrices = {
    rows: 0,
    prices: [],
    repeated: 0,
    none: 0,
    refused: 0,
    nameless: 0,
    leftOut: 0,
    problems: [],
    unknown: [],
  }
  const columns = mapping.columns.flatMap((column, at) =>
    column.role === 'price' ? [{ ...column, at }] : [],
  )
  const placeOf = (role: string) => mapping.columns.findIndex((column) => column.role === role)
  const at = {
    day: placeOf('day'),
    year: placeOf('year'),
    month: placeOf('month'),
    commodity: placeOf('commodity'),
    market: placeOf('market'),
    unit: placeOf('unit'),
    status: placeOf('status'),
  }
  const keys = [at.day, at.year, at.month, at.commodity, at.market].filter((place) => place >= 0)
  const names = namesOf(pack, mapping.vocabulary)
  const meanings = {
    commodity: new Map(Object.entries(mapping.commodities)),
    market: new Map(Object.entries(mapping.markets)),
  }
  const codes = {
    commodity: new Set(pack.commodities.map(({ code }) => code)),
    market: new Set(pack.markets.map(({ code }) => code)),
  }
  const unknown = new Map<string, UnknownName>()
  const factors = new Map<string, number | undefined>()
  const met = new Map<string, FilePrice>()
  let above: Cell[] = []
  let cells = 0

  const problem = (row: number, { reason, column }: Refusal, value: string) => {
    if (read.problems.length < MOST_PROBLEMS)
      read.problems.push({
        row: row + 1,
        column: column < 0 ? '' : letterOf(column),
        reason,
        expected: EXPECTED[reason],
        value: value.slice(0, 200),
      })
  }
  /** null: left out on purpose */
  const codeOf = (
    kind: 'commodity' | 'market',
    inHeader: string | null,
    row: readonly Cell[],
    column: number,
  ): { name: string; code: string } | null => {
    const name = inHeader ?? (at[kind] >= 0 ? textOf(row[at[kind]]) : '')
    const whole = inHeader === null && at[kind] < 0 ? mapping[kind] : null
    if (name === '' && whole === null) throw new Refusal(`no-${kind}`, at[kind] >= 0 ? at[kind] : column)
    if (whole !== null) {
      if (codes[kind].has(whole)) return { name: '', code: whole }
      throw new Refusal(`no-${kind}`, column)
    }
    const code = meanings[kind].has(name)
      ? meanings[kind].get(name)
      : codes[kind].has(name)
        ? name
        : undefined
    if (code === null) return null
    if (code !== undefined && codes[kind].has(code)) return { name, code }
    const known = unknown.get(`${kind} ${name}`) ?? { kind, name, rows: 0 }
    known.rows += 1
    if (unknown.size < 2_000) unknown.set(`${kind} ${name}`, known)
    throw new Refusal(`unknown-${kind}`, inHeader === null ? at[kind] : column)
  }
  const dayIn = (row: readonly Cell[], inHeader: string | null, column: number): string => {
    let day = inHeader
    if (day === null && at.day >= 0) day = readDay(row[at.day], mapping.dayFirst)?.day ?? null
    else if (day === null && at.year >= 0) {
      const [year, month] = [readYear(row[at.year]), at.month < 0 ? 1 : readMonth(row[at.month])]
      if (year !== undefined && month !== undefined) day = `${year}-${String(month).padStart(2, '0')}-01`
    } else if (day === null) throw new Refusal('no-day', column)
    if (day === null || !isDay(day))
      throw new Refusal('not-a-day', at.day >= 0 ? at.day : at.year >= 0 ? at.year : column)
    if (day > today) throw new Refusal('future', inHeader === null ? Math.max(at.day, at.year) : column)
    return day
  }
  const statusIn = (row: readonly Cell[], value: number): QuoteStatus => {
    const said = at.status < 0 ? '' : textOf(row[at.status]).toLowerCase()
    const status = said === '' ? mapping.status : STATUSES.get(said)
    if (status === undefined) throw new Refusal('unknown-status', at.status)
    return said === '' && mapping.decimalsAreImputed && !Number.isInteger(value) ? 'imputed' : status
  }
  const factorOf = (
    name: string,
    code: string,
    header: string,
    stated: string | null,
  ): number | undefined => {
    const key = `${name}\n${code}\n${header}\n${stated}`
    if (!factors.has(key)) {
      // The name's own measure, else the one that stands elsewhere in the header: "price_per_kg".
      const measured = stated ?? measureIn(header)
      factors.set(key, names.factor(name, code, measured))
    }
    return factors.get(key)
  }

  for (let index = start; index < rows.length; index += 1) {
    const given = rows[index] as Row
    cells += 1 + columns.length
    if (cells >= CELLS_A_TURN) {
      cells = 0
      yield
    }
    if (isBlankRow(given)) continue
    read.rows += 1
    const row = filledDown(given, above, keys, columns)
    if (keys.some((place) => !isBlank(given[place]))) above = row
    let told = ''
    for (const { at: column, commodity, market, day, header } of columns) {
      const cell = readPrice(given[column])
      if (cell.value === 'none') {
        read.none += 1
        continue
      }
      try {
        if (cell.value === undefined) throw new Refusal('not-a-price', column)
        const on = dayIn(row, day, column)
        const what = codeOf('commodity', commodity, row, column)
        const where = what === null ? null : codeOf('market', market, row, column)
        const status = statusIn(row, cell.value)
        if (what === null || where === null || status === 'carried') {
          read.leftOut += 1
          continue
        }
        const unit = cell.measure ?? (at.unit >= 0 ? textOf(row[at.unit]) || null : null)
        const factor = factorOf(what.name, what.code, header, unit)
        if (factor === undefined) throw new Refusal('unit', at.unit >= 0 ? at.unit : column)
        const price = Math.round(cell.value * factor)
        if (!possible(price)) throw new Refusal('out-of-range', column)
        const one: FilePrice = {
          row: index + 1,
          column,
          day: on,
          commodity: what.code,
          market: where.code,
          price,
          status,
        }
        const key = `${on} ${what.code} ${where.code}`
        const before = met.get(key)
        if (before === undefined) {
          met.set(key, one)
          read.prices.push(one)
        } else if (before.price === price && before.status === status) read.repeated += 1
        else throw new Refusal('twice', column)
      } catch (refusal) {
        if (!(refusal instanceof Refusal)) throw refusal
        read.refused += 1
        if (/-(commodity|market)$/.test(refusal.reason)) read.nameless += 1
        // What is wrong with the whole row is told once.
        const about = `${refusal.reason} ${refusal.column}`
        if (about !== told) problem(index, refusal, textOf(row[refusal.column]))
        told = about
      }
    }
  }
  read.unknown = [...unknown.values()].sort((a, b) => b.rows - a.rows)
  return read
}

/** As readingPrices, at once: of a few rows. */
export const readPrices = (...asked: Parameters<typeof readingPrices>): ReadPrices =>
  atOnce(readingPrices(...asked))

/** Where cells are merged downwards only the first holds the value: a row that says anything of itself goes on with it. */
function filledDown(
  row: Row,
  above: readonly Cell[],
  keys: readonly number[],
  columns: readonly { at: number }[],
): Cell[] {
  const filled = [...row]
  const says = keys.some((place) => !isBlank(row[place]))
  const priced = columns.some(({ at }) => !isBlank(row[at]))
  if (says && priced) for (const place of keys) if (isBlank(filled[place])) filled[place] = above[place] ?? ''
  return filled
}
