import type { AvailabilityReport, AvailabilityRow, Contract } from '#contract/availability.ts'

export type By = AvailabilityReport['by']
/** The page knows the contract by its types only. */
export const BY: readonly By[] = ['camera', 'site', 'district', 'owner', 'vendor', 'group']

export const COLUMNS = [
  'name',
  'cameras',
  'availability',
  'left',
  'down',
  'outages',
  'mttr',
  'mtbf',
  'longest',
  'unknown',
  'planned',
] as const
export type Column = (typeof COLUMNS)[number]

/** Nobody can say: not reported or probed, or what it hangs on had failed. */
export const unseenSeconds = (row: AvailabilityRow): number => row.unknownSeconds + row.unreachableSeconds
const VALUES: Record<Exclude<Column, 'name'>, (row: AvailabilityRow) => number | null> = {
  cameras: (row) => row.cameras,
  availability: (row) => row.availability,
  left: (row) => row.leftSeconds,
  down: (row) => row.downSeconds,
  outages: (row) => row.outages,
  mttr: (row) => row.mttrSeconds,
  mtbf: (row) => row.mtbfSeconds,
  longest: (row) => row.longestSeconds,
  unknown: unseenSeconds,
  planned: (row) => row.plannedSeconds,
}
const words = new Intl.Collator('id', { numeric: true, sensitivity: 'base' })

/** Sorted by a column, `-` before it turns it around; rows without a value last either way. */
export function sorted(rows: readonly AvailabilityRow[], order: string): AvailabilityRow[] {
  const column = COLUMNS.find((one) => one === order.replace('-', '')) ?? 'availability'
  const sign = order.startsWith('-') ? -1 : 1
  if (column === 'name') return [...rows].sort((a, b) => sign * words.compare(a.name, b.name))
  const value = VALUES[column]
  return [...rows].sort((one, other) => {
    const [a, b] = [value(one), value(other)]
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
    return sign * (a - b)
  })
}

/** Minutes after midnight as a time input has them; 24:00 is shown as the midnight that it is. */
export const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** A contract as a form holds it: the target in per cent, times as HH:mm. */
export interface ContractDraft {
  percent: number
  limited: boolean
  from: string
  to: string
  weekdays: number[]
}
export const draftOf = ({ target, hours }: Contract): ContractDraft => ({
  percent: Math.round(target * 1e7) / 1e5,
  limited: hours !== null,
  from: clockOf(hours?.from ?? 360),
  to: clockOf(hours?.to ?? 1_320),
  weekdays: [...(hours?.weekdays ?? [1, 2, 3, 4, 5, 6, 7])],
})
/** null: the hours do not fit, they have to end after they begin and hold a day of the week. */
export function contractOf(draft: ContractDraft): Contract | null {
  const target = Math.round(draft.percent * 1e5) / 1e7
  if (!draft.limited) return { target, hours: null }
  // The midnight that ends a day.
  const [from, to] = [minutesOf(draft.from), minutesOf(draft.to) || 1_440]
  if (!(from < to) || draft.weekdays.length === 0) return null
  return { target, hours: { from, to, weekdays: [...draft.weekdays].sort() } }
}
