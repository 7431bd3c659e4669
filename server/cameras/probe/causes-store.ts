import type { Pool, PoolClient } from 'pg'
import type { CameraSeen, KnownIncident, NodeSeen } from '../topology/types.ts'
import type { Scene } from '../topology/causes.ts'

const ms = (column: string) => `round(extract(epoch FROM ${column}) * 1000)::float8`

/** Whether anything fails, or was explained and may not be any more: else there is no cause to look for. */
export async function anythingFails(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ fails: boolean }>({
    name: 'causes-wanted',
    text: `SELECT EXISTS (SELECT FROM probe_state WHERE verdict = 'down') OR EXISTS (SELECT FROM incident WHERE ended_at IS NULL)
      OR EXISTS (SELECT FROM node WHERE state = 'down')
      OR EXISTS (SELECT FROM probe_state WHERE unreachable_since IS NOT NULL OR own_since IS NOT NULL) AS fails`,
  })
  return rows[0]?.fails === true
}

/** What causes are looked for in. */
export async function readScene(client: PoolClient): Promise<Scene> {
  const cameras = await client.query<CameraSeen>({
    name: 'causes-cameras',
    text: `SELECT p.camera_id AS id, m.parent_id AS "parentId", p.verdict AS state, ${ms('p.since')} AS since, p.failing, p.fault,
        m.site, p.subnet, p.layer, c.planned
      FROM probe_state p JOIN camera m ON m.id = p.camera_id JOIN camera_current c ON c.camera_id = p.camera_id
      WHERE c.judged ORDER BY 1`,
  })
  const nodes = await client.query<NodeSeen>({
    name: 'causes-nodes',
    text: `SELECT id, code, parent_id AS "parentId", state, coalesce(${ms('since')}, 0) AS since, failing, fault, targets <> '{}' AS probed
      FROM node ORDER BY id`,
  })
  const incidents = await client.query<KnownIncident>({
    name: 'causes-incidents',
    text: `SELECT id, kind, subject, cameras, ${ms('started_at')} AS "startedAt", ${ms('ended_at')} AS "endedAt"
      FROM incident WHERE ended_at IS NULL OR ended_at > now() - interval '1 hour' ORDER BY id`,
  })
  return { cameras: cameras.rows, nodes: nodes.rows, incidents: incidents.rows }
}

/** Writes down which cameras fail because of something else, and which do after that came back (ms since 1970). */
export async function storeExplained(
  client: PoolClient,
  unreachable: ReadonlyMap<number, number>,
  own: ReadonlyMap<number, number>,
): Promise<void> {
  const ids = [...unreachable.keys(), ...[...own.keys()].filter((id) => !unreachable.has(id))]
  await client.query(
    `UPDATE probe_state p SET unreachable_since = to_timestamp(e.unreachable / 1000), own_since = to_timestamp(e.own / 1000)
     FROM (
       SELECT * FROM unnest($1::int[], $2::float8[], $3::float8[]) AS n(camera_id, unreachable, own)
       UNION ALL SELECT camera_id, NULL, NULL FROM probe_state
         WHERE (unreachable_since IS NOT NULL OR own_since IS NOT NULL) AND NOT camera_id = ANY($1::int[])
     ) e
     WHERE p.camera_id = e.camera_id
       AND (p.unreachable_since, p.own_since) IS DISTINCT FROM (to_timestamp(e.unreachable / 1000), to_timestamp(e.own / 1000))`,
    [ids, ids.map((id) => unreachable.get(id) ?? null), ids.map((id) => own.get(id) ?? null)],
  )
}

export interface Explained {
  causeSince: number | null
  ownSince: number | null
}

export async function readExplained(pool: Pool): Promise<Map<number, Explained>> {
  const { rows } = await pool.query<Explained & { id: number }>({
    name: 'causes-explained',
    text: `SELECT camera_id AS id, ${ms('unreachable_since')} AS "causeSince", ${ms('own_since')} AS "ownSince"
      FROM probe_state WHERE unreachable_since IS NOT NULL OR own_since IS NOT NULL`,
  })
  return new Map(rows.map(({ id, causeSince, ownSince }) => [id, { causeSince, ownSince }]))
}
