import type { Pool, PoolClient } from 'pg'
import type { CameraState, CameraStatus } from '#contract/camera.ts'
import { withTransaction } from '../../database/pool.ts'
import { readStatuses } from '../statuses.ts'
import { storeChecks, storeMemories } from './checks-store.ts'
import { transition } from './judge.ts'
import { outageTurn, type OpenOutage } from './outage-turn.ts'
import type { Settled } from './settled.ts'
import { turnCameras, type Turned } from './turns-store.ts'

/** What is on record of a locked camera. Times are ms since 1970. */
interface Standing {
  camera_id: number
  state: CameraState
  since: number
  at: number
  flapping: boolean
  layer: string | null
  fault: string | null
  outage_id: number | null
  outage_started: number | null
  outage_planned: boolean | null
}

/** One writer a camera at a time, as for what sources report. Who is not judged by probing any more does not come back. */
const LOCK = `
SELECT c.camera_id, c.state, round(extract(epoch FROM c.since) * 1000)::float8 AS since, round(extract(epoch FROM c.at) * 1000)::float8 AS at,
  c.flapping, c.layer, c.fault, o.id AS outage_id, round(extract(epoch FROM o.started_at) * 1000)::float8 AS outage_started, o.planned AS outage_planned
FROM camera_current c LEFT JOIN outage o ON o.camera_id = c.camera_id AND o.ended_at IS NULL
WHERE c.camera_id = ANY($1::int[]) AND c.judged ORDER BY c.camera_id FOR UPDATE OF c`

const CURRENT = `
UPDATE camera_current c SET state = n.state, since = coalesce(to_timestamp(n.since / 1000), c.since),
  at = greatest(c.at, to_timestamp(n.at / 1000)), silent_after = greatest(c.silent_after, to_timestamp(n.silent / 1000)),
  feed = $12, reason = n.reason, latency_ms = n.latency, flapping = n.flapping, planned = n.planned, layer = n.layer, fault = n.fault
FROM unnest($1::int[], $2::camera_state[], $3::float8[], $4::float8[], $5::float8[], $6::text[], $7::real[], $8::bool[], $9::bool[],
  $10::text[], $11::text[]) AS n(camera_id, state, since, at, silent, reason, latency, flapping, planned, layer, fault)
WHERE c.camera_id = n.camera_id`

/**
 * Stores what checks came to, in one transaction: each check and the hour's sums, what the verdicts rest on, the current
 * states, and where one changed its transition, its outage and the hours to roll up. Returns whose status changed.
 * @param feed the number of the feed that stands for the prober
 */
export function storeSettled(
  pool: Pool,
  rows: readonly Settled[],
  feed: number,
  now: Date,
): Promise<CameraStatus[]> {
  return withTransaction(pool, async (client) => {
    const newest = newestOf(rows)
    const standing = await lock(client, newest)
    await storeChecks(client, rows)
    await storeMemories(client, newestOf(rows.filter(({ memory }) => memory !== null)))
    const judged = newest.flatMap((row) => {
      const known = standing.get(row.cameraId)
      return known === undefined || row.at < known.at ? [] : [{ row, known }]
    })
    const turned: Turned[] = []
    const turnedAt = new Map<number, number>()
    for (const { row, known } of judged) {
      const turn = transition(known, row, row.at)
      if (turn !== null) turnedAt.set(row.cameraId, turn.at)
      const outage = outageTurn(openOutage(known), row, turn?.at ?? null, known.since)
      if (turn !== null || outage.begin !== null || outage.end !== null || outage.takeBack !== null)
        turned.push({ cameraId: row.cameraId, finding: row.finding, transition: turn, outage })
    }
    await renewCurrent(
      client,
      judged.map(({ row }) => row),
      turnedAt,
      feed,
    )
    await turnCameras(client, turned, feed, now)
    const news = judged.filter(({ row, known }) => turnedAt.has(row.cameraId) || looksDifferent(row, known))
    return news.length === 0
      ? []
      : readStatuses(
          client,
          news.map(({ row }) => row.cameraId),
        )
  })
}

const newestOf = (rows: readonly Settled[]) => [...new Map(rows.map((row) => [row.cameraId, row])).values()]

async function lock(client: PoolClient, rows: readonly Settled[]): Promise<Map<number, Standing>> {
  const { rows: found } = await client.query<Standing>({
    name: 'probe-lock',
    text: LOCK,
    values: [rows.map(({ cameraId }) => cameraId)],
  })
  return new Map(found.map((one) => [one.camera_id, one]))
}

const openOutage = ({ outage_id, outage_started, outage_planned }: Standing): OpenOutage | null =>
  outage_id === null || outage_started === null
    ? null
    : { id: outage_id, startedAt: outage_started, planned: outage_planned === true }

const looksDifferent = ({ flapping, finding }: Settled, known: Standing) =>
  flapping !== known.flapping ||
  (finding?.layer ?? null) !== known.layer ||
  (finding?.fault ?? null) !== known.fault

async function renewCurrent(
  client: PoolClient,
  rows: readonly Settled[],
  turnedAt: ReadonlyMap<number, number>,
  feed: number,
): Promise<void> {
  if (rows.length === 0) return
  await client.query({
    name: 'probe-current',
    text: CURRENT,
    values: [
      rows.map((row) => row.cameraId),
      rows.map((row) => row.state),
      rows.map((row) => turnedAt.get(row.cameraId) ?? null),
      rows.map((row) => row.at),
      rows.map((row) => row.silentAfter),
      rows.map((row) => row.finding?.detail ?? null),
      rows.map((row) => row.checked?.latencyMs ?? null),
      rows.map((row) => row.flapping),
      rows.map((row) => row.planned),
      rows.map((row) => row.finding?.layer ?? null),
      rows.map((row) => row.finding?.fault ?? null),
      feed,
    ],
  })
}
