import type { PoolClient } from 'pg'
import type { CameraEdit } from '#contract/camera-list.ts'
import type { Role } from '#contract/viewer.ts'
import { AppError } from '../../errors.ts'
import { strangeTarget, targetFaults } from '../probe/targets.ts'
import { effectiveSettings, misfitOf } from './effective.ts'
import type { StoredCamera } from './cameras-store.ts'
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

/**
 * Whoever says where a camera is could have its password sent to a machine of their own, and read it there: where one is kept, only
 * who may set it takes it to another host. Null where nothing is wrong.
 */
export function secretFault(stored: StoredCamera | null, edit: CameraEdit, role: Role): EditFault | null {
  if (role === 'admin' || stored?.hasSecret !== true) return null
  const kind = strangeTarget(stored.targets, edit.targets)
  return kind === null ? null : { field: `targets.${kind}`, expected: OWN_HOST }
}
const OWN_HOST =
  'an address at a host that the camera has already: only an administrator lets its password go to another one'

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
