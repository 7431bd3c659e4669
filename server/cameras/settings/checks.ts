import type { PoolClient } from 'pg'
import type { CameraEdit } from '#contract/cameras.ts'
import { AppError } from '../../errors.ts'
import { targetFaults } from '../probe/targets.ts'
import { effectiveSettings, misfitOf } from './effective.ts'
import { readSharedSettings } from './settings-store.ts'

export interface EditFault {
  field: string
  expected: string
}

/** What the schema cannot say of an edit: positions are whole, addresses of their kind, settings fit together. */
export function editFaults(
  edit: CameraEdit,
  { all, groups }: Awaited<ReturnType<typeof readSharedSettings>>,
): EditFault[] {
  const misfit = misfitOf(effectiveSettings(all, groups.get(edit.group ?? '') ?? {}, edit.settings))
  return [
    ...((edit.latitude === null) === (edit.longitude === null)
      ? []
      : [{ field: edit.latitude === null ? 'latitude' : 'longitude', expected: 'both or none of the two' }]),
    ...targetFaults(edit.targets).map(({ field, expected }) => ({ field: `targets.${field}`, expected })),
    ...(misfit === null ? [] : [{ ...misfit, field: `settings.${misfit.field}` }]),
  ]
}

/** Throws an AppError that names the first field which does not fit. */
export async function refuseMisfits(client: PoolClient, edit: CameraEdit): Promise<void> {
  const [fault] = editFaults(edit, await readSharedSettings(client))
  if (fault !== undefined)
    throw new AppError('bad-input', `${fault.field}: expected ${fault.expected}`, { ...fault })
  await refuseUnknownParent(client, edit.parentId)
}

/** Throws an AppError where cameras would hang on a node that is not there; null: they hang on nothing. */
export async function refuseUnknownParent(client: PoolClient, parentId: number | null): Promise<void> {
  if (parentId === null) return
  const { rows } = await client.query('SELECT FROM node WHERE id = $1', [parentId])
  if (rows.length === 0)
    throw new AppError('bad-input', `parentId: no node has the id ${parentId}.`, {
      field: 'parentId',
      expected: 'the id of a node',
    })
}
