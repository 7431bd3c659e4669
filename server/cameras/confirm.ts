import type { PoolClient } from 'pg'
import { int4Array, timestampArray } from '../database/binary.ts'
import type { Observation } from './store.ts'

/**
 * Most readings say again what is known: newer than all of their camera, the same state and reason, before its silence.
 * They cause no more than their place in the history and a later `at`. Answers with the cameras of all others, of which
 * nothing was stored. A column without any value is sent empty: unnest fills it up with NULL. In the order of its key
 * the history takes rows faster.
 */
const CONFIRM = `
WITH confirmed AS (
  UPDATE camera_current c
  SET at = i.at, silent_after = i.at + $7::interval, feed = $6::smallint, latency_ms = i.latency_ms
  FROM unnest($1::int[], $2::timestamptz[], $3::camera_state[], $4::real[], $5::text[]) AS i(camera_id, at, state, latency_ms, reason)
  WHERE c.camera_id = i.camera_id AND i.at > c.at AND i.at <= c.silent_after
    AND c.state = i.state AND (c.state <> 'unknown' OR c.since <> c.silent_after)
    AND c.reason IS NOT DISTINCT FROM i.reason AND NOT c.judged AND NOT c.planned
  RETURNING i.camera_id, i.at, i.state, i.latency_ms, i.reason
), history AS (
  INSERT INTO camera_observation (at, camera_id, state, feed, hold, received_at, latency_ms, reason)
  SELECT at, camera_id, state, $6::smallint, $8::int, $9::timestamptz, latency_ms, reason FROM confirmed ORDER BY at, camera_id
)
SELECT camera_id FROM unnest($1::int[]) AS i(camera_id)
WHERE NOT EXISTS (SELECT FROM confirmed WHERE confirmed.camera_id = i.camera_id)`

/**
 * Stores those of the rows that confirm what is known of their camera, which the caller has locked; answers with the
 * others. Of a camera that stands in them more than once none is stored.
 */
export async function storeConfirmations(
  client: PoolClient,
  rows: readonly Observation[],
  now: Date,
): Promise<readonly Observation[]> {
  const alone = standingAlone(rows)
  const left = await Promise.all(bySender(alone).map((some) => confirm(client, some, now)))
  if (alone.length === rows.length && left.every((cameras) => cameras.length === 0)) return []
  const confirmed = new Set(alone.map(({ cameraId }) => cameraId))
  for (const cameraId of left.flat()) confirmed.delete(cameraId)
  return rows.filter(({ cameraId }) => !confirmed.has(cameraId))
}

/** @param rows of one feed and one hold; answers with the cameras that are not confirmed */
async function confirm(client: PoolClient, rows: readonly Observation[], now: Date): Promise<number[]> {
  const { feed, holdSeconds } = rows[0] as Observation
  const result = await client.query<{ camera_id: number }>({
    name: 'camera-confirm',
    text: CONFIRM,
    values: [
      int4Array(rows.map(({ cameraId }) => cameraId)),
      timestampArray(rows.map(({ at }) => at.getTime())),
      `{${rows.map(({ state }) => state).join(',')}}`,
      rows.every(({ latencyMs }) => latencyMs === null)
        ? '{}'
        : `{${rows.map(({ latencyMs }) => latencyMs ?? 'NULL').join(',')}}`,
      rows.every(({ reason }) => reason === null) ? '{}' : rows.map(({ reason }) => reason),
      feed,
      `${holdSeconds} s`,
      holdSeconds,
      now,
    ],
  })
  return result.rows.map(({ camera_id }) => camera_id)
}

function standingAlone(rows: readonly Observation[]): readonly Observation[] {
  const seen = new Set<number>()
  const repeated = new Set<number>()
  for (const { cameraId } of rows) (seen.has(cameraId) ? repeated : seen).add(cameraId)
  return repeated.size === 0 ? rows : rows.filter(({ cameraId }) => !repeated.has(cameraId))
}

/** Rows in groups of one feed and one hold; nearly always one group. */
function bySender(rows: readonly Observation[]): Observation[][] {
  const groups: Observation[][] = []
  for (const row of rows) {
    const group = groups.find(([first]) => first?.feed === row.feed && first.holdSeconds === row.holdSeconds)
    if (group === undefined) groups.push([row])
    else group.push(row)
  }
  return groups
}
