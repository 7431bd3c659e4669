import type { Pool } from 'pg'
import type { MaintenanceEdit } from '#contract/maintenance.ts'
import { withTransaction } from '../../database/pool.ts'

export interface StoredPlan extends Omit<MaintenanceEdit, 'startsAt' | 'endsAt'> {
  id: number
  startsAt: Date
  endsAt: Date
  createdBy: string
  createdAt: Date
  cancelledAt: Date | null
}

const PLAN = `SELECT id, title, scope, subject, starts_at AS "startsAt", ends_at AS "endsAt", weekdays,
  repeat_until AS "repeatUntil", created_by AS "createdBy", created_at AS "createdAt", cancelled_at AS "cancelledAt" FROM maintenance`

/** Newest first. */
export async function readPlans(pool: Pool, limit: number): Promise<StoredPlan[]> {
  const { rows } = await pool.query<StoredPlan>({
    name: 'maintenance-list',
    text: `${PLAN} ORDER BY cancelled_at IS NOT NULL, starts_at DESC, id DESC LIMIT $1`,
    values: [limit],
  })
  return rows
}

/** Plans that may be active at a moment; a day more than needed where they recur until a day of the city's calendar. */
export async function readPlansAround(pool: Pool, at: Date): Promise<StoredPlan[]> {
  const { rows } = await pool.query<StoredPlan>({
    name: 'maintenance-around',
    text: `${PLAN} WHERE cancelled_at IS NULL AND starts_at <= $1
      AND CASE WHEN weekdays IS NULL THEN ends_at > $1
        ELSE repeat_until IS NULL OR repeat_until + (ends_at - starts_at) + interval '2 days' > $1 END`,
    values: [at],
  })
  return rows
}

/** What planned work is for: since when, ms, by what. */
export interface Affected {
  scope: MaintenanceEdit['scope']
  subject: string
  since: number
}

/** The cameras that are meant, each since the earliest; of a node all that hangs on it, several levels down. */
export async function camerasOf(pool: Pool, affected: readonly Affected[]): Promise<Map<number, number>> {
  const single = affected.flatMap(({ scope, subject, since }) =>
    (scope === 'camera' ? subject.split(',') : [subject]).map((one) => ({ scope, subject: one, since })),
  )
  const { rows } = await pool.query<{ id: number; since: number }>({
    name: 'maintenance-cameras',
    text: `
    WITH RECURSIVE affected AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::float8[]) AS a(scope, subject, since)
    ), below AS (
      SELECT n.id, a.since, ARRAY[n.id] AS way FROM affected a JOIN node n ON a.scope = 'node' AND n.id::text = a.subject
      UNION ALL
      SELECT n.id, b.since, b.way || n.id FROM below b JOIN node n ON n.parent_id = b.id WHERE NOT n.id = ANY(b.way)
    ), meant AS (
      SELECT m.id, since FROM affected JOIN camera m ON scope = 'camera' AND m.id::text = subject
      UNION ALL SELECT m.id, since FROM affected JOIN camera m ON scope = 'group' AND m.camera_group = subject
      UNION ALL SELECT m.id, since FROM affected JOIN camera m ON scope = 'district' AND m.district = subject
      UNION ALL SELECT m.id, since FROM below b JOIN camera m ON m.parent_id = b.id
    )
    SELECT id, min(since) AS since FROM meant GROUP BY id`,
    values: [
      single.map(({ scope }) => scope),
      single.map(({ subject }) => subject),
      single.map(({ since }) => since),
    ],
  })
  return new Map(rows.map(({ id, since }) => [id, since]))
}

export async function groupExists(pool: Pool, group: string): Promise<boolean> {
  return ((await pool.query(`SELECT FROM camera WHERE camera_group = $1 LIMIT 1`, [group])).rowCount ?? 0) > 0
}
export async function nodeExists(pool: Pool, id: number): Promise<boolean> {
  return ((await pool.query(`SELECT FROM node WHERE id = $1`, [id])).rowCount ?? 0) > 0
}
/** Those of the ids that no camera has. */
export async function missingCameras(pool: Pool, ids: readonly number[]): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>(
    `SELECT id FROM unnest($1::int[]) AS id WHERE NOT EXISTS (SELECT FROM camera m WHERE m.id = id.id)`,
    [ids],
  )
  return rows.map(({ id }) => id)
}

export async function insertPlan(
  pool: Pool,
  edit: MaintenanceEdit,
  actor: string,
  now: Date,
): Promise<number> {
  return withTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO maintenance (title, scope, subject, starts_at, ends_at, weekdays, repeat_until, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
      [
        edit.title,
        edit.scope,
        edit.subject,
        edit.startsAt,
        edit.endsAt,
        edit.weekdays,
        edit.repeatUntil,
        actor,
        now,
      ],
    )
    const id = rows[0]?.id ?? 0
    await client.query(
      `INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, 'maintenance-planned', $3, $4)`,
      [now, actor, String(id), JSON.stringify(edit)],
    )
    return id
  })
}

/** False where none has the id; what is cancelled already stays so. */
export async function cancelPlan(pool: Pool, id: number, actor: string, now: Date): Promise<boolean> {
  return withTransaction(pool, async (client) => {
    const known = await client.query<{ cancelled: boolean }>(
      `SELECT cancelled_at IS NOT NULL AS cancelled FROM maintenance WHERE id = $1 FOR UPDATE`,
      [id],
    )
    if (known.rows[0]?.cancelled !== false) return known.rows.length > 0
    await client.query(`UPDATE maintenance SET cancelled_at = $2 WHERE id = $1`, [id, now])
    await client.query(
      `INSERT INTO audit (at, actor, action, subject) VALUES ($1, $2, 'maintenance-cancelled', $3)`,
      [now, actor, String(id)],
    )
    return true
  })
}
