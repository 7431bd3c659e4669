import type { PoolClient } from 'pg'
import { columnsOf } from './columns.ts'
import type { Observation, Outcome } from './store.ts'

/**
 * Keeps what sources say of cameras that they do not judge: of each the newest, and since when it says so. It stands
 * beside the verdict and decides nothing.
 */
export async function storeClaims(
  client: PoolClient,
  rows: readonly Observation[],
): Promise<Map<Observation, Outcome>> {
  const newest = new Map<number, Observation>()
  for (const row of rows) {
    const known = newest.get(row.cameraId)
    if (known === undefined || row.at > known.at) newest.set(row.cameraId, row)
  }
  const { rows: stored } = await client.query<{ camera_id: number; changed: boolean }>({
    name: 'camera-claims',
    text: `
    INSERT INTO camera_claim AS c (camera_id, at, state, since, feed, reason)
    SELECT camera_id, to_timestamp(ms / 1000), state, to_timestamp(ms / 1000), feed, reason
    FROM unnest($1::int[], $2::float8[], $3::camera_state[], $4::smallint[], $5::int[], $6::real[], $7::text[])
      AS i(camera_id, ms, state, feed, hold, latency_ms, reason) ORDER BY camera_id
    ON CONFLICT (camera_id) DO UPDATE SET at = excluded.at, state = excluded.state, feed = excluded.feed, reason = excluded.reason,
      since = CASE WHEN c.state = excluded.state THEN c.since ELSE excluded.at END
      WHERE c.at < excluded.at
    RETURNING camera_id, since = at AS changed`,
    values: columnsOf([...newest.values()]),
  })
  return new Map(
    stored.flatMap(({ camera_id, changed }) => {
      const row = newest.get(camera_id)
      return row === undefined ? [] : [[row, changed ? ('accepted' as const) : ('unchanged' as const)]]
    }),
  )
}
