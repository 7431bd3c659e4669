import type { Pool } from 'pg'
import type { CameraState, CameraStatus } from '#contract/camera.ts'
import { withTransaction } from '../database/pool.ts'
import { outageTurn } from './probe/outage-turn.ts'
import { turnCameras, type Turned } from './probe/turns-store.ts'
import { readStatuses } from './statuses.ts'

interface Standing {
  camera_id: number
  state: CameraState
  since: number
  planned: boolean
  /** what its source said last, where that still speaks for it */
  claim: CameraState | null
  outage_id: number | null
  outage_started: number | null
  outage_planned: boolean | null
}

const LOCK = `
SELECT c.camera_id, c.state, c.planned, round(extract(epoch FROM greatest(c.since, 'epoch')) * 1000)::float8 AS since,
  CASE WHEN c.silent_after > to_timestamp($2::float8 / 1000) THEN k.state END AS claim,
  o.id AS outage_id, round(extract(epoch FROM o.started_at) * 1000)::float8 AS outage_started, o.planned AS outage_planned
FROM camera_current c LEFT JOIN camera_claim k ON k.camera_id = c.camera_id AND k.at = c.at
  LEFT JOIN outage o ON o.camera_id = c.camera_id AND o.ended_at IS NULL
WHERE NOT c.judged AND c.planned <> (c.camera_id = ANY($1::int[])) ORDER BY c.camera_id FOR UPDATE OF c`

/**
 * Maintenance windows of cameras whose sources decide: they begin and end when they were planned to, and not with the next
 * report. What probing judges is settled by the prober. Touches only cameras whose window begins or ends.
 * @param planned since when (ms) each camera is in a window
 */
export async function applyPlanned(
  pool: Pool,
  planned: ReadonlyMap<number, number>,
  now: Date,
): Promise<CameraStatus[]> {
  return withTransaction(pool, async (client) => {
    const { rows } = await client.query<Standing>({
      name: 'planned-lock',
      text: LOCK,
      values: [[...planned.keys()], now.getTime()],
    })
    if (rows.length === 0) return []
    const turned = rows.map((row) => turnOf(row, planned.get(row.camera_id) ?? null, now.getTime()))
    await client.query(
      `UPDATE camera_current c SET planned = t.planned, state = coalesce(t.state, c.state), since = coalesce(to_timestamp(t.ms / 1000), c.since)
       FROM unnest($1::int[], $2::boolean[], $3::camera_state[], $4::float8[]) AS t(camera_id, planned, state, ms) WHERE c.camera_id = t.camera_id`,
      [
        rows.map((row) => row.camera_id),
        rows.map((row) => planned.has(row.camera_id)),
        turned.map(({ transition }) => transition?.state ?? null),
        turned.map(({ transition }) => transition?.at ?? null),
      ],
    )
    await turnCameras(client, turned, null, now)
    return readStatuses(
      client,
      rows.map((row) => row.camera_id),
    )
  })
}

/** Into a window goes what is known of; out of it comes what the source said last, where it still speaks. */
function turnOf(row: Standing, plannedSince: number | null, now: number): Turned {
  const { state, since } = row
  const next: CameraState =
    plannedSince === null
      ? state === 'maintenance'
        ? (row.claim ?? 'unknown')
        : state
      : state === 'unknown'
        ? 'unknown'
        : 'maintenance'
  const at = Math.max(since + 1, Math.min(plannedSince ?? now, now))
  const open =
    row.outage_id === null || row.outage_started === null
      ? null
      : { id: row.outage_id, startedAt: row.outage_started, planned: row.outage_planned === true }
  const outage = next === 'down' ? { planned: false } : null
  return {
    cameraId: row.camera_id,
    finding: null,
    transition: next === state ? null : { at, state: next },
    outage: outageTurn(open, { outage, verdictSince: at }, at, since),
  }
}
