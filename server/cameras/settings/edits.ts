import type { PoolClient } from 'pg'
import type { CameraConfig, CameraEdit } from '#contract/camera-list.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { seal } from '../probe/secrets.ts'
import type { Credentials } from '../probe/types.ts'
import { announce } from './announce.ts'
import { editOf, lockStored, readStored, type StoredCamera } from './cameras-store.ts'
import { refuseMisfits, refuseUnknownParent, secretFault } from './checks.ts'
import { effectiveSettings } from './effective.ts'
import { saveCameras, type Draft, type Saved, type Saving, type Seal } from './save.ts'
import { readSharedSettings } from './settings-store.ts'

type EditContext = Pick<Context, 'pool' | 'pack' | 'bus' | 'config'>
export interface BulkSet {
  group?: string | null
  parentId?: number | null
  enabled?: boolean
  /** null: as its group, or all, say */
  intervalSeconds?: number | null
}

/** Seals with the key of the configuration. */
export function sealerOf({ credentialsKey }: Pick<Context['config'], 'credentialsKey'>): Seal {
  return (cameraId, credentials) => {
    if (credentialsKey === undefined)
      throw new AppError('unavailable', 'Passwords can be kept only where CREDENTIALS_KEY is set.')
    return seal(credentialsKey, cameraId, credentials)
  }
}

export const noCamera = (id: number) => new AppError('not-found', `No camera has the id ${id}.`)

/** All that is set of a camera and what is in force for it. Throws an AppError where none has the id. */
export async function readConfigOf({ pool }: Pick<Context, 'pool'>, id: number): Promise<CameraConfig> {
  const [camera, { all, groups }] = await Promise.all([readStored(pool, id), readSharedSettings(pool)])
  if (camera === undefined) throw noCamera(id)
  const { place: _place, ...config } = camera
  return {
    ...config,
    effective: effectiveSettings(all, groups.get(camera.group ?? '') ?? {}, camera.settings),
  }
}

/** Changes one camera. Throws an AppError where none has the id or something does not fit. */
export async function editCamera(
  context: EditContext,
  id: number,
  edit: CameraEdit,
  { role, actor }: Pick<KnownViewer, 'role' | 'actor'>,
): Promise<void> {
  await changeStored(context, { ids: [id], actor, action: 'edit' }, async (client, [camera]) => {
    if (camera === undefined) throw noCamera(id)
    await refuseMisfits(client, edit)
    const fault = secretFault(camera, edit, role)
    if (fault !== null)
      throw new AppError('forbidden', `${fault.field}: expected ${fault.expected}`, { ...fault })
    return [{ streamId: camera.streamId, stored: camera, edit }]
  })
}

/** @param credentials null removes those that are kept */
export async function setCredentials(
  context: EditContext,
  id: number,
  credentials: Credentials | null,
  actor: string,
): Promise<void> {
  await changeStored(context, { ids: [id], actor, action: 'secret' }, (_client, cameras) => {
    if (cameras.length === 0) throw noCamera(id)
    return cameras.map((stored) => ({ streamId: stored.streamId, stored, edit: editOf(stored), credentials }))
  })
}

/** Sets the same of many cameras; ids that no camera has are passed over. Returns how many changed. */
export async function bulkEdit(
  context: EditContext,
  ids: readonly number[],
  { intervalSeconds, ...set }: BulkSet,
  actor: string,
): Promise<number> {
  const saved = await changeStored(context, { ids, actor, action: 'bulk' }, async (client, cameras) => {
    await refuseUnknownParent(client, set.parentId ?? null)
    return cameras.map((stored) => {
      const edit = { ...editOf(stored), ...set }
      const { intervalSeconds: _own, ...others } = edit.settings
      if (intervalSeconds === null) edit.settings = others
      if (typeof intervalSeconds === 'number') edit.settings = { ...others, intervalSeconds }
      return { streamId: stored.streamId, stored, edit }
    })
  })
  return saved.changed.length
}

/** Returns the new camera's id. Throws an AppError where its stream id is taken, or no more cameras are let in. */
export async function createCamera(
  context: EditContext,
  { streamId, ...edit }: CameraEdit & { streamId: string },
  actor: string,
): Promise<number> {
  const { pool, config } = context
  const saved = await withTransaction(pool, async (client) => {
    await refuseMisfits(client, edit)
    const { rows } = await client.query<{ cameras: number; taken: boolean }>(
      'SELECT count(*)::int AS cameras, coalesce(bool_or(stream_id = $1), false) AS taken FROM camera',
      [streamId],
    )
    if (rows[0]?.taken === true)
      throw new AppError('conflict', `There is a camera with the stream id ${streamId} already.`, {
        field: 'streamId',
      })
    if ((rows[0]?.cameras ?? 0) >= config.maxCameras)
      throw new AppError('conflict', `No more than ${config.maxCameras} cameras are let in (MAX_CAMERAS).`)
    return saveCameras(client, [{ streamId, stored: null, edit }], savingOf(context, actor, 'create'))
  })
  await announce(context, saved)
  return saved.ids.get(streamId) as number
}

const savingOf = ({ pack, config }: EditContext, actor: string, action: Saving['action']): Saving => ({
  pack,
  seal: sealerOf(config),
  actor,
  action,
})

async function changeStored(
  context: EditContext,
  { ids, actor, action }: { ids: readonly number[]; actor: string; action: Saving['action'] },
  draft: (client: PoolClient, cameras: StoredCamera[]) => Draft[] | Promise<Draft[]>,
): Promise<Saved> {
  const saved = await withTransaction(context.pool, async (client) => {
    const drafts = await draft(client, await lockStored(client, { ids }))
    return saveCameras(client, drafts, savingOf(context, actor, action))
  })
  await announce(context, saved)
  return saved
}
