import { int2Array, int4Array, timestampArray } from '../database/binary.ts'
import type { Observation } from './store.ts'

/** Names a row of columnsOf($1 to $7). A column without any value is sent empty: unnest fills it up with NULL. */
export const INPUT = `unnest($1::int[], $2::timestamptz[], $3::camera_state[], $4::smallint[], $5::int[], $6::real[], $7::text[])`

/** Rows as arrays for unnest: camera, at, state, feed, hold (s), latency (ms), reason. */
export function columnsOf(rows: readonly Observation[]): unknown[] {
  return [
    int4Array(rows.map(({ cameraId }) => cameraId)),
    timestampArray(rows.map(({ at }) => at.getTime())),
    // no word among them holds a quote or a comma, so the driver's quoting of each is spared
    `{${rows.map(({ state }) => state).join(',')}}`,
    int2Array(rows.map(({ feed }) => feed)),
    int4Array(rows.map(({ holdSeconds }) => holdSeconds)),
    rows.every(({ latencyMs }) => latencyMs === null)
      ? '{}'
      : `{${rows.map(({ latencyMs }) => latencyMs ?? 'NULL').join(',')}}`,
    rows.every(({ reason }) => reason === null) ? '{}' : rows.map(({ reason }) => reason),
  ]
}
