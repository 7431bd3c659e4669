import type { Observation } from './store.ts'

/** Rows as arrays for unnest: camera, ms, state, feed, hold, latency, reason. */
export function columnsOf(rows: readonly Observation[]): unknown[] {
  return [
    rows.map((row) => row.cameraId),
    rows.map((row) => row.at.getTime()),
    rows.map((row) => row.state),
    rows.map((row) => row.feed),
    rows.map((row) => row.holdSeconds),
    rows.map((row) => row.latencyMs),
    rows.map((row) => row.reason),
  ]
}
