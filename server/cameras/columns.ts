import type { Observation } from './store.ts'

/**
 * Rows as arrays for unnest: camera, ms, state, feed, hold, latency, reason. What can hold neither a quote nor a comma
 * is written as the database reads it, which costs a third of what the driver's quoting of each element does.
 */
export function columnsOf(rows: readonly Observation[]): unknown[] {
  return [
    arrayOf(rows, ({ cameraId }) => cameraId),
    arrayOf(rows, ({ at }) => at.getTime()),
    arrayOf(rows, ({ state }) => state),
    arrayOf(rows, ({ feed }) => feed),
    arrayOf(rows, ({ holdSeconds }) => holdSeconds),
    arrayOf(rows, ({ latencyMs }) => latencyMs ?? 'NULL'),
    rows.map(({ reason }) => reason),
  ]
}

const arrayOf = (rows: readonly Observation[], of: (row: Observation) => number | string) =>
  `{${rows.map(of).join(',')}}`
