import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { parse, type Parser } from 'csv-parse'
import { AppError } from '../../errors.ts'
import { readSheets } from '../../tables/sheet.ts'
import { plain } from '../../tables/table.ts'
import { unfoldsBeyond } from '../../tables/zip.ts'
import { textOf, type Cell, type Row, type Sheet } from './cells.ts'

export const MAX_BYTES = 16 * 1024 * 1024
/** A workbook of 250,000 prices unfolds to about half of it. */
const MAX_UNFOLDED = 200 * 1024 * 1024
const MAX_LINES = 300_000
const MAX_COLUMNS = 5_000
const MAX_CELLS = 3_000_000
/** Some 10 ms of work. */
const PIECE = 64 * 1024
/** No name, day or price is longer: of what is, patterns are not to be asked. */
const MAX_LENGTH = 300
/** 0x80 to 0x9f of Windows-1252, the rest is Latin-1; the decoder of Node.js 20 takes them for control characters. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/**
 * A file as cells, CSV (UTF-8 or Windows-1252; comma, semicolon or tab) or XLSX. Throws an AppError where it cannot be read.
 * @param longest characters of a cell that are read
 */
export async function readGrid(bytes: Buffer, longest = MAX_LENGTH): Promise<Sheet[]> {
  const isZip = bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004'
  const sheets = isZip
    ? await workbookOf(bytes, longest)
    : [{ name: '', rows: await linesOf(bytes, longest) }]
  const cells = sheets.reduce(
    (sum, { rows }) => sum + rows.reduce((within, row) => within + row.length, 0),
    0,
  )
  if (cells > MAX_CELLS) throw tooLarge(`${MAX_CELLS} cells`)
  if (sheets.some(({ rows }) => rows.some((row) => row.length > MAX_COLUMNS)))
    throw tooLarge(`${MAX_COLUMNS} columns`)
  return sheets
}

const tooLarge = (what: string) => new AppError('too-large', `At most ${what} are taken in one file.`)
const unreadable = (cause: unknown) =>
  cause instanceof AppError
    ? cause
    : new AppError('bad-input', `The file is neither CSV nor XLSX: ${(cause as Error).message}.`, {
        field: 'body',
        expected: 'CSV or XLSX',
      })

async function linesOf(bytes: Buffer, longest: number): Promise<Row[]> {
  const text = decoded(bytes)
  if (text.includes('\0')) throw unreadable(new Error('it holds bytes that no text has'))
  if (countOf(text, /\r\n|\n|\r/g) > MAX_LINES) throw tooLarge(`${MAX_LINES} lines`)
  if (countOf(text, /[,;\t]/g) > MAX_CELLS) throw tooLarge(`${MAX_CELLS} cells`)
  try {
    const parser = parse({
      delimiter: delimiterOf(text),
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: 200_000,
    })
    const rows: Row[] = []
    // A row at a time by itself: to wait for each takes as long as to read it.
    parser.on('readable', () => {
      for (let row = next(parser); row !== null; row = next(parser))
        rows.push(row.map((text) => textCell(text, longest)))
    })
    await Promise.all([pipeline(Readable.from(piecesOf(text)), parser), once(parser, 'end')])
    return rows
  } catch (cause) {
    throw unreadable(cause)
  }
}

const next = (parser: Parser): string[] | null => parser.read() as string[] | null

/** Piece by piece, so that the live pages do not wait for a large file. */
async function* piecesOf(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += PIECE) {
    yield bytes.subarray(at, at + PIECE)
    await setImmediate()
  }
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    // What Excel in Indonesia saves as "CSV" without saying so.
    return bytes
      .toString('latin1')
      .replace(/[\u0080-\u009f]/g, (of) => WINDOWS[of.charCodeAt(0) - 0x80] ?? of)
  }
}

function countOf(text: string, pattern: RegExp): number {
  let count = 0
  while (pattern.exec(text) !== null) count += 1
  return count
}

/** Whichever splits the first lines most evenly: a comma may also stand in "Rp12,072" and in titles. */
function delimiterOf(text: string): string {
  const lines = text
    .slice(0, 50_000)
    .split(/\r\n|\n|\r/, 60)
    .filter((line) => line.trim() !== '')
  const scored = [',', ';', '\t'].map((delimiter) => {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(delimiter).length - 1)
    const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length * 0.7)] ?? 0
    return {
      delimiter,
      score: usual === 0 ? 0 : counts.filter((count) => count === usual).length * Math.min(usual, 3),
    }
  })
  return scored.reduce((best, one) => (one.score > best.score ? one : best)).delimiter
}

async function workbookOf(bytes: Buffer, longest: number): Promise<Sheet[]> {
  try {
    if (unfoldsBeyond(bytes, MAX_UNFOLDED))
      throw new AppError('too-large', 'The spreadsheet unfolds to more than is taken.')
    const sheets = await readSheets(bytes, { maxRows: MAX_LINES, maxColumns: MAX_COLUMNS })
    return sheets.map(({ name, rows }) => ({
      name,
      rows: rows.map((row) => row.map((value) => cellOf(value, longest))),
    }))
  } catch (cause) {
    throw unreadable(cause)
  }
}

function cellOf(value: unknown, longest: number): Cell {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10)
  if (typeof value === 'number') return Number.isFinite(value) ? value : ''
  return value === null || value === undefined ? '' : textCell(String(value as string | boolean), longest)
}

const textCell = (text: string, longest: number): string => plain(textOf(text).slice(0, longest))
