import type { PoolClient } from 'pg'
import type { CameraState } from '#contract/camera.ts'
import { ROLLUP_JOB } from './rollups.ts'

/** A state that a camera took at a moment (ms since 1970), by the source's id. */
export interface PastChange {
  streamId: string
  at: number
  state: CameraState
}
const ROWS = 20_000

/**
 * Writes down what is known of the time before the first reading: transitions, and the outages among them. Raw
 * observations there are none; the hourly and daily figures follow from the transitions, from `from` on.
 * Belongs into a transaction of a store that has no transitions yet.
 * @param changes in order of time for each camera
 * @param until ms; from then on the cameras are unknown, until somebody reads them
 */
export async function writePast(
  client: PoolClient,
  changes: readonly PastChange[],
  { feed, from, until }: { feed: number; from: number; until: number },
): Promise<void> {
  const known = [...new Set(changes.map(({ streamId }) => streamId))]
  const all = [
    ...changes,
    ...known.map((streamId): PastChange => ({ streamId, at: until, state: 'unknown' })),
  ]
  for (let start = 0; start < all.length; start += ROWS) {
    const rows = all.slice(start, start + ROWS)
    await client.query(
      `INSERT INTO camera_transition (at, camera_id, state, feed)
       SELECT to_timestamp(t.ms / 1000), c.id, t.state, $4
       FROM unnest($1::text[], $2::float8[], $3::camera_state[]) AS t(stream_id, ms, state)
         JOIN camera c USING (stream_id)
       ON CONFLICT DO NOTHING`,
      [rows.map((row) => row.streamId), rows.map((row) => row.at), rows.map((row) => row.state), feed],
    )
  }
  await client.query(
    `INSERT INTO outage (camera_id, started_at, ended_at)
     SELECT camera_id, at, ended FROM (
       SELECT camera_id, at, state, lead(at) OVER (PARTITION BY camera_id ORDER BY at) AS ended
       FROM camera_transition WHERE at <= to_timestamp($1::float8 / 1000)) spans
     WHERE state = 'down' AND ended > at ON CONFLICT DO NOTHING`,
    [until],
  )
  await client.query(
    `INSERT INTO job_progress VALUES ($1, date_trunc('hour', to_timestamp($2::float8 / 1000)))
     ON CONFLICT (job) DO UPDATE SET done_until = excluded.done_until`,
    [ROLLUP_JOB, from],
  )
}
