import type { PoolClient } from 'pg'
import { markJudged } from '../cameras/settings/index.ts'
import { cameraTargets, nodeTargets, type DemoNetwork } from './network.ts'

const NETWORK = 'demo:network'

/** The port at which the stand-ins listened last; undefined where they never did. */
export async function lastPort(client: PoolClient): Promise<number | undefined> {
  const { rows } = await client.query<{ port: number }>(
    `SELECT substring(targets->>'tcp' FROM ':([0-9]+)$')::int AS port FROM node
     WHERE code LIKE 'demo-%' AND targets->>'tcp' LIKE '127.31.%' LIMIT 1`,
  )
  return rows[0]?.port
}

/**
 * Brings the stand-ins' addresses into the store at every start, and the first time what hangs on what, which may be
 * edited from then on. Targets that somebody edited by hand stay; what no stand-in stands for any more is not probed.
 * @param port null: nothing is probed
 */
export async function writeNetwork(
  client: PoolClient,
  { nodes, cameras }: DemoNetwork,
  port: number | null,
): Promise<void> {
  const first = await client.query('INSERT INTO job_progress VALUES ($1, now()) ON CONFLICT DO NOTHING', [
    NETWORK,
  ])
  const nodeRows = nodes.map((node) => ({
    ...node,
    targets: port === null || node.address === null ? {} : nodeTargets(node.address, port),
  }))
  const cameraRows = cameras.map((camera) => ({
    ...camera,
    targets: port === null || camera.address === null ? {} : cameraTargets(camera.address, port),
  }))
  if (first.rowCount === 1) await hang(client, nodeRows, cameraRows)
  await client.query(
    `UPDATE node SET targets = n.targets, state = 'unknown', since = NULL, checked_at = NULL, fault = NULL, failing = false,
       memory = '{}'
     FROM (
       SELECT id, coalesce(w.targets, '{}') AS targets
       FROM node LEFT JOIN jsonb_to_recordset($1::jsonb) AS w(code text, targets jsonb) USING (code)
       WHERE code LIKE 'demo-%' AND (node.targets = '{}' OR node.targets->>'tcp' LIKE '127.31.%')
     ) n WHERE node.id = n.id AND node.targets <> n.targets`,
    [JSON.stringify(nodeRows)],
  )
  const written = await client.query<{ id: number }>(
    `UPDATE camera SET targets = n.targets
     FROM (
       SELECT id, coalesce(w.targets, '{}') AS targets
       FROM camera c LEFT JOIN jsonb_to_recordset($1::jsonb) AS w("streamId" text, targets jsonb) ON w."streamId" = c.stream_id
       WHERE (w."streamId" IS NOT NULL OR c.targets->>'hls' LIKE 'http://127.30.%') AND NOT EXISTS (
         SELECT FROM camera_change h, jsonb_object_keys(h.after) k WHERE h.camera_id = c.id AND k LIKE 'targets.%')
     ) n WHERE camera.id = n.id AND camera.targets <> n.targets
     RETURNING camera.id`,
    [JSON.stringify(cameraRows)],
  )
  await markJudged(
    client,
    written.rows.map(({ id }) => id),
  )
}

interface Coded {
  code: string
  parent: string | null
}

async function hang(
  client: PoolClient,
  nodes: readonly Coded[],
  cameras: readonly { parent: string | null }[],
): Promise<void> {
  await client.query(
    `INSERT INTO node (code, name, kind, latitude, longitude)
     SELECT code, name, kind, latitude, longitude
     FROM jsonb_to_recordset($1::jsonb) AS w(code text, name text, kind text, latitude float8, longitude float8)
     ON CONFLICT (code) DO NOTHING`,
    [JSON.stringify(nodes)],
  )
  await client.query(
    `UPDATE node SET parent_id = p.id FROM jsonb_to_recordset($1::jsonb) AS w(code text, parent text)
       JOIN node p ON p.code = w.parent WHERE node.code = w.code`,
    [JSON.stringify(nodes)],
  )
  await client.query(
    `UPDATE camera SET parent_id = n.id FROM jsonb_to_recordset($1::jsonb) AS w("streamId" text, parent text)
       JOIN node n ON n.code = w.parent WHERE camera.stream_id = w."streamId" AND camera.parent_id IS NULL`,
    [JSON.stringify(cameras)],
  )
}
