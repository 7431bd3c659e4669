import type { PoolClient } from 'pg'
import { isProbeable } from './effective.ts'
import type { Targets } from '#contract/probing.ts'

/**
 * Who judges these cameras: probing, where they are enabled and something of them can be probed, else their sources.
 * A new camera gets its current state, unknown. What a probe found of a camera that it does not judge any more goes.
 * Belongs into the transaction that changes the cameras. Returns the cameras whose judge changed.
 */
export async function markJudged(client: PoolClient, ids: readonly number[]): Promise<number[]> {
  if (ids.length === 0) return []
  const { rows } = await client.query<{ id: number; enabled: boolean; targets: Targets }>(
    `SELECT id, enabled, targets FROM camera WHERE id = ANY($1::int[])`,
    [ids],
  )
  const changed = await client.query<{ camera_id: number }>(
    `WITH now_judged AS (SELECT * FROM unnest($1::int[], $2::boolean[]) AS j(camera_id, judged)),
     made AS (
       INSERT INTO camera_current (camera_id, state, since, at, silent_after, judged)
       SELECT camera_id, 'unknown', now(), '-infinity', '-infinity', judged FROM now_judged
       ON CONFLICT DO NOTHING
     ), locked AS (
       SELECT camera_id FROM camera_current WHERE camera_id = ANY($1::int[]) ORDER BY camera_id FOR UPDATE
     )
     UPDATE camera_current c SET judged = j.judged, flapping = false, layer = NULL, fault = NULL
     FROM now_judged j JOIN locked USING (camera_id)
     WHERE c.camera_id = j.camera_id AND c.judged <> j.judged RETURNING c.camera_id`,
    [rows.map(({ id }) => id), rows.map(({ enabled, targets }) => enabled && isProbeable(targets))],
  )
  return changed.rows.map((row) => row.camera_id)
}
