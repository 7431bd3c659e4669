import type { Pool, PoolClient } from 'pg'
import type { Incident } from '#contract/outages.ts'
import type { Fault } from '#contract/camera.ts'
import type { Cause, Causes } from './types.ts'

export interface SettledIncidents {
  opened: number[]
  ended: number[]
}

/**
 * Brings incidents on record in line with what was found, inside the caller's transaction: ends those that are over,
 * lets one take in those that turned out to be its parts, opens and grows the others, and links outages with the likely
 * common cause of their site or subnet. To be called by one at a time, with causes found from the same record.
 * @param now nothing begins or ends later
 */
export async function settleIncidents(
  client: PoolClient,
  { causes, ended }: Pick<Causes, 'causes' | 'ended'>,
  now: Date,
): Promise<SettledIncidents> {
  const over = await client.query<{ id: number }>(
    `UPDATE incident i SET ended_at = greatest(i.started_at, least(to_timestamp(e.ms / 1000), $3))
     FROM unnest($1::bigint[], $2::float8[]) AS e(id, ms) WHERE i.id = e.id AND i.ended_at IS NULL RETURNING i.id`,
    [ended.map(({ id }) => id), ended.map(({ at }) => at), now],
  )
  for (const cause of causes) if (cause.absorbs.length > 0) await absorb(client, cause)
  const opened = await openAndGrow(client, causes)
  await linkOutages(client, causes)
  return {
    opened,
    ended: over.rows.map(({ id }) => id),
  }
}

/** Grows those that are open and opens the others; returns the ids of these. Growing takes no number of the sequence. */
async function openAndGrow(client: PoolClient, causes: readonly Cause[]): Promise<number[]> {
  const found = `SELECT kind, subject, node_id, to_timestamp(ms / 1000) AS started_at, string_to_array(cameras, ',')::int[] AS cameras, fault
    FROM unnest($1::text[], $2::text[], $3::int[], $4::float8[], $5::text[], $6::text[]) AS c(kind, subject, node_id, ms, cameras, fault)`
  const values = [
    causes.map(({ kind }) => kind),
    causes.map(({ subject }) => subject),
    causes.map(({ nodeId }) => nodeId),
    causes.map(({ since }) => since),
    causes.map(({ cameras }) => [...cameras].sort((a, b) => a - b).join(',')),
    causes.map(({ fault }) => fault),
  ]
  await client.query(
    `UPDATE incident i SET cameras = (SELECT array_agg(DISTINCT id ORDER BY id) FROM unnest(i.cameras || f.cameras) AS id),
       started_at = least(i.started_at, f.started_at), fault = coalesce(i.fault, f.fault)
     FROM (${found}) f WHERE i.kind = f.kind AND i.subject = f.subject AND i.ended_at IS NULL
       AND (NOT f.cameras <@ i.cameras OR f.started_at < i.started_at OR (i.fault IS NULL AND f.fault IS NOT NULL))`,
    values,
  )
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO incident (kind, subject, node_id, started_at, cameras, fault)
     SELECT * FROM (${found}) f
     WHERE NOT EXISTS (SELECT FROM incident i WHERE i.kind = f.kind AND i.subject = f.subject AND i.ended_at IS NULL)
     RETURNING id`,
    values,
  )
  return rows.map(({ id }) => id)
}

/** Parts of a failure go on as the failure: with who took them, unless it is on record already. */
async function absorb(client: PoolClient, { kind, subject, nodeId, absorbs }: Cause): Promise<void> {
  const known = await client.query<{ id: number }>(
    `SELECT id FROM incident WHERE kind = $1 AND subject = $2 AND ended_at IS NULL`,
    [kind, subject],
  )
  const into = known.rows[0]?.id ?? Math.min(...absorbs)
  await client.query(
    `UPDATE incident i SET kind = $2, subject = $3, node_id = $4,
       cameras = (SELECT coalesce(array_agg(DISTINCT c ORDER BY c), '{}') FROM incident p, unnest(p.cameras) AS c WHERE p.id = i.id OR p.id = ANY($5::bigint[])),
       started_at = least(i.started_at, (SELECT min(started_at) FROM incident WHERE id = ANY($5::bigint[]))),
       taken_by = coalesce(i.taken_by, (SELECT min(taken_by) FROM incident WHERE id = ANY($5::bigint[])))
     WHERE i.id = $1`,
    [into, kind, subject, nodeId, absorbs],
  )
  const parts = absorbs.filter((id) => id !== into)
  await client.query(`UPDATE outage SET incident_id = $1 WHERE incident_id = ANY($2::bigint[])`, [
    into,
    parts,
  ])
  await client.query(`DELETE FROM incident WHERE id = ANY($1::bigint[])`, [parts])
}

async function linkOutages(client: PoolClient, causes: readonly Cause[]): Promise<void> {
  const members = causes
    .filter(({ kind }) => kind !== 'node')
    .flatMap(({ kind, subject, cameras }) => cameras.map((camera) => ({ kind, subject, camera })))
  if (members.length === 0) return
  await client.query(
    `UPDATE outage o SET incident_id = i.id
     FROM unnest($1::text[], $2::text[], $3::int[]) AS m(kind, subject, camera_id)
       JOIN incident i ON i.kind = m.kind AND i.subject = m.subject AND i.ended_at IS NULL
     WHERE o.camera_id = m.camera_id AND o.ended_at IS NULL AND o.incident_id IS NULL`,
    [
      members.map(({ kind }) => kind),
      members.map(({ subject }) => subject),
      members.map(({ camera }) => camera),
    ],
  )
}

interface IncidentRow {
  id: number
  kind: Incident['kind']
  subject: string
  name: string
  node_id: number | null
  started_at: Date
  ended_at: Date | null
  cameras: number[]
  fault: Fault | null
  taken_by: string | null
}
/** A site is called by the first of its cameras. */
const INCIDENTS = `
SELECT i.*, coalesce(n.name, CASE i.kind WHEN 'site' THEN (SELECT name FROM camera WHERE site = i.subject ORDER BY id LIMIT 1) END, i.subject) AS name
FROM incident i LEFT JOIN node n ON n.id = i.node_id`

export interface IncidentFilter {
  /** only those that go on, or are over */
  open?: boolean | undefined
  camera?: number | undefined
  limit: number
}

/** Open ones first, then newest first. */
export async function listIncidents(
  pool: Pool,
  { open, camera, limit }: IncidentFilter,
): Promise<Incident[]> {
  const { rows } = await pool.query<IncidentRow>(
    `${INCIDENTS} WHERE ($1::boolean IS NULL OR (i.ended_at IS NULL) = $1) AND ($2::int IS NULL OR $2 = ANY(i.cameras))
     ORDER BY i.ended_at IS NOT NULL, i.started_at DESC, i.id DESC LIMIT $3`,
    [open ?? null, camera ?? null, limit],
  )
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    name: row.name,
    nodeId: row.node_id,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    cameras: row.cameras,
    fault: row.fault,
    takenBy: row.taken_by,
  }))
}

/** Locked until the transaction ends. Undefined where none has the id. */
export async function lockIncident(
  client: PoolClient,
  id: number,
): Promise<{ takenBy: string | null } | undefined> {
  const { rows } = await client.query<{ takenBy: string | null }>(
    `SELECT taken_by AS "takenBy" FROM incident WHERE id = $1 FOR UPDATE`,
    [id],
  )
  return rows[0]
}

/** @param takenBy null: nobody any more */
export async function setIncidentTaken(
  client: PoolClient,
  id: number,
  takenBy: string | null,
  { actor, at }: { actor: string; at: Date },
): Promise<void> {
  await client.query(
    `WITH taken AS (
       UPDATE incident SET taken_by = $2, taken_at = CASE WHEN $2::text IS NULL THEN NULL ELSE $4::timestamptz END
       WHERE id = $1 AND taken_by IS DISTINCT FROM $2 RETURNING id
     ) INSERT INTO audit (at, actor, action, subject)
     SELECT $4, $3, CASE WHEN $2::text IS NULL THEN 'incident-released' ELSE 'incident-taken' END, id::text FROM taken`,
    [id, takenBy, actor, at],
  )
}
