import type { AvailabilityReport, AvailabilityRow } from '#contract/availability.ts'
import type { Column, Table } from '../../tables/table.ts'
import { WORDS, type Lang } from './words.ts'

type Field = [Exclude<keyof AvailabilityRow, 'key'>, Column['kind'], width: number]
const FIELDS: Field[] = [
  ['name', 'text', 36],
  ['cameras', 'integer', 10],
  ['availability', 'share', 14],
  ['upSeconds', 'integer', 16],
  ['downSeconds', 'integer', 16],
  ['unknownSeconds', 'integer', 16],
  ['unreachableSeconds', 'integer', 16],
  ['plannedSeconds', 'integer', 16],
  ['outages', 'integer', 12],
  ['mttrSeconds', 'integer', 16],
  ['mtbfSeconds', 'integer', 16],
  ['longestSeconds', 'integer', 16],
  ['leftSeconds', 'integer', 16],
  ['metTarget', 'text', 12],
]

/** The report as it is handed over: the total first, then its rows; what it says and rests on in the notes. */
export function tableOf(report: AvailabilityReport, lang: Lang, timezone: string, now: Date): Table {
  const words = WORDS[lang]
  const cells = (row: AvailabilityRow, name: string) =>
    FIELDS.map(([field]) => {
      if (field === 'name') return name
      const value = row[field]
      return typeof value === 'boolean' ? words.yesNo[value ? 0 : 1] : value
    })
  return {
    columns: FIELDS.map(([field, kind, width]) => ({
      header: field === 'name' ? words.by[report.by] : words.columns[field],
      kind,
      width,
    })),
    rows: [
      cells(report.total, words.total),
      ...report.rows.map((row) => cells(row, row.name === '' ? words.none : row.name)),
    ],
    notes: words.notes(report, timezone, now),
  }
}
