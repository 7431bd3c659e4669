import { parse } from 'csv-parse/sync'
import { AppError } from '../../errors.ts'
import { columnOf, type ColumnName } from './columns.ts'
import { readFirstSheet } from '../../tables/sheet.ts'
import { plain } from '../../tables/table.ts'
import { unfoldsBeyond } from '../../tables/zip.ts'

export const MAX_BYTES = 5 * 1024 * 1024
export const MAX_ROWS = 20_000
/** Rows in which nothing stands cost something, too: five megabytes of line ends take four seconds. */
const MAX_LINES = 100_000
const MAX_COLUMNS = 200
/** A spreadsheet of that many rows unfolds to about a third of it. */
const MAX_UNFOLDED = 60 * 1024 * 1024

export interface TableRow<Name extends string> {
  /** its line in the file, the header is 1 */
  row: number
  /** trimmed; a column that the file does not have is not there */
  cells: Partial<Record<Name, string>>
}
export interface TableFile<Name extends string> {
  rows: TableRow<Name>[]
  /** what headers mean nothing */
  unknownColumns: string[]
}
export type FileRow = TableRow<ColumnName>
export type CameraFile = TableFile<ColumnName>

/** Reads a file of cameras, CSV or a spreadsheet's first sheet. Throws an AppError where it cannot be read. */
export const readCameraFile = (bytes: Buffer): Promise<CameraFile> => readTable(bytes, columnOf, 'stream_id')

/**
 * Reads a table, CSV or a spreadsheet's first sheet. Throws an AppError where it cannot be read.
 * @param columnOf which column a header means; undefined: none
 * @param key the column that it cannot do without
 */
export async function readTable<Name extends string>(
  bytes: Buffer,
  columnOf: (header: string) => Name | undefined,
  key: Name,
): Promise<TableFile<Name>> {
  const [header = [], ...lines] = isZip(bytes) ? await sheetOf(bytes) : linesOf(bytes)
  const columns = header.map(columnOf)
  const twice = columns.find((column, index) => column !== undefined && columns.indexOf(column) !== index)
  if (twice !== undefined) throw unreadable(`The column ${twice} stands in the file twice.`, twice, 'once')
  if (!columns.includes(key))
    throw unreadable(`The first row has no column ${key}.`, key, 'a column of this name in the first row')
  if (header.length > MAX_COLUMNS)
    throw new AppError('too-large', `At most ${MAX_COLUMNS} columns are taken.`)
  const rows = lines
    .map((line, index) => ({ row: index + 2, line }))
    .filter(({ line }) => line.some((cell) => cell.trim() !== ''))
  if (rows.length > MAX_ROWS)
    throw new AppError('too-large', `At most ${MAX_ROWS} rows are taken in one file.`)
  return {
    rows: rows.map(({ row, line }) => ({
      row,
      cells: Object.fromEntries(
        columns.flatMap((column, index) =>
          column === undefined ? [] : [[column, plain((line[index] ?? '').trim())]],
        ),
      ) as TableRow<Name>['cells'],
    })),
    unknownColumns: header.filter((name, index) => columns[index] === undefined && name.trim() !== ''),
  }
}

const isZip = (bytes: Buffer) => bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004'
const unreadable = (message: string, field: string, expected: string) =>
  new AppError('bad-input', message, { field, expected })

function linesOf(bytes: Buffer): string[][] {
  const text = new TextDecoder('utf-8', { fatal: true })
  try {
    const content = text.decode(bytes)
    if ((content.match(/\r\n|\n|\r/g)?.length ?? 0) > MAX_LINES)
      throw new AppError('too-large', `At most ${MAX_LINES} lines are taken in one file.`)
    const first = content.slice(0, content.search(/[\r\n]|$/))
    // Whichever stands in the header most often: a name in it holds none of them.
    const delimiter = [',', ';', '\t'].reduce((best, one) =>
      first.split(one).length > first.split(best).length ? one : best,
    )
    return parse(content, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: 100_000,
    })
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw unreadable(
      `The file is no CSV in UTF-8: ${(cause as Error).message}.`,
      'body',
      'CSV in UTF-8, or XLSX',
    )
  }
}

async function sheetOf(bytes: Buffer): Promise<string[][]> {
  try {
    if (unfoldsBeyond(bytes, MAX_UNFOLDED))
      throw new AppError('too-large', 'The spreadsheet unfolds to more than is taken.')
    return (await readFirstSheet(bytes, { maxRows: MAX_LINES, maxColumns: MAX_COLUMNS })).map((row) =>
      row.map(textOf),
    )
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw unreadable(
      `The file is no spreadsheet: ${(cause as Error).message}.`,
      'body',
      'CSV in UTF-8, or XLSX',
    )
  }
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return value === null || value === undefined ? '' : String(value as string | number | boolean)
}
