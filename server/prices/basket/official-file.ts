import { AppError } from '../../errors.ts'
import { isBlankRow, textOf, type Cell, type Row } from '../import/cells.ts'
import { readGrid } from '../import/grid.ts'
import { readDay, startsWithDay } from '../import/read-day.ts'
import { addDays } from '../days.ts'

export interface OfficialPoint {
  /** the first of its period */
  day: string
  value: number
  note: string
}
interface Fault {
  /** its line in the file, from 1 */
  row: number
  field: 'periode' | 'nilai' | 'keterangan'
  message: string
  expected: string
}

const MOST_ROWS = 5_000
const MOST_FAULTS = 50
const MOST_NOTE = 500
const COLUMNS = {
  periode: ['periode', 'period', 'bulan', 'tanggal', 'minggu'],
  nilai: ['nilai', 'value', 'iph', 'indeks', 'perubahan'],
  keterangan: ['keterangan', 'note', 'catatan'],
} as const
type Column = keyof typeof COLUMNS

/** "Minggu ke-2 Januari 2026", "M2 Januari 2026", "2026-01 M2" */
const WEEK = /\b(?:minggu|m)\s*(?:ke)?[- ]*([1-5])\b/i
const NUMBER = /^[-+]?\d{1,9}([.,]\d{1,6})?$/

/**
 * Reads a file of an official series, CSV or the first sheet of a workbook: a row with `periode` and `nilai` (and, if
 * there is one, `keterangan`), after title lines if need be, then a row for each period. Rows without a value are left out.
 * @throws AppError 'bad-input' with all rows that cannot be read, each with its field; nothing of such a file is taken
 */
export async function readOfficialFile(bytes: Buffer): Promise<OfficialPoint[]> {
  // One more than is taken, so that what is too long is said to be and not cut.
  const [sheet] = await readGrid(bytes, MOST_NOTE + 1)
  const rows = sheet?.rows ?? []
  const head = rows.findIndex((row) =>
    ['periode', 'nilai'].every((name) => columnIn(row, name as Column) >= 0),
  )
  if (head < 0)
    throw new AppError('bad-input', 'No row names the columns periode and nilai.', {
      field: 'periode',
      expected: 'a row with periode and nilai above the values',
    })
  if (rows.length - head > MOST_ROWS)
    throw new AppError('too-large', `At most ${MOST_ROWS} rows are taken in one file.`)
  const places = {
    periode: columnIn(rows[head] as Row, 'periode'),
    nilai: columnIn(rows[head] as Row, 'nilai'),
    keterangan: columnIn(rows[head] as Row, 'keterangan'),
  }
  const body = rows.slice(head + 1).map((cells, index) => ({ cells, row: head + 2 + index }))
  const dayFirst = startsWithDay(body.map(({ cells }) => cells[places.periode] ?? ''))
  const faults: Fault[] = []
  const points = new Map<string, OfficialPoint>()
  for (const { cells, row } of body) {
    const value = textOf(cells[places.nilai])
    if (isBlankRow(cells) || value === '' || value === '-') continue
    const day = periodOf(cells[places.periode], dayFirst)
    const number = numberOf(cells[places.nilai])
    const note = textOf(cells[places.keterangan])
    if (day === undefined)
      faults.push({
        row,
        field: 'periode',
        message: `"${textOf(cells[places.periode])}" is no period.`,
        expected: 'such as 2026-01, Januari 2026, Minggu ke-2 Januari 2026 or 2026-01-15',
      })
    else if (points.has(day))
      faults.push({
        row,
        field: 'periode',
        message: `${day} stands in the file twice.`,
        expected: 'each period once',
      })
    if (number === undefined)
      faults.push({
        row,
        field: 'nilai',
        message: `"${value}" is no number.`,
        expected: 'such as 1,25 or -0.4',
      })
    if (note.length > MOST_NOTE)
      faults.push({
        row,
        field: 'keterangan',
        message: 'The note is too long.',
        expected: `at most ${MOST_NOTE} characters`,
      })
    if (day !== undefined && number !== undefined && !points.has(day))
      points.set(day, { day, value: number, note })
  }
  const [first] = faults
  if (first !== undefined)
    throw new AppError('bad-input', `Row ${first.row}, ${first.field}: ${first.message}`, {
      field: first.field,
      expected: first.expected,
      rows: faults.slice(0, MOST_FAULTS),
    })
  if (points.size === 0)
    throw new AppError('bad-input', 'No row below periode and nilai has a value.', {
      field: 'nilai',
      expected: 'at least one value',
    })
  return [...points.values()].sort((a, b) => (a.day < b.day ? -1 : 1))
}

const columnIn = (row: Row, name: Column): number =>
  row.findIndex((cell) => {
    const header = textOf(cell)
      .toLowerCase()
      .replace(/\s*\(.*\)$/, '')
    return COLUMNS[name].some((one) => one === header)
  })

/** The first day of a period; of a month's week as BPS counts them, by seven days from the first of the month. */
function periodOf(cell: Cell | undefined, dayFirst: boolean): string | undefined {
  const text = textOf(cell)
  const week = WEEK.exec(text)
  if (week === null) return readDay(cell, dayFirst)?.day
  const month = readDay(
    text
      .replace(week[0], ' ')
      .replace(/[-,/ ]+$/, '')
      .trim(),
    dayFirst,
  )
  if (month?.wholeMonth !== true) return undefined
  const day = addDays(month.day, 7 * (Number(week[1]) - 1))
  return day.slice(0, 7) === month.day.slice(0, 7) ? day : undefined
}

function numberOf(cell: Cell | undefined): number | undefined {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : undefined
  const text = textOf(cell).replace(/\s*%$/, '').replace('\u2212', '-')
  return NUMBER.test(text) ? Number(text.replace(',', '.')) : undefined
}
