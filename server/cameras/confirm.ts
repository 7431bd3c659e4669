import type { PoolClient } from 'pg'
import { int2Array, int4Array, timestampArray } from '../database/binary.ts'
import type { Observation } from './store.ts'

/**
 * Most readings say again what is known: newer than all of their camera, the same state and reason, before its silence.
 * They cause no more than their place in the history and a later `at`. Answers with the cameras of all others, of which
 * nothing was stored. A column without any value is sent empty: unnest fills it up with NULL.
 */
const CONFIRM = `
WITH confirmed AS (
  UPDATE camera_current c
  SET at = i.at, silent_after = i.at + make_interval(secs => i.hold), feed = i.feed, latency_ms = i.latency_ms
  FROM unnest($1::int[], $2::timestamptz[], $3::camera_state[], $4::smallint[], $5::int[], $6::real[], $7::text[])
    AS i(camera_id, at, state, feed, hold, latency_ms, reason)
  WHERE c.camera_id = i.camera_id AND i.at > c.at AND i.at <= c.silent_after
    AND c.state = i.state AND (c.state <> 'unknown' OR c.since <> c.silent_after)
    AND c.reason IS NOT DISTINCT FROM i.reason AND NOT c.judged AND NOT c.planned
  RETURNING i.camera_id, i.at, i.state, i.feed, i.hold, i.latency_ms, i.reason
), history AS (
  INSERT INTO camera_observation (at, camera_id, state, feed, hold, received_at, latency_ms, reason)
  SELECT at, camera_id, state, feed, hold, $8::timestamptz, latency_ms, reason FROM confirmed
)
SELECT camera_id FROM unnest($1::int[]) AS i(camera_id) EXCEPT SELECT camera_id FROM confirmed`

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
  const { rows: left } = await client.query<{ camera_id: number }>({
    name: 'camera-confirm',
    text: CONFIRM,
    values: [...binaryColumnsOf(alone), now],
  })
  if (left.length === 0 && alone.length === rows.length) return []
  const confirmed = new Set(alone.map(({ cameraId }) => cameraId))
  for (const { camera_id } of left) confirmed.delete(camera_id)
  return rows.filter(({ cameraId }) => !confirmed.has(cameraId))
}

function standingAlone(rows: readonly Observation[]): readonly Observation[] {
  const seen = new Set<number>()
  const repeated = new Set<number>()
  for (const { cameraId } of rows) (seen.has(cameraId) ? repeated : seen).add(cameraId)
  return repeated.size === 0 ? rows : rows.filter(({ cameraId }) => !repeated.has(cameraId))
}

function binaryColumnsOf(rows: readonly Observation[]): unknown[] {
  return [
    int4Array(rows.map(({ cameraId }) => cameraId)),
    timestampArray(rows.map(({ at }) => at.getTime())),
    `{${rows.map(({ state }) => state).join(',')}}`,
    int2Array(rows.map(({ feed }) => feed)),
    int4Array(rows.map(({ holdSeconds }) => holdSeconds)),
    rows.every(({ latencyMs }) => latencyMs === null)
      ? '{}'
      : `{${rows.map(({ latencyMs }) => latencyMs ?? 'NULL').join(',')}}`,
    rows.every(({ reason }) => reason === null) ? '{}' : rows.map(({ reason }) => reason),
  ]
}
