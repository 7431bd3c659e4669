import { stringify } from 'csv-stringify/sync'
import writeExcelFile, { type Cell } from 'write-excel-file/node'

export interface Column {
  header: string
  /** share is 0..1 and shown as per cent */
  kind: 'text' | 'integer' | 'number' | 'share'
  /** characters, for spreadsheets */
  width?: number
}
export interface Table {
  columns: Column[]
  rows: (string | number | null)[][]
  /** what has to be known beside the figures */
  notes: string[]
}

export const CSV_TYPE = 'text/csv; charset=utf-8'
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
/** of a share in per cent: a second in a month is 0.00004 % */
const SHARE_DIGITS = 5
const FORMATS: Record<Column['kind'], string | undefined> = {
  text: undefined,
  integer: '#,##0',
  number: undefined,
  share: '0.000%',
}

/** Text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection). */
export const neutral = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
/** The text before `neutral`. */
export const plain = (text: string): string => (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text)

export interface CsvStyle {
  delimiter: ',' | ';'
  decimal: '.' | ','
}
/** What spreadsheets in Indonesian read as numbers and columns. */
export const INDONESIAN: CsvStyle = { delimiter: ';', decimal: ',' }
export const INTERNATIONAL: CsvStyle = { delimiter: ',', decimal: '.' }

/** With a byte order mark, so that spreadsheets take it for UTF-8. Notes stand below the table, a blank line between. */
export function writeCsv({ columns, rows, notes }: Table, { delimiter, decimal }: CsvStyle): string {
  const cell = (value: string | number | null, index: number) => {
    if (typeof value !== 'number') return neutral(value ?? '')
    // As a spreadsheet shows it, since no format says so here.
    const shown = columns[index]?.kind === 'share' ? (value * 100).toFixed(SHARE_DIGITS) : String(value)
    return shown.replace('.', decimal)
  }
  const lines = [columns.map(({ header }) => header), ...rows.map((row) => row.map(cell))]
  const below = notes.length === 0 ? [] : [[], ...notes.map((note) => [neutral(note)])]
  return stringify([...lines, ...below], { bom: true, delimiter, record_delimiter: '\r\n' })
}

/** Numbers are numbers; notes stand on a sheet of their own. */
export async function writeXlsx(
  { columns, rows, notes }: Table,
  { sheet, notesSheet }: { sheet: string; notesSheet: string },
): Promise<Buffer> {
  const bold = (value: string): Cell => ({ value, fontWeight: 'bold', wrap: true, alignVertical: 'top' })
  const cell = (value: string | number | null, index: number): Cell => {
    if (value === null || value === '') return null
    if (typeof value === 'string') return { value, type: String }
    const format = FORMATS[columns[index]?.kind ?? 'text']
    return format === undefined ? { value, type: Number } : { value, type: Number, format }
  }
  const table = {
    sheet,
    data: [columns.map(({ header }) => bold(header)), ...rows.map((row) => row.map(cell))],
    columns: columns.map(({ width = 14 }) => ({ width })),
    stickyRowsCount: 1,
    orientation: 'landscape' as const,
  }
  const below = {
    sheet: notesSheet,
    data: notes.map((value): Cell[] => [{ value, type: String, wrap: true }]),
    columns: [{ width: 110 }],
  }
  return writeExcelFile(notes.length === 0 ? [table] : [table, below]).toBuffer()
}
