import type { PoolClient } from 'pg'
import type { ImportResult } from '#contract/camera-list.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { announce } from '../settings/announce.ts'
import { lockStored } from '../settings/cameras-store.ts'
import { sealerOf } from '../settings/edits.ts'
import { readSharedSettings } from '../settings/index.ts'
import { saveCameras, type Saved } from '../settings/save.ts'
import { countCameras, nodeIds } from './nodes-store.ts'
import { planImport, type Known } from './plan.ts'
import { readCameraFile, type CameraFile } from './read-file.ts'

type ImportContext = Pick<Context, 'pool' | 'pack' | 'bus' | 'config'>

/**
 * Says of each row of a file of cameras what it would do, or does it: all rows that can be taken in one transaction,
 * each change in its camera's history. Throws an AppError where the file cannot be read.
 */
export async function importCameras(
  context: ImportContext,
  bytes: Buffer,
  apply: boolean,
  viewer: Pick<KnownViewer, 'role' | 'actor'>,
): Promise<ImportResult> {
  const { pool, pack, config } = context
  const file = await readCameraFile(bytes)
  const { plan, saved } = await withTransaction(pool, async (client) => {
    const plan = planImport(file, await knownOf(client, file, config.maxCameras, viewer))
    if (!apply) return { plan, saved: null }
    const saving = { pack, seal: sealerOf(config), actor: viewer.actor, action: 'import' } as const
    return { plan, saved: (await saveCameras(client, plan.drafts, saving)) satisfies Saved }
  })
  if (saved !== null) await announce(context, saved)
  return { applied: apply, counts: plan.counts, unknownColumns: file.unknownColumns, rows: plan.rows }
}

async function knownOf(
  client: PoolClient,
  { rows }: CameraFile,
  maxCameras: number,
  { role }: Pick<KnownViewer, 'role'>,
): Promise<Known> {
  const stored = await lockStored(client, { streamIds: rows.map(({ cells }) => cells.stream_id ?? '') })
  return {
    cameras: new Map(stored.map((camera) => [camera.streamId, camera])),
    parents: await nodeIds(client),
    shared: await readSharedSettings(client),
    room: maxCameras - (await countCameras(client)),
    role,
  }
}
