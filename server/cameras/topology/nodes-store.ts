import type { Pool, PoolClient } from 'pg'
import type { NodeEdit, TopologyNode } from '#contract/topology.ts'

export interface StoredNode extends Omit<TopologyNode, 'since' | 'targets'> {
  since: Date | null
  targets: NodeEdit['targets']
}

/** A node without a probe of its own is down while it is the cause of an incident, and works where anything behind it does. */
const NODES = `
WITH RECURSIVE climb AS (
  SELECT parent_id AS node_id, count(*) AS cameras, count(*) FILTER (WHERE state IN ('up', 'degraded')) AS answering, ARRAY[parent_id] AS way
  FROM camera LEFT JOIN camera_current ON camera_id = id WHERE parent_id IS NOT NULL GROUP BY parent_id
  UNION ALL
  SELECT n.parent_id, c.cameras, c.answering, c.way || n.parent_id FROM climb c JOIN node n ON n.id = c.node_id
  WHERE n.parent_id IS NOT NULL AND NOT n.parent_id = ANY(c.way)
), behind AS (SELECT node_id, sum(cameras)::int AS cameras, sum(answering) AS answering FROM climb GROUP BY node_id)
SELECT n.id, n.code, n.name, n.kind, n.parent_id AS "parentId", n.latitude, n.longitude, n.targets,
  CASE WHEN i.id IS NOT NULL THEN 'down' WHEN n.targets = '{}' AND b.answering > 0 THEN 'up' ELSE n.state END AS state,
  CASE WHEN i.id IS NULL THEN n.since ELSE least(n.since, i.started_at) END AS since, coalesce(b.cameras, 0) AS cameras
FROM node n LEFT JOIN behind b ON b.node_id = n.id
  LEFT JOIN incident i ON i.kind = 'node' AND i.subject = n.code AND i.ended_at IS NULL AND n.targets = '{}'
ORDER BY n.code`

export async function readNodes(client: Pool | PoolClient): Promise<StoredNode[]> {
  const { rows } = await client.query<StoredNode>({ name: 'node-list', text: NODES })
  return rows
}

/** What a page is told. Inside addresses are for who may set them. */
export const toNode = ({ since, targets, ...node }: StoredNode, withTargets: boolean): TopologyNode => ({
  ...node,
  since: since?.toISOString() ?? null,
  targets: withTargets ? targets : null,
})

/** One writer of the tree at a time: two moves that are right alone may make a circle together. */
export const lockTree = (client: PoolClient) =>
  client.query(`SELECT pg_advisory_xact_lock(hashtextextended('topology', 0))`)

export interface NodeRow extends NodeEdit {
  id: number
}
const ROW = `SELECT id, code, name, kind, parent_id AS "parentId", latitude, longitude, targets FROM node`

export async function readNode(client: PoolClient, id: number): Promise<NodeRow | undefined> {
  return (await client.query<NodeRow>(`${ROW} WHERE id = $1 FOR UPDATE`, [id])).rows[0]
}

export async function codeIsTaken(client: PoolClient, code: string, but: number | null): Promise<boolean> {
  const { rows } = await client.query(`SELECT FROM node WHERE code = $1 AND id IS DISTINCT FROM $2`, [
    code,
    but,
  ])
  return rows.length > 0
}

/** The node and what it hangs on, nearest first; empty where there is none. */
export async function wayUp(client: Pool | PoolClient, id: number): Promise<NodeRow[]> {
  const { rows } = await client.query<NodeRow>(
    `WITH RECURSIVE way AS (
       SELECT id, parent_id, ARRAY[id] AS seen FROM node WHERE id = $1
       UNION ALL
       SELECT n.id, n.parent_id, w.seen || n.id FROM way w JOIN node n ON n.id = w.parent_id WHERE NOT n.id = ANY(w.seen)
     )
     SELECT r.* FROM way JOIN (${ROW}) r USING (id) ORDER BY cardinality(seen)`,
    [id],
  )
  return rows
}

const columns = (edit: NodeEdit) => [
  edit.code,
  edit.name,
  edit.kind,
  edit.parentId,
  edit.latitude,
  edit.longitude,
  JSON.stringify(edit.targets),
]

export async function insertNode(client: PoolClient, edit: NodeEdit): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO node (code, name, kind, parent_id, latitude, longitude, targets) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
    columns(edit),
  )
  return rows[0]?.id ?? 0
}

/** What is asked elsewhere is judged anew. Its open incident keeps up with its code. */
export async function updateNode(client: PoolClient, id: number, edit: NodeEdit): Promise<void> {
  await client.query(
    `UPDATE incident SET subject = $2 WHERE kind = 'node' AND ended_at IS NULL AND node_id = $1`,
    [id, edit.code],
  )
  await client.query(
    `UPDATE node n SET code = $1, name = $2, kind = $3, parent_id = $4, latitude = $5, longitude = $6, targets = $7,
       state = CASE WHEN same THEN n.state ELSE 'unknown' END, since = CASE WHEN same THEN n.since END,
       checked_at = CASE WHEN same THEN n.checked_at END, memory = CASE WHEN same THEN n.memory ELSE '{}' END,
       failing = same AND n.failing, fault = CASE WHEN same THEN n.fault END
     FROM (SELECT targets = $7::jsonb AS same FROM node WHERE id = $8) was WHERE n.id = $8`,
    [...columns(edit), id],
  )
}

export async function countBelow(
  client: PoolClient,
  id: number,
): Promise<{ nodes: number; cameras: number }> {
  const { rows } = await client.query<{ nodes: number; cameras: number }>(
    `SELECT (SELECT count(*)::int FROM node WHERE parent_id = $1) AS nodes,
       (SELECT count(*)::int FROM camera WHERE parent_id = $1) AS cameras`,
    [id],
  )
  return rows[0] ?? { nodes: 0, cameras: 0 }
}

/** Hangs what hangs directly on the node on what it hangs on itself; each camera's history says so. Returns the cameras. */
export async function moveUp(client: PoolClient, node: NodeRow, actor: string): Promise<number[]> {
  await client.query(`UPDATE node SET parent_id = $2 WHERE parent_id = $1`, [node.id, node.parentId])
  const { rows } = await client.query<{ id: number }>(
    `WITH moved AS (UPDATE camera SET parent_id = $2 WHERE parent_id = $1 RETURNING id), kept AS (
       INSERT INTO camera_change (camera_id, actor, action, before, after)
       SELECT id, $3, 'edit', jsonb_build_object('parentId', $1::int), jsonb_build_object('parentId', $2::int) FROM moved
     ) SELECT id FROM moved`,
    [node.id, node.parentId, actor],
  )
  return rows.map(({ id }) => id)
}

export async function deleteNode(client: PoolClient, id: number): Promise<void> {
  await client.query(`DELETE FROM node WHERE id = $1`, [id])
}

export async function auditNode(
  client: PoolClient,
  actor: string,
  action: 'node-created' | 'node-changed' | 'node-deleted',
  subject: string,
  detail: { before?: NodeEdit; after?: NodeEdit },
): Promise<void> {
  await client.query(`INSERT INTO audit (actor, action, subject, detail) VALUES ($1, $2, $3, $4)`, [
    actor,
    action,
    subject,
    JSON.stringify(detail),
  ])
}
