import type { Pool, PoolClient } from 'pg'
import type { CameraState, CameraStatus } from '#contract/model.ts'
import { transitionsOf, type Observed } from './timeline.ts'

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
 * duplicate: it was there already.
 */
export type Outcome = 'accepted' | 'unchanged' | 'duplicate'
export interface Stored {
  /** one for each row given */
  outcomes: Outcome[]
  /** cameras whose state now differs, one status each */
  changed: CameraStatus[]
}
interface StatusRow {
  camera_id: number
  state: CameraState
  since: Date
  /** a number where none was ever taken: -infinity */
  at: Date | number
  reason: string | null
  feed_id: string | null
  demo: boolean | null
}

const HOUR = 3_600_000
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
  }
}

/**
 * History, transitions, current state, outages and due roll-ups of all rows that come in order, in one statement.
 * Rows that are not newer than what is known come back as `late`: their place in the past is mended afterwards.
 */
const APPEND = `
WITH input AS MATERIALIZED (
  SELECT * FROM unnest($1::int[], $2::float8[], $3::camera_state[], $4::smallint[], $5::int[], $6::real[], $7::text[])
    WITH ORDINALITY AS i(camera_id, ms, state, feed, hold, latency_ms, reason, n)
), locked AS MATERIALIZED (
  SELECT * FROM camera_current WHERE camera_id = ANY($1::int[]) ORDER BY camera_id FOR UPDATE
), placed AS MATERIALIZED (
  SELECT i.camera_id, to_timestamp(i.ms / 1000) AS at, i.state, i.feed, i.hold, i.latency_ms, i.reason, i.n,
    to_timestamp(i.ms / 1000 + i.hold) AS silent_after,
    c.state AS c_state, c.silent_after AS c_silent,
    to_timestamp(i.ms / 1000) <= c.at
      OR (c.state = 'unknown' AND c.since = c.silent_after AND to_timestamp(i.ms / 1000) <= c.silent_after) AS late
  FROM input i JOIN locked c USING (camera_id)
), fresh AS MATERIALIZED (
  SELECT *, coalesce(lag(state) OVER w, c_state) AS p_state, coalesce(lag(silent_after) OVER w, c_silent) AS p_silent,
    lead(at) OVER w IS NULL AS newest
  FROM placed WHERE NOT late WINDOW w AS (PARTITION BY camera_id ORDER BY at)
), emitted AS MATERIALIZED (
  SELECT camera_id, p_silent AS at, 'unknown'::camera_state AS state, feed, NULL::text AS reason
    FROM fresh WHERE p_state <> 'unknown' AND at > p_silent
  UNION ALL
  SELECT camera_id, at, state, feed, reason
    FROM fresh WHERE state <> CASE WHEN at > p_silent THEN 'unknown' ELSE p_state END
), history AS (
  INSERT INTO camera_observation (at, camera_id, state, feed, hold, received_at, latency_ms, reason)
  SELECT at, camera_id, state, feed, hold, to_timestamp($8::float8 / 1000), latency_ms, reason FROM fresh
  ON CONFLICT DO NOTHING
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
  SELECT camera_id, generate_series(date_trunc('hour', at), to_timestamp($9::float8 / 1000) - interval '1 hour', interval '1 hour')
  FROM emitted WHERE at < to_timestamp($9::float8 / 1000)
  ON CONFLICT DO NOTHING
), moved AS (
  UPDATE camera_current c
  SET state = f.state, since = coalesce(e.at, c.since), at = f.at, silent_after = f.silent_after,
    feed = f.feed, reason = f.reason, latency_ms = f.latency_ms
  FROM fresh f LEFT JOIN (SELECT camera_id, max(at) AS at FROM emitted GROUP BY camera_id) e USING (camera_id)
  WHERE f.newest AND c.camera_id = f.camera_id
  RETURNING c.camera_id, c.state, c.since, c.at, c.reason, c.feed, e.at IS NOT NULL AS changed
)
SELECT 'changed' AS what, m.camera_id, m.state, m.since, m.at, m.reason, f.id AS feed_id, f.demo, NULL::int[] AS places
  FROM moved m LEFT JOIN feed f ON f.number = m.feed WHERE m.changed
UNION ALL
SELECT 'late', NULL, NULL, NULL, NULL, NULL, NULL, NULL, array_agg(n::int) FROM placed WHERE late
UNION ALL
SELECT 'accepted', NULL, NULL, NULL, NULL, NULL, NULL, NULL, array_agg(n::int) FROM fresh
  WHERE state <> p_state OR at > p_silent
`

/** Stores rows of known cameras inside the caller's transaction. Two rows of a camera at one moment are one. */
export async function storeObservations(
  client: PoolClient,
  rows: readonly Observation[],
  now: Date,
): Promise<Stored> {
  const outcomes: Outcome[] = new Array<Outcome>(rows.length).fill('duplicate')
  const seen = new Set<string>()
  const places: number[] = []
  const once = rows.filter((row, place) => {
    const key = `${row.cameraId}@${row.at.getTime()}`
    if (seen.has(key)) return false
    places.push(place)
    return seen.add(key)
  })
  if (once.length === 0) return { outcomes, changed: [] }
  const hourStart = Math.floor(now.getTime() / HOUR) * HOUR
  const result = await client.query<StatusRow & { what: string; places: number[] | null }>({
    name: 'camera-append',
    text: APPEND,
    values: [...columns(once), now.getTime(), hourStart],
  })
  places.forEach((place) => (outcomes[place] = 'unchanged'))
  let changed: CameraStatus[] = []
  let late: Observation[] = []
  for (const row of result.rows) {
    if (row.what === 'changed') changed.push(toStatus(row))
    for (const n of row.places ?? [])
      outcomes[places[n - 1] as number] = row.what === 'accepted' ? 'accepted' : 'duplicate'
    if (row.what === 'late') late = (row.places ?? []).map((n) => once[n - 1] as Observation)
  }
  const mended = late.length === 0 ? [] : await mend(client, late, now, hourStart)
  if (mended.length > 0) {
    for (const row of mended) outcomes[rows.indexOf(row)] = 'accepted'
    const ids = [...new Set(mended.map((row) => row.cameraId))]
    changed = [...changed.filter((status) => !ids.includes(status.id)), ...(await readStatuses(client, ids))]
  }
  return { outcomes, changed }
}

function columns(rows: readonly Observation[]): unknown[] {
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

/** Puts late rows where they belong. Returns those that were not there yet. */
async function mend(
  client: PoolClient,
  late: Observation[],
  now: Date,
  hourStart: number,
): Promise<Observation[]> {
  const inserted = await client.query<{ camera_id: number; ms: number }>(
    `INSERT INTO camera_observation (camera_id, at, state, feed, hold, latency_ms, reason, received_at)
     SELECT i.camera_id, to_timestamp(i.ms / 1000), i.state, i.feed, i.hold, i.latency_ms, i.reason, to_timestamp($8::float8 / 1000)
     FROM unnest($1::int[], $2::float8[], $3::camera_state[], $4::smallint[], $5::int[], $6::real[], $7::text[])
       AS i(camera_id, ms, state, feed, hold, latency_ms, reason)
     ON CONFLICT DO NOTHING RETURNING camera_id, round(extract(epoch FROM at) * 1000)::float8 AS ms`,
    [...columns(late), now.getTime()],
  )
  const added = new Set(inserted.rows.map((row) => `${row.camera_id}@${row.ms}`))
  const mended = late.filter((row) => added.has(`${row.cameraId}@${row.at.getTime()}`))
  const spans = new Map<number, { first: number; last: number }>()
  for (const { cameraId, at } of mended) {
    const span = spans.get(cameraId)
    const ms = at.getTime()
    spans.set(cameraId, { first: Math.min(span?.first ?? ms, ms), last: Math.max(span?.last ?? ms, ms) })
  }
  for (const [cameraId, span] of spans) await mendCamera(client, cameraId, span, now, hourStart)
  return mended
}

/** Derives a camera's transitions and outages anew between the observations on either side of what was added. */
async function mendCamera(
  client: PoolClient,
  cameraId: number,
  span: { first: number; last: number },
  now: Date,
  hourStart: number,
): Promise<void> {
  const raw = await client.query<{ ms: number; state: CameraState; hold: number }>(
    `SELECT round(extract(epoch FROM at) * 1000)::float8 AS ms, state, hold FROM camera_observation
     WHERE camera_id = $1 AND at >= coalesce(
         (SELECT max(at) FROM camera_observation WHERE camera_id = $1 AND at < to_timestamp($2::float8 / 1000)), to_timestamp($2::float8 / 1000))
       AND at <= coalesce(
         (SELECT min(at) FROM camera_observation WHERE camera_id = $1 AND at > to_timestamp($3::float8 / 1000)), 'infinity')
     ORDER BY at`,
    [cameraId, span.first, span.last],
  )
  const observed: Observed[] = raw.rows.map((row) => ({
    at: row.ms,
    state: row.state,
    silentAfter: row.ms + row.hold * 1000,
  }))
  const first = observed[0] as Observed
  const final = observed[observed.length - 1] as Observed
  const hasNext = final.at > span.last
  const hasPrevious = first.at < span.first
  const until = hasNext ? final.at : now.getTime()
  const emitted = transitionsOf(observed, until).filter((t) => !hasPrevious || t.at > first.at)
  // With an observation before, its own transition stands; without one, the camera was unknown until now.
  const from = hasPrevious ? first.at : first.at - 1
  await client.query(
    `DELETE FROM camera_transition WHERE camera_id = $1 AND at > to_timestamp($2::float8 / 1000) AND at <= to_timestamp($3::float8 / 1000)`,
    [cameraId, from, hasNext ? final.at : 8.64e12],
  )
  await client.query(
    `INSERT INTO camera_transition (camera_id, at, state)
     SELECT $1, to_timestamp(t.ms / 1000), t.state FROM unnest($2::float8[], $3::camera_state[]) AS t(ms, state)
     ON CONFLICT DO NOTHING`,
    [cameraId, emitted.map((t) => t.at), emitted.map((t) => t.state)],
  )
  await deriveOutages(client, cameraId, from, until)
  await client.query(
    `INSERT INTO camera_rollup_due (camera_id, hour)
     SELECT $1, generate_series(date_trunc('hour', to_timestamp($2::float8 / 1000)),
       least(to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000) - interval '1 hour'), interval '1 hour')
     ON CONFLICT DO NOTHING`,
    [cameraId, first.at, until, hourStart],
  )
  await client.query(
    `UPDATE camera_current c SET state = coalesce(t.state, 'unknown'), since = coalesce(t.at, c.since), at = o.at,
       silent_after = o.at + make_interval(secs => o.hold), feed = o.feed, reason = o.reason, latency_ms = o.latency_ms
     FROM (SELECT * FROM camera_observation WHERE camera_id = $1 ORDER BY at DESC LIMIT 1) o
       LEFT JOIN (SELECT * FROM camera_transition WHERE camera_id = $1 ORDER BY at DESC LIMIT 1) t ON true
     WHERE c.camera_id = $1`,
    [cameraId],
  )
}

/** Rebuilds the outages that touch (from, until] from the transitions, which are the truth. Times are ms. */
async function deriveOutages(
  client: PoolClient,
  cameraId: number,
  from: number,
  until: number,
): Promise<void> {
  await client.query(
    `DELETE FROM outage WHERE camera_id = $1 AND started_at > to_timestamp($2::float8 / 1000) AND started_at <= to_timestamp($3::float8 / 1000)`,
    [cameraId, from, until],
  )
  await client.query(
    `WITH spans AS (
       SELECT at AS started_at, state, reason,
         (SELECT min(n.at) FROM camera_transition n WHERE n.camera_id = $1 AND n.at > t.at) AS ended_at
       FROM camera_transition t
       WHERE camera_id = $1 AND at <= to_timestamp($3::float8 / 1000)
         AND at >= coalesce((SELECT max(at) FROM camera_transition WHERE camera_id = $1 AND at <= to_timestamp($2::float8 / 1000)), '-infinity')
     )
     INSERT INTO outage (camera_id, started_at, ended_at, cause)
     SELECT $1, started_at, ended_at, reason FROM spans WHERE state = 'down'
     ON CONFLICT (camera_id, started_at) DO UPDATE SET ended_at = excluded.ended_at`,
    [cameraId, from, until],
  )
}

const STATUS = `
SELECT c.camera_id, c.state, c.since, c.at, c.reason, f.id AS feed_id, f.demo
FROM camera_current c LEFT JOIN feed f ON f.number = c.feed`

export async function readStatuses(client: Pool | PoolClient, ids?: number[]): Promise<CameraStatus[]> {
  const result =
    ids === undefined
      ? await client.query<StatusRow>({ name: 'camera-statuses', text: STATUS })
      : await client.query<StatusRow>(`${STATUS} WHERE c.camera_id = ANY($1::int[])`, [ids])
  return result.rows.map(toStatus)
}

/** Cameras that were silent longer than their reading speaks for become unknown, from that moment on. */
export async function markSilent(client: Pool | PoolClient, now: Date): Promise<CameraStatus[]> {
  const result = await client.query<StatusRow>({
    name: 'camera-silent',
    text: `
    WITH silent AS (
      UPDATE camera_current SET state = 'unknown', since = silent_after
      WHERE camera_id IN (
        SELECT camera_id FROM camera_current
        WHERE state <> 'unknown' AND silent_after < to_timestamp($1::float8 / 1000) ORDER BY camera_id FOR UPDATE)
        AND state <> 'unknown' AND silent_after < to_timestamp($1::float8 / 1000)
      RETURNING *
    ), transitions AS (
      INSERT INTO camera_transition (at, camera_id, state, feed) SELECT since, camera_id, 'unknown', feed FROM silent
      ON CONFLICT (camera_id, at) DO UPDATE SET state = 'unknown'
    ), closed AS (
      UPDATE outage o SET ended_at = s.since FROM silent s WHERE o.camera_id = s.camera_id AND o.ended_at IS NULL
    ), due AS (
      INSERT INTO camera_rollup_due (camera_id, hour)
      SELECT camera_id, generate_series(date_trunc('hour', since), to_timestamp($2::float8 / 1000) - interval '1 hour', interval '1 hour')
      FROM silent WHERE since < to_timestamp($2::float8 / 1000)
      ON CONFLICT DO NOTHING
    )
    SELECT s.camera_id, s.state, s.since, s.at, s.reason, f.id AS feed_id, f.demo FROM silent s LEFT JOIN feed f ON f.number = s.feed`,
    values: [now.getTime(), Math.floor(now.getTime() / HOUR) * HOUR],
  })
  return result.rows.map(toStatus)
}
