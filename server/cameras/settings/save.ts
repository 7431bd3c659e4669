import type { PoolClient } from 'pg'
import type { CameraEdit } from '#contract/camera-list.ts'
import type { CityPack } from '../../cities/index.ts'
import type { Credentials } from '../probe/types.ts'
import { changesBetween, isChange, pinsOf, type Change } from './changes.ts'
import { editOf, writeCameras, writeChanges, writeSecrets, type StoredCamera } from './cameras-store.ts'
import { markJudged } from './judged.ts'
import { findPlaces, NOWHERE, type Place, type Position } from './place.ts'

/** What a camera is to be, beside what it is. */
export interface Draft {
  streamId: string
  /** null: it is new */
  stored: StoredCamera | null
  edit: CameraEdit
  /** undefined: they stay as they are; null: they are removed */
  credentials?: Credentials | null | undefined
}
/** Seals what is bound to one camera. Throws an AppError where there is no key. */
export type Seal = (cameraId: number, credentials: Credentials) => Buffer

export interface Saving {
  pack: Pick<CityPack, 'districts' | 'subdistricts'>
  seal: Seal
  actor: string
  /** what the history calls it */
  action: 'create' | 'edit' | 'bulk' | 'import' | 'secret'
}
export interface Saved {
  /** of all drafts that changed something */
  changed: number[]
  ids: Map<string, number>
  /** cameras that another judges from now on */
  judged: number[]
}

/** How many cameras one statement writes. */
const ROWS = 2_000

/**
 * Writes drafts with the history of each change, inside the caller's transaction, which has locked the cameras. What
 * was set by hand is pinned; a camera that moved gets another district and site. Drafts without a change write nothing.
 */
export async function saveCameras(
  client: PoolClient,
  drafts: readonly Draft[],
  { pack, seal, actor, action }: Saving,
): Promise<Saved> {
  const changed = drafts
    .map((draft) => ({ ...draft, change: changeOf(draft) }))
    .filter(({ change, stored }) => stored === null || isChange(change))
  const places = await findPlaces(client, pack, changed.flatMap(movedTo))
  const ids = new Map<string, number>()
  for (let start = 0; start < changed.length; start += ROWS) {
    const part = changed.slice(start, start + ROWS)
    const written = await writeCameras(
      client,
      part.map(({ streamId, stored, edit, change }) => ({
        streamId,
        edit,
        pins: pinsOf(change),
        place: placeOf({ streamId, stored, edit }, places),
      })),
    )
    written.forEach((id, streamId) => ids.set(streamId, id))
    await writeChanges(
      client,
      part.map(({ streamId, change }) => ({ cameraId: ids.get(streamId) ?? 0, ...change })),
      actor,
      action,
    )
  }
  await writeSecrets(
    client,
    changed.flatMap(({ streamId, credentials }) => {
      const cameraId = ids.get(streamId)
      if (credentials === undefined || cameraId === undefined) return []
      return [{ cameraId, secret: credentials === null ? null : seal(cameraId, credentials) }]
    }),
  )
  return { changed: [...ids.values()], ids, judged: await markJudged(client, [...ids.values()]) }
}

/** A secret is told by a flag alone. One that replaces another is a change that shows none. */
function changeOf({ stored, edit, credentials }: Draft): Change {
  const change = changesBetween(stored === null ? null : editOf(stored), edit)
  if (credentials === undefined || (credentials === null && stored?.hasSecret !== true)) return change
  return {
    before: { ...change.before, hasSecret: stored?.hasSecret ?? false },
    after: { ...change.after, hasSecret: credentials !== null },
  }
}

const hasMoved = ({ stored, edit }: Draft) =>
  stored === null || stored.latitude !== edit.latitude || stored.longitude !== edit.longitude

function movedTo(draft: Draft): Position[] {
  const { latitude, longitude } = draft.edit
  return hasMoved(draft) && latitude !== null && longitude !== null
    ? [{ streamId: draft.streamId, latitude, longitude }]
    : []
}

const placeOf = (draft: Draft, places: ReadonlyMap<string, Place>): Place =>
  hasMoved(draft) ? (places.get(draft.streamId) ?? NOWHERE) : (draft.stored?.place ?? NOWHERE)
