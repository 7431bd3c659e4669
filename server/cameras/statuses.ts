import pg, { type Pool, type PoolClient } from 'pg'
import type { CameraState, CameraStatus, Fault, Layer } from '#contract/camera.ts'
import { withTransaction } from '../database/pool.ts'

const HOUR = 3_600_000

export interface StatusRow {
  camera_id: number
  state: CameraState
  since: Date
  /** a number where none was ever taken: -infinity */
  at: Date | number
  reason: string | null
  feed_id: string | null
  demo: boolean | null
  flapping?: boolean
  layer?: Layer | null
  fault?: Fault | null
}

const moment = (value: Date | number | null) => (value instanceof Date ? value.toISOString() : null)

export function toStatus(row: StatusRow): CameraStatus {
  return {
    id: row.camera_id,
    state: row.state,
    since: moment(row.since),
    at: moment(row.at),
    reason: row.reason,
    feed: row.feed_id,
    demo: row.demo ?? false,
    flapping: row.flapping ?? false,
    layer: row.layer ?? null,
    fault: row.fault ?? null,
  }
}

const STATUS = `
SELECT c.camera_id, c.state, c.since, c.at, c.reason, c.flapping, c.layer, c.fault, f.id AS feed_id, f.demo
FROM camera_current c LEFT JOIN feed f ON f.number = c.feed`

export async function readStatuses(client: Pool | PoolClient, ids?: number[]): Promise<CameraStatus[]> {
  const result =
    ids === undefined
      ? await client.query<StatusRow>({ name: 'camera-statuses', text: STATUS })
      : await client.query<StatusRow>(`${STATUS} WHERE c.camera_id = ANY($1::int[])`, [ids])
  return result.rows.map(toStatus)
}

/** Cameras that were silent longer than their reading speaks for become unknown, from that moment on. */
export async function markSilent(database: Pool | PoolClient, now: Date): Promise<CameraStatus[]> {
  return database instanceof pg.Pool
    ? withTransaction(database, (client) => silence(client, now))
    : silence(database, now)
}

async function silence(client: PoolClient, now: Date): Promise<CameraStatus[]> {
  // A statement of its own: what a batch committed while this one waited for it is seen by the next.
  const due = await client.query<{ camera_id: number }>({
    name: 'camera-silent-lock',
    text: `SELECT camera_id FROM camera_current WHERE state <> 'unknown' AND silent_after < to_timestamp($1::float8 / 1000)
      ORDER BY camera_id FOR UPDATE`,
    values: [now.getTime()],
  })
  if (due.rows.length === 0) return []
  const result = await client.query<StatusRow>({
    name: 'camera-silent',
    text: `
    WITH silent AS (
      UPDATE camera_current SET state = 'unknown', since = silent_after
      WHERE camera_id = ANY($3::int[]) AND state <> 'unknown' AND silent_after < to_timestamp($1::float8 / 1000)
      RETURNING *
    ), transitions AS (
      INSERT INTO camera_transition (at, camera_id, state, feed) SELECT since, camera_id, 'unknown', feed FROM silent
      ON CONFLICT (camera_id, at) DO UPDATE SET state = 'unknown'
    ), closed AS (
      UPDATE outage o SET ended_at = s.since FROM silent s WHERE o.camera_id = s.camera_id AND o.ended_at IS NULL
    ), due AS (
      INSERT INTO camera_rollup_due (camera_id, hour)
      SELECT camera_id, generate_series(date_trunc('hour', since), to_timestamp($2::float8 / 1000) - interval '1 hour', interval '1 hour') AS hour
      FROM silent WHERE since < to_timestamp($2::float8 / 1000) ORDER BY camera_id, hour
      ON CONFLICT (camera_id, hour) DO UPDATE SET hour = excluded.hour
    )
    SELECT s.camera_id, s.state, s.since, s.at, s.reason, f.id AS feed_id, f.demo FROM silent s LEFT JOIN feed f ON f.number = s.feed`,
    values: [
      now.getTime(),
      Math.floor(now.getTime() / HOUR) * HOUR,
      due.rows.map(({ camera_id }) => camera_id),
    ],
  })
  return result.rows.map(toStatus)
}
