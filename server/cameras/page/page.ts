import type { CameraPage } from '#contract/camera-page.ts'
import type { KnownViewer } from '../../access/index.ts'
import type { Context } from '../../context.ts'
import { addDays, dayOf } from '../../prices/index.ts'
import { localClock } from '../availability/index.ts'
import { listOutages, shownTo } from '../outages/index.ts'
import { findCamera, siteMatesOf, stateSpans } from '../queries.ts'
import { EDITORS, watchesOf } from '../settings/index.ts'
import { listIncidents, readNodes, toNode, wayUp } from '../topology/index.ts'
import { daysOf } from './days.ts'
import { readClaim, readDays, readEvidence, readTargets } from './page-store.ts'

const DAY = 86_400_000
const DAYS = 90
const MOST = 50

/**
 * All that a camera's page shows; undefined where none has the id.
 * @param viewer guests see no names of who works on what; addresses of nodes are for who may set them
 */
export async function readPage(
  { pool, pack, clock }: Pick<Context, 'pool' | 'pack' | 'clock'>,
  id: number,
  viewer: KnownViewer | null,
): Promise<CameraPage | undefined> {
  const withTargets = viewer !== null && EDITORS.includes(viewer.role)
  const shown = shownTo(viewer)
  const camera = await findCamera(pool, pack, id)
  if (camera === undefined) return undefined
  const now = clock()
  const { timezone } = pack.city
  const today = dayOf(now, timezone)
  const firstDay = addDays(today, 1 - DAYS)
  const clockOf = localClock(timezone)
  const [{ days, done }, history, siteMates, outages, incidents, evidence, targets, claim, parents] =
    await Promise.all([
      readDays(pool, id, firstDay),
      stateSpans(pool, id, new Date(now.getTime() - DAY), now),
      siteMatesOf(pool, camera),
      listOutages(pool, { camera: id, limit: MOST }),
      listIncidents(pool, { camera: id, limit: MOST }),
      readEvidence(pool, id),
      readTargets(pool, id),
      camera.judged ? readClaim(pool, id) : null,
      camera.parentId === null ? [] : parentsOf({ pool }, camera.parentId, withTargets),
    ])
  const since = await stateSpans(pool, id, done ?? new Date(clockOf(firstDay, 0)), now)
  return {
    camera,
    history,
    days: daysOf(firstDay, today, days, since, (day) => clockOf(day, 0)),
    claim,
    siteMates,
    parents,
    outages: shown.outages(outages),
    incidents: shown.incidents(incidents),
    ...evidence,
    watch: watchesOf(targets),
  }
}

/** What it hangs on, nearest first. */
async function parentsOf(
  { pool }: Pick<Context, 'pool'>,
  parentId: number,
  withTargets: boolean,
): Promise<CameraPage['parents']> {
  const [way, nodes] = await Promise.all([wayUp(pool, parentId), readNodes(pool)])
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return way.flatMap(({ id }) => {
    const node = byId.get(id)
    return node === undefined ? [] : [toNode(node, withTargets)]
  })
}
