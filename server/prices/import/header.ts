import type { ColumnRole } from '#contract/price-import.ts'
import { isBlank, textOf, type Cell, type Row } from './cells.ts'
import type { Names } from './names.ts'
import { readDay, readMonth, readYear } from './read-day.ts'
import { splitMeasure } from './measure.ts'
import { calledBy } from './roles.ts'

/** What the header says of a column. */
export interface ColumnHeader {
  /** all its lines, from the top */
  header: string
  /** what is left for words such as "Tanggal" */
  words: string[]
  day: string | null
  commodity: string | null
  market: string | null
}
type Kind = 'day' | 'commodity' | 'market' | 'none'

/**
 * Reads the header's lines. An upper line's cell goes on over the empty ones right of it, as merged cells do; a cell such
 * as "Beras | Pasar Besar" is two lines. Each line has one kind, by what most of its cells are.
 * @param month "2026-08" where the title names it, for columns that are only numbered
 */
export function readHeader(
  lines: readonly Row[],
  width: number,
  names: Names,
  { dayFirst, month }: { dayFirst: boolean; month: string | null },
): ColumnHeader[] {
  const filled = lines.map((line, index) => (index < lines.length - 1 ? filledRight(line, width) : line))
  const texts = filled.flatMap((line) =>
    splitLine(
      Array.from({ length: width }, (_, at) => textOf(line[at])),
      names,
    ),
  )
  const days = Array.from({ length: width }, (_, at) =>
    dayOf(
      texts.map((line) => line[at] ?? ''),
      dayFirst,
    ),
  )
  const numbered = month === null ? [] : numberedDays(texts.at(-1) ?? [], month)
  const kinds = texts.map((line) => kindOf(line, names, dayFirst))
  return Array.from({ length: width }, (_, at) => {
    const parts = texts.map((line) => line[at] ?? '')
    const of = (kind: Kind) =>
      parts.find((part, line) => kinds[line] === kind && part !== '' && !isWord(part)) ?? null
    return {
      header: [
        ...new Set(
          lines.map((line, index) => textOf((index < lines.length - 1 ? filled[index] : line)?.[at])),
        ),
      ]
        .filter((part) => part !== '')
        .join(' | '),
      words: parts.filter((part) => part !== ''),
      day: days[at] ?? numbered[at] ?? null,
      commodity: of('commodity'),
      market: of('market'),
    }
  })
}

/** What a column is called rather than what it holds. */
const WORD =
  /^(no|nomor|tanggal|tgl|hari|date|day|tahun|year|bulan|month|periode|komodi(tas|ti)|nama.*|jenis.*|bahan pokok.*|uraian|commodity.*|pasar|market|lokasi|satuan|unit|harga.*|price.*|status|keterangan|ket|sumber|source|kode.*|id)\.?$/i
/** Names of markets and commodities begin with such words, too: of those only the words alone. */
const NAMES: readonly (ColumnRole | undefined)[] = ['commodity', 'market', 'price', undefined]
export const isWord = (text: string): boolean =>
  WORD.test(splitMeasure(text).name.replace(/_/g, ' ').trim() || 'harga') || !NAMES.includes(calledBy(text))

function filledRight(line: Row, width: number): Cell[] {
  let last: Cell = ''
  return Array.from({ length: width }, (_, at) => {
    const cell = line[at] ?? ''
    if (!isBlank(cell)) last = cell
    return last
  })
}

const SEPARATOR = /\s[|–—-]\s|@|\n/
function splitLine(line: string[], names: Names): string[][] {
  const given = line.filter((text) => text !== '')
  const split = (text: string) => {
    const parts = text.split(SEPARATOR).map((part) => part.trim())
    const whole = names.commodity(text) ?? names.market(text)
    return parts.length === 2 && parts.every((part) => part !== '') && whole === undefined ? parts : null
  }
  if (given.filter((text) => split(text) !== null).length * 2 < given.length || given.length === 0)
    return [line]
  return [line.map((text) => split(text)?.[0] ?? text), line.map((text) => split(text)?.[1] ?? '')]
}

function kindOf(line: readonly string[], names: Names, dayFirst: boolean): Kind {
  const tally: Record<Exclude<Kind, 'none'>, number> = { day: 0, commodity: 0, market: 0 }
  for (const text of new Set(line)) {
    if (text === '' || isWord(text)) continue
    if (readDay(text, dayFirst) !== undefined || readYear(text) !== undefined) tally.day += 1
    else if (names.commodity(text) !== undefined) tally.commodity += 1
    else if (names.market(text) !== undefined) tally.market += 1
  }
  const [kind, count] = (Object.entries(tally) as [Exclude<Kind, 'none'>, number][]).reduce((best, one) =>
    one[1] > best[1] ? one : best,
  )
  return count === 0 ? 'none' : kind
}

/** Of the lines alone or together: "1" below "Agustus 2026", "Januari" below "2026". */
function dayOf(parts: readonly string[], dayFirst: boolean): string | null {
  const given = parts.filter((part) => part !== '')
  const last = given.at(-1) ?? ''
  const whole =
    /^\d{1,2}$/.test(last) || readMonth(last) !== undefined ? given.slice(-3).reverse().join(' ') : last
  for (const text of [whole, ...given]) {
    const read = /^\d{5}$/.test(text) && given.length > 1 ? undefined : readDay(text, dayFirst)
    if (read !== undefined) return read.day
  }
  return null
}

/** Columns 1 to 31 below a title that names the month. */
function numberedDays(line: readonly string[], month: string): (string | null)[] {
  const places = line.flatMap((text, at) => (/^([1-9]|[12]\d|3[01])$/.test(text) ? [at] : []))
  const inOrder = places.every(
    (at, index) => index === 0 || Number(line[at]) > Number(line[places[index - 1] as number]),
  )
  if (places.length < 5 || !inOrder) return []
  return line.map((text, at) =>
    places.includes(at) ? (readDay(`${month}-${text}`, true)?.day ?? null) : null,
  )
}
