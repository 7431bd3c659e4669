import type { PoolClient } from 'pg'
import type { CameraState } from '#contract/camera.ts'
import type { Observation } from './store.ts'
import { columnsOf } from './columns.ts'
import { transitionsOf } from './timeline.ts'

/** What is derived anew for a camera: (from, until], ms since 1970, and the transitions in it. */
interface Stretch {
  cameraId: number
  from: number
  until: number
  /** the earliest observation that the stretch rests on: from its hour on the roll-ups are due */
  first: number
  transitions: { at: number; state: CameraState; feed: number; reason: string | null }[]
}
interface Seen {
  camera_id: number
  ms: number
  state: CameraState
  hold: number
  feed: number
  reason: string | null
  before: CameraState | null
  reach: number
}

/**
 * Puts rows where they belong in the past and derives what follows from them: transitions, outages, current state,
 * due roll-ups. Of two feeds' readings of a camera at one moment the more trusted feed's stands, whichever came first.
 * The cameras' current states must be locked by the caller. Returns the rows that changed what is stored.
 */
export async function mend(
  client: PoolClient,
  late: readonly Observation[],
  now: Date,
  hourStart: number,
): Promise<Observation[]> {
  const added = await insertLate(client, late, now)
  const spans = new Map<number, { first: number; last: number }>()
  for (const { cameraId, at } of added) {
    const ms = at.getTime()
    const { first, last } = spans.get(cameraId) ?? { first: ms, last: ms }
    spans.set(cameraId, { first: Math.min(first, ms), last: Math.max(last, ms) })
  }
  if (spans.size === 0) return added
  const stretches = stretchesOf(await observedAround(client, spans), spans, now.getTime())
  await replaceTransitions(client, stretches)
  await replaceOutages(client, stretches)
  await markDue(client, stretches, hourStart)
  await renewCurrent(client, added)
  return added
}

async function insertLate(
  client: PoolClient,
  late: readonly Observation[],
  now: Date,
): Promise<Observation[]> {
  const inserted = await client.query<{ camera_id: number; ms: number; feed: number }>({
    name: 'camera-late',
    text: `INSERT INTO camera_observation AS o (camera_id, at, state, feed, hold, latency_ms, reason, received_at)
     SELECT DISTINCT ON (i.camera_id, i.ms)
       i.camera_id, to_timestamp(i.ms / 1000), i.state, i.feed, i.hold, i.latency_ms, i.reason, to_timestamp($8::float8 / 1000)
     FROM unnest($1::int[], $2::float8[], $3::camera_state[], $4::smallint[], $5::int[], $6::real[], $7::text[])
       WITH ORDINALITY AS i(camera_id, ms, state, feed, hold, latency_ms, reason, n) JOIN feed f ON f.number = i.feed
     ORDER BY i.camera_id, i.ms, f.priority DESC, f.number, i.n
     ON CONFLICT (at, camera_id) DO UPDATE SET state = excluded.state, feed = excluded.feed, hold = excluded.hold,
       latency_ms = excluded.latency_ms, reason = excluded.reason, received_at = excluded.received_at
       WHERE o.feed <> excluded.feed AND
         (SELECT (n.priority, -n.number) > (k.priority, -k.number) FROM feed n, feed k WHERE n.number = excluded.feed AND k.number = o.feed)
     RETURNING camera_id, round(extract(epoch FROM at) * 1000)::float8 AS ms, feed`,
    values: [...columnsOf(late), now.getTime()],
  })
  const places = new Map(late.map((row) => [`${row.cameraId}@${row.at.getTime()} ${row.feed}`, row]))
  return inserted.rows.flatMap(({ camera_id, ms, feed }) => places.get(`${camera_id}@${ms} ${feed}`) ?? [])
}

/**
 * The observations of each camera from the one before its span to the one after it. Nothing is looked for where
 * the transitions say that there is silence: `reach` is the moment (ms) up to which those of the span speak at most.
 */
async function observedAround(
  client: PoolClient,
  spans: ReadonlyMap<number, { first: number; last: number }>,
): Promise<Seen[]> {
  const result = await client.query<Seen>({
    name: 'camera-around',
    text: `
    SELECT s.camera_id, round(extract(epoch FROM o.at) * 1000)::float8 AS ms, o.state, o.hold, o.feed, o.reason,
      before.state AS before, round(extract(epoch FROM reach.at) * 1000)::float8 AS reach
    FROM (SELECT camera_id, to_timestamp(first / 1000) AS first, to_timestamp(last / 1000) AS last
        FROM unnest($1::int[], $2::float8[], $3::float8[]) AS s(camera_id, first, last)) s
      LEFT JOIN LATERAL (SELECT at, state FROM camera_transition t
        WHERE t.camera_id = s.camera_id AND t.at < s.first ORDER BY at DESC LIMIT 1) before ON true
      LEFT JOIN LATERAL (SELECT at FROM camera_observation p
        WHERE before.state <> 'unknown' AND p.camera_id = s.camera_id AND p.at >= before.at AND p.at < s.first
        ORDER BY at DESC LIMIT 1) previous ON true
      CROSS JOIN LATERAL (SELECT max(at + make_interval(secs => hold)) AS at FROM camera_observation r
        WHERE r.camera_id = s.camera_id AND r.at BETWEEN coalesce(previous.at, s.first) AND s.last) reach
      LEFT JOIN LATERAL (SELECT at FROM camera_observation n
        WHERE n.camera_id = s.camera_id AND n.at > s.last AND n.at <= reach.at ORDER BY at LIMIT 1) next ON true
      JOIN camera_observation o ON o.camera_id = s.camera_id
        AND o.at BETWEEN coalesce(previous.at, s.first) AND coalesce(next.at, s.last)
    ORDER BY s.camera_id, o.at`,
    values: [
      [...spans.keys()],
      [...spans.values()].map(({ first }) => first),
      [...spans.values()].map(({ last }) => last),
    ],
  })
  return result.rows
}

function stretchesOf(
  seen: readonly Seen[],
  spans: ReadonlyMap<number, { first: number; last: number }>,
  now: number,
): Stretch[] {
  const byCamera = new Map<number, Seen[]>()
  for (const row of seen) byCamera.set(row.camera_id, [...(byCamera.get(row.camera_id) ?? []), row])
  return [...byCamera].map(([cameraId, rows]) => {
    const [first, last] = [rows[0] as Seen, rows[rows.length - 1] as Seen]
    const span = spans.get(cameraId) as { first: number; last: number }
    const observed = rows.map(({ ms, state, hold }) => ({ at: ms, state, silentAfter: ms + hold * 1000 }))
    // With an observation before, its own transition stands.
    const hasPrevious = first.ms < span.first
    const hasNext = last.ms > span.last
    const from = hasPrevious ? first.ms : first.ms - 1
    const marks = new Map<number, { feed: number; reason: string | null }>()
    for (const { ms, hold, feed } of rows) marks.set(ms + hold * 1000, { feed, reason: null })
    for (const { ms, feed, reason } of rows) marks.set(ms, { feed, reason })
    return {
      cameraId,
      from,
      until: hasNext ? last.ms : last.reach,
      first: first.ms,
      transitions: transitionsOf(
        observed,
        hasNext ? last.ms : now,
        hasPrevious ? 'unknown' : (first.before ?? 'unknown'),
      )
        .filter(({ at }) => at > from)
        .map(({ at, state }) => ({ at, state, feed: first.feed, reason: null, ...marks.get(at) })),
    }
  })
}

const bounds = (stretches: readonly Stretch[]) => [
  stretches.map(({ cameraId }) => cameraId),
  stretches.map(({ from }) => from),
  stretches.map(({ until }) => until),
]
const STRETCHES = `(SELECT camera_id, to_timestamp(f / 1000) AS "from", to_timestamp(u / 1000) AS until
  FROM unnest($1::int[], $2::float8[], $3::float8[]) AS s(camera_id, f, u)) s`

async function replaceTransitions(client: PoolClient, stretches: readonly Stretch[]): Promise<void> {
  await client.query(
    `DELETE FROM camera_transition t USING ${STRETCHES}
     WHERE t.camera_id = s.camera_id AND t.at > s.from AND t.at <= s.until`,
    bounds(stretches),
  )
  const rows = stretches.flatMap(({ cameraId, transitions }) =>
    transitions.map((transition) => ({ cameraId, ...transition })),
  )
  await client.query(
    `INSERT INTO camera_transition (camera_id, at, state, feed, reason)
     SELECT camera_id, to_timestamp(ms / 1000), state, feed, reason
     FROM unnest($1::int[], $2::float8[], $3::camera_state[], $4::smallint[], $5::text[]) AS t(camera_id, ms, state, feed, reason)`,
    [
      rows.map((row) => row.cameraId),
      rows.map((row) => row.at),
      rows.map((row) => row.state),
      rows.map((row) => row.feed),
      rows.map((row) => row.reason),
    ],
  )
}

/** The outages that touch the stretches, from the transitions, which are the truth. */
async function replaceOutages(client: PoolClient, stretches: readonly Stretch[]): Promise<void> {
  await client.query(
    `DELETE FROM outage o USING ${STRETCHES}
     WHERE o.camera_id = s.camera_id AND o.started_at > s.from AND o.started_at <= s.until`,
    bounds(stretches),
  )
  await client.query(
    `INSERT INTO outage (camera_id, started_at, ended_at, cause)
     SELECT t.camera_id, t.at, (SELECT min(n.at) FROM camera_transition n WHERE n.camera_id = t.camera_id AND n.at > t.at), t.reason
     FROM ${STRETCHES} JOIN camera_transition t ON t.camera_id = s.camera_id AND t.at <= s.until AND t.at >= coalesce(
       (SELECT max(b.at) FROM camera_transition b WHERE b.camera_id = s.camera_id AND b.at <= s.from), '-infinity')
     WHERE t.state = 'down'
     ON CONFLICT (camera_id, started_at) DO UPDATE SET ended_at = excluded.ended_at`,
    bounds(stretches),
  )
}

async function markDue(client: PoolClient, stretches: readonly Stretch[], hourStart: number): Promise<void> {
  await client.query(
    `INSERT INTO camera_rollup_due (camera_id, hour)
     SELECT s.camera_id, generate_series(date_trunc('hour', s.from),
       least(s.until, to_timestamp($4::float8 / 1000) - interval '1 hour'), interval '1 hour') AS hour
     FROM ${STRETCHES} ORDER BY camera_id, hour ON CONFLICT (camera_id, hour) DO UPDATE SET hour = excluded.hour`,
    [
      stretches.map(({ cameraId }) => cameraId),
      stretches.map(({ first }) => first),
      stretches.map(({ until }) => until),
      hourStart,
    ],
  )
}

/** The state by the last transition; what was last seen by the newest of the added rows, where none is newer. */
async function renewCurrent(client: PoolClient, added: readonly Observation[]): Promise<void> {
  const newest = new Map<number, Observation>()
  for (const row of added)
    if (row.at.getTime() >= (newest.get(row.cameraId)?.at.getTime() ?? -Infinity))
      newest.set(row.cameraId, row)
  await client.query(
    `UPDATE camera_current c SET at = to_timestamp(a.ms / 1000), silent_after = to_timestamp(a.ms / 1000 + a.hold),
       feed = a.feed, reason = a.reason, latency_ms = a.latency_ms
     FROM unnest($1::int[], $2::float8[], $3::camera_state[], $4::smallint[], $5::int[], $6::real[], $7::text[])
       AS a(camera_id, ms, state, feed, hold, latency_ms, reason)
     WHERE c.camera_id = a.camera_id AND to_timestamp(a.ms / 1000) >= c.at`,
    columnsOf([...newest.values()]),
  )
  await client.query(
    `UPDATE camera_current c SET state = t.state, since = t.at
     FROM unnest($1::int[]) AS s(camera_id) CROSS JOIN LATERAL (
       SELECT state, at FROM camera_transition t WHERE t.camera_id = s.camera_id ORDER BY at DESC LIMIT 1) t
     WHERE c.camera_id = s.camera_id`,
    [[...newest.keys()]],
  )
}
