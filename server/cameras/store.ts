import type { PoolClient } from 'pg'
import type { CameraState, CameraStatus } from '#contract/camera.ts'
import { int4Array } from '../database/binary.ts'
import { storeClaims } from './claims.ts'
import { columnsOf } from './columns.ts'
import { storeConfirmations } from './confirm.ts'
import { mend } from './mend.ts'
import { readStatuses, toStatus, type StatusRow } from './statuses.ts'

/** One validated row for the store: whose, when, what. */
export interface Observation {
  cameraId: number
  at: Date
  state: CameraState
  feed: number
  holdSeconds: number
  latencyMs: number | null
  reason: string | null
}
/**
 * accepted: it changed the camera's state or filled in its past; unchanged: it confirmed the state;
 * duplicate: this moment of the camera was there already.
 */
export type Outcome = 'accepted' | 'unchanged' | 'duplicate'
export interface Stored {
  /** one for each row given */
  outcomes: Outcome[]
  /** cameras whose state or reason now differs, one status each */
  changed: CameraStatus[]
}

const HOUR = 3_600_000

/**
 * One writer a camera at a time. A statement of its own: what the one before committed while this one waited is seen
 * by the next statement, not by this.
 */
const LOCK = `
WITH locked AS MATERIALIZED (
  SELECT camera_id, judged, planned FROM camera_current WHERE camera_id = ANY($1::int[]) ORDER BY camera_id FOR UPDATE
) SELECT camera_id, judged FROM locked WHERE judged OR planned`

/** What was in force before each row: what is known of its camera, or the row before it. */
const ONE = `SELECT *, c_state AS p_state, c_silent AS p_silent, true AS newest FROM placed WHERE NOT late`
const SEVERAL = `SELECT *, coalesce(lag(state) OVER w, c_state) AS p_state, coalesce(lag(silent_after) OVER w, c_silent) AS p_silent,
    lead(at) OVER w IS NULL AS newest
  FROM placed WHERE NOT late WINDOW w AS (PARTITION BY camera_id ORDER BY at)`

/**
 * History, transitions, current state, outages and due roll-ups of all rows that come in order, in one statement.
 * Rows that are not newer than what is known come back as `late`: their place in the past is mended afterwards. Those
 * that are newer than all that is known of their locked cameras meet no conflict.
 * @param repeated whether a camera stands in the rows more than once, which costs a sort
 */
const append = (repeated: boolean) => `
WITH input AS MATERIALIZED (
  SELECT * FROM unnest($1::int[], $2::float8[], $3::camera_state[], $4::smallint[], $5::int[], $6::real[], $7::text[])
    WITH ORDINALITY AS i(camera_id, ms, state, feed, hold, latency_ms, reason, n)
), placed AS MATERIALIZED (
  SELECT i.camera_id, to_timestamp(i.ms / 1000) AS at, i.state, i.feed, i.hold, i.latency_ms, i.reason, i.n,
    to_timestamp(i.ms / 1000 + i.hold) AS silent_after,
    c.state AS c_state, c.silent_after AS c_silent, c.reason AS c_reason,
    to_timestamp(i.ms / 1000) <= c.at
      OR (c.state = 'unknown' AND c.since = c.silent_after AND to_timestamp(i.ms / 1000) <= c.silent_after) AS late
  FROM input i JOIN camera_current c USING (camera_id)
), fresh AS ${repeated ? `MATERIALIZED (${SEVERAL})` : `NOT MATERIALIZED (${ONE})`}
, emitted AS MATERIALIZED (
  SELECT camera_id, p_silent AS at, 'unknown'::camera_state AS state, feed, NULL::text AS reason
    FROM fresh WHERE p_state <> 'unknown' AND at > p_silent
  UNION ALL
  SELECT camera_id, at, state, feed, reason
    FROM fresh WHERE state <> CASE WHEN at > p_silent THEN 'unknown' ELSE p_state END
), history AS (
  INSERT INTO camera_observation (at, camera_id, state, feed, hold, received_at, latency_ms, reason)
  SELECT at, camera_id, state, feed, hold, to_timestamp($8::float8 / 1000), latency_ms, reason FROM fresh
), transitions AS (
  INSERT INTO camera_transition (at, camera_id, state, feed, reason)
  SELECT at, camera_id, state, feed, reason FROM emitted
  ON CONFLICT DO NOTHING
), closed AS (
  UPDATE outage o SET ended_at = e.at
  FROM (SELECT camera_id, min(at) AS at FROM emitted GROUP BY camera_id) e
  WHERE o.camera_id = e.camera_id AND o.ended_at IS NULL
), opened AS (
  INSERT INTO outage (camera_id, started_at, ended_at, cause)
  SELECT camera_id, at, next_at, reason
  FROM (SELECT *, lead(at) OVER (PARTITION BY camera_id ORDER BY at) AS next_at FROM emitted) e
  WHERE state = 'down'
  ON CONFLICT DO NOTHING
), due AS (
  INSERT INTO camera_rollup_due (camera_id, hour)
  SELECT camera_id, generate_series(date_trunc('hour', at), to_timestamp($9::float8 / 1000) - interval '1 hour', interval '1 hour') AS hour
  FROM (SELECT camera_id, min(at) AS at FROM emitted GROUP BY camera_id) e
  WHERE at < to_timestamp($9::float8 / 1000) ORDER BY camera_id, hour
  ON CONFLICT (camera_id, hour) DO UPDATE SET hour = excluded.hour
), moved AS (
  UPDATE camera_current c
  SET state = f.state, since = coalesce(e.at, c.since), at = f.at, silent_after = f.silent_after,
    feed = f.feed, reason = f.reason, latency_ms = f.latency_ms
  FROM fresh f LEFT JOIN (SELECT camera_id, max(at) AS at FROM emitted GROUP BY camera_id) e USING (camera_id)
  WHERE f.newest AND c.camera_id = f.camera_id
  RETURNING c.camera_id, c.state, c.since, c.at, c.reason, c.feed,
    e.at IS NOT NULL OR f.reason IS DISTINCT FROM f.c_reason AS changed
)
SELECT 'changed' AS what, m.camera_id, m.state, m.since, m.at, m.reason, f.id AS feed_id, f.demo, NULL::int[] AS places
  FROM moved m LEFT JOIN feed f ON f.number = m.feed WHERE m.changed
UNION ALL
SELECT 'late', NULL, NULL, NULL, NULL, NULL, NULL, NULL, array_agg(n::int) FROM placed WHERE late
UNION ALL
SELECT 'accepted', NULL, NULL, NULL, NULL, NULL, NULL, NULL, array_agg(n::int) FROM fresh
  WHERE state <> p_state OR at > p_silent
`

const APPEND = append(false)
const APPEND_SEVERAL = append(true)

/**
 * Stores rows of known cameras inside the caller's transaction. Two rows of a camera at one moment are one: of a feed
 * the first, of two feeds the more trusted one's. Of a camera that is judged by probing a row is a claim and decides
 * nothing; of one in a maintenance window it says no more than that it was planned.
 */
export async function storeObservations(
  client: PoolClient,
  rows: readonly Observation[],
  now: Date,
): Promise<Stored> {
  if (rows.length === 0) return { outcomes: [], changed: [] }
  const [special, others] = await Promise.all([
    client.query<{ camera_id: number; judged: boolean }>({
      name: 'camera-lock',
      text: LOCK,
      values: [int4Array(rows.map(({ cameraId }) => cameraId))],
    }),
    storeConfirmations(client, rows, now),
  ])
  const judged = new Map(special.rows.map((row) => [row.camera_id, row.judged]))
  const { outcomes, changed } = await storeOthers(client, others, judged, now)
  const outcome = new Map(others.map((row, index) => [row, outcomes[index] as Outcome]))
  return { outcomes: rows.map((row) => outcome.get(row) ?? 'unchanged'), changed }
}

/** @param judged of cameras that are judged by probing, true; of others in a maintenance window, false */
async function storeOthers(
  client: PoolClient,
  rows: readonly Observation[],
  judged: ReadonlyMap<number, boolean>,
  now: Date,
): Promise<Stored> {
  if (judged.size === 0) return decide(client, rows, now)
  const claims = await storeClaims(
    client,
    rows.filter(({ cameraId }) => judged.has(cameraId)),
  )
  const deciding = rows.filter(({ cameraId }) => judged.get(cameraId) !== true)
  const decided = await decide(
    client,
    deciding.map((row) => (judged.has(row.cameraId) ? planned(row) : row)),
    now,
  )
  const outcome = new Map(deciding.map((row, index) => [row, decided.outcomes[index] as Outcome]))
  return {
    outcomes: rows.map((row) => outcome.get(row) ?? claims.get(row) ?? 'duplicate'),
    changed: decided.changed,
  }
}

const planned = (row: Observation): Observation =>
  row.state === 'unknown' ? row : { ...row, state: 'maintenance' }

/** Of cameras whose state its sources decide. */
async function decide(client: PoolClient, rows: readonly Observation[], now: Date): Promise<Stored> {
  if (rows.length === 0) return { outcomes: [], changed: [] }
  const repeated = new Set(rows.map(({ cameraId }) => cameraId)).size < rows.length
  const { once, rivals } = repeated ? byMoment(rows) : { once: rows, rivals: [] }
  const hourStart = Math.floor(now.getTime() / HOUR) * HOUR
  const columns = columnsOf(once)
  const result = await client.query<StatusRow & { what: string; places: number[] | null }>({
    name: repeated ? 'camera-append-several' : 'camera-append',
    text: repeated ? APPEND_SEVERAL : APPEND,
    values: [...columns, now.getTime(), hourStart],
  })
  const outcome = new Map<Observation, Outcome>(once.map((row) => [row, 'unchanged']))
  const late = [...rivals]
  let changed: CameraStatus[] = []
  for (const { what, places, ...status } of result.rows) {
    if (what === 'changed') changed.push(toStatus(status))
    for (const n of places ?? []) {
      const row = once[n - 1] as Observation
      outcome.set(row, what === 'accepted' ? 'accepted' : 'duplicate')
      if (what === 'late') late.push(row)
    }
  }
  const mended = late.length === 0 ? [] : await mend(client, late, now, hourStart)
  if (mended.length > 0) {
    for (const row of mended) outcome.set(row, 'accepted')
    const ids = new Set(mended.map((row) => row.cameraId))
    changed = [...changed.filter(({ id }) => !ids.has(id)), ...(await readStatuses(client, [...ids]))]
  }
  return { outcomes: rows.map((row) => outcome.get(row) ?? 'duplicate'), changed }
}

/** `once`: the first row of each camera and moment; `rivals`: what other feeds say of the same. */
function byMoment(rows: readonly Observation[]): { once: Observation[]; rivals: Observation[] } {
  const first = new Map<string, Observation>()
  const rivals = rows.filter((row) => {
    const key = `${row.cameraId}@${row.at.getTime()}`
    const known = first.get(key)
    if (known === undefined) first.set(key, row)
    return known !== undefined && known.feed !== row.feed
  })
  return { once: [...first.values()], rivals }
}
