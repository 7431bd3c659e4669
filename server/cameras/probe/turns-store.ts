import type { PoolClient } from 'pg'
import type { CameraState } from '#contract/camera.ts'
import { linkPictures } from './picture/index.ts'
import type { OutageTurn } from './outage-turn.ts'
import type { Finding } from './types.ts'

/** A locked camera whose state or outage changes. Times are ms since 1970. */
export interface Turned {
  cameraId: number
  finding: Finding | null
  transition: { at: number; state: CameraState } | null
  outage: OutageTurn
}

const HOUR = 3_600_000

/** Writes down transitions and outages; where a transition is dated back, what was written after it is undone. */
export async function turnCameras(
  client: PoolClient,
  turned: readonly Turned[],
  feed: number | null,
  now: Date,
): Promise<void> {
  const moved = turned.flatMap(({ cameraId, finding, transition }) =>
    transition === null ? [] : [{ cameraId, detail: finding?.detail ?? null, ...transition }],
  )
  if (moved.length > 0) await writeTransitions(client, moved, feed, now)
  const takenBack = turned.flatMap(({ outage }) => outage.takeBack ?? [])
  if (takenBack.length > 0) await client.query('DELETE FROM outage WHERE id = ANY($1::bigint[])', [takenBack])
  const ended = turned.flatMap(({ outage }) => outage.end ?? [])
  if (ended.length > 0)
    await client.query(
      `UPDATE outage o SET ended_at = to_timestamp(e.ms / 1000)
       FROM unnest($1::bigint[], $2::float8[]) AS e(id, ms) WHERE o.id = e.id`,
      [ended.map(({ id }) => id), ended.map(({ at }) => at)],
    )
  const begun = turned.flatMap(({ cameraId, finding, outage }) =>
    outage.begin === null ? [] : [{ cameraId, finding, ...outage.begin }],
  )
  if (begun.length > 0) await beginOutages(client, begun)
}

async function writeTransitions(
  client: PoolClient,
  moved: readonly { cameraId: number; at: number; state: CameraState; detail: string | null }[],
  feed: number | null,
  now: Date,
): Promise<void> {
  const ids = moved.map(({ cameraId }) => cameraId)
  const times = moved.map(({ at }) => at)
  await client.query(
    `DELETE FROM camera_transition t USING unnest($1::int[], $2::float8[]) AS m(camera_id, ms)
     WHERE t.camera_id = m.camera_id AND t.at >= to_timestamp(m.ms / 1000)`,
    [ids, times],
  )
  await client.query(
    `INSERT INTO camera_transition (camera_id, at, state, feed, reason)
     SELECT camera_id, to_timestamp(ms / 1000), state, $4, reason
     FROM unnest($1::int[], $2::float8[], $3::camera_state[], $5::text[]) AS m(camera_id, ms, state, reason)`,
    [ids, times, moved.map(({ state }) => state), feed, moved.map(({ detail }) => detail)],
  )
  await client.query(
    `INSERT INTO camera_rollup_due (camera_id, hour)
     SELECT camera_id, generate_series(date_trunc('hour', to_timestamp(ms / 1000)), to_timestamp($3::float8 / 1000) - interval '1 hour', interval '1 hour') AS hour
     FROM unnest($1::int[], $2::float8[]) AS m(camera_id, ms) ORDER BY camera_id, hour
     ON CONFLICT (camera_id, hour) DO UPDATE SET hour = excluded.hour`,
    [ids, times, Math.floor(now.getTime() / HOUR) * HOUR],
  )
}

async function beginOutages(
  client: PoolClient,
  begun: readonly { cameraId: number; at: number; planned: boolean; finding: Finding | null }[],
): Promise<void> {
  await client.query(
    `INSERT INTO outage (camera_id, started_at, planned, layer, fault, detail)
     SELECT camera_id, to_timestamp(ms / 1000), planned, layer, fault, detail
     FROM unnest($1::int[], $2::float8[], $3::bool[], $4::text[], $5::text[], $6::text[]) AS b(camera_id, ms, planned, layer, fault, detail)
     ON CONFLICT (camera_id, started_at) DO UPDATE SET ended_at = NULL, planned = excluded.planned,
       layer = excluded.layer, fault = excluded.fault, detail = excluded.detail`,
    [
      begun.map(({ cameraId }) => cameraId),
      begun.map(({ at }) => at),
      begun.map(({ planned }) => planned),
      begun.map(({ finding }) => finding?.layer ?? null),
      begun.map(({ finding }) => finding?.fault ?? null),
      begun.map(({ finding }) => finding?.detail ?? null),
    ],
  )
  await linkPictures(
    client,
    begun.map(({ cameraId }) => cameraId),
  )
}
