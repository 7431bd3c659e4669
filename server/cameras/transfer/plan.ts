import type { CameraEdit, ImportResult, ImportRow } from '#contract/camera-list.ts'
import type { Targets } from '#contract/probing.ts'
import type { Role } from '#contract/viewer.ts'
import { changesBetween } from '../settings/changes.ts'
import { editOf, type StoredCamera } from '../settings/cameras-store.ts'
import { editFaults, secretFault } from '../settings/checks.ts'
import type { SharedSettings } from '../settings/index.ts'
import type { Draft } from '../settings/save.ts'
import { readCells, type CellFault } from './cells.ts'
import { TARGET_COLUMNS, TARGETS, type ColumnName } from './columns.ts'
import type { CameraFile } from './read-file.ts'

/** What is there already, and what may be. */
export interface Known {
  cameras: ReadonlyMap<string, StoredCamera>
  /** node ids by their codes */
  parents: ReadonlyMap<string, number>
  shared: SharedSettings
  /** how many new cameras are let in yet */
  room: number
  /** of who imports: only an administrator sets passwords, and lets them go to another host */
  role: Role
}
export interface Plan {
  rows: ImportRow[]
  counts: ImportResult['counts']
  /** of the rows that can be taken */
  drafts: Draft[]
}

/** What an import does with each row of the file, and why with some nothing. Pure. */
export function planImport({ rows }: Pick<CameraFile, 'rows'>, known: Known): Plan {
  const codes = new Map([...known.parents].map(([code, id]) => [id, code]))
  const first = new Map<string, number>()
  const plan: Plan = { rows: [], counts: { create: 0, change: 0, unchanged: 0, refuse: 0 }, drafts: [] }
  for (const row of rows) {
    const streamId = row.cells.stream_id ?? ''
    const stored = known.cameras.get(streamId) ?? null
    const before = stored === null ? null : editOf(stored)
    const { edit, credentials, faults } = readCells(row, before, known.parents)
    const earlier = first.get(streamId)
    if (earlier === undefined) first.set(streamId, row.row)
    else if (streamId !== '')
      faults.push({ column: 'stream_id', expected: `once in the file; it is in row ${earlier} already` })
    if (faults.length === 0) {
      const strange = secretFault(stored, edit, known.role)
      const found = [...editFaults(edit, known.shared), ...(strange === null ? [] : [strange])]
      faults.push(...found.map(({ field, expected }) => ({ column: columnNamed(field), expected })))
    }
    if (credentials !== undefined && known.role !== 'admin')
      faults.push({ column: 'password', expected: 'nothing here: only an administrator sets passwords' })
    if (stored === null && faults.length === 0 && plan.counts.create >= known.room)
      faults.push({
        column: 'stream_id',
        expected: 'a camera that is known: no more are let in (MAX_CAMERAS)',
      })
    const changes = faults.length > 0 ? [] : changesOf(before, edit, credentials !== undefined, codes)
    const action = actionOf(stored, faults, changes)
    plan.counts[action] += 1
    plan.rows.push({ row: row.row, streamId, name: edit.name, action, changes, faults })
    if (action === 'create' || action === 'change') plan.drafts.push({ streamId, stored, edit, credentials })
  }
  return plan
}

function actionOf(
  stored: StoredCamera | null,
  faults: readonly CellFault[],
  changes: ImportRow['changes'],
): ImportRow['action'] {
  if (faults.length > 0) return 'refuse'
  if (stored === null) return 'create'
  return changes.length > 0 ? 'change' : 'unchanged'
}

const COLUMN_OF: Record<string, ColumnName> = {
  parentId: 'parent',
  'settings.intervalSeconds': 'interval_seconds',
  ...Object.fromEntries(
    TARGET_COLUMNS.map((column) => [`targets.${TARGETS[column] satisfies keyof Targets}`, column]),
  ),
}
const columnNamed = (field: string): ColumnName => COLUMN_OF[field] ?? (field as ColumnName)

/** By the file's own columns and in its own words; a secret shows no more than that there is a new one. */
function changesOf(
  before: CameraEdit | null,
  after: CameraEdit,
  withSecret: boolean,
  codes: ReadonlyMap<number, string>,
): ImportRow['changes'] {
  const change = changesBetween(before, after)
  const shown = (field: string, value: unknown) => {
    if (value === null) return ''
    if (field === 'parentId') return codes.get(value as number) ?? String(value)
    return String(value as string | number | boolean)
  }
  const changes = Object.entries(change.after).map(([field, value]) => ({
    column: columnNamed(field),
    from: shown(field, change.before[field]),
    to: shown(field, value),
  }))
  return withSecret ? [...changes, { column: 'password', from: '', to: '***' }] : changes
}
