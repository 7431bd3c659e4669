import type { Pool, PoolClient } from 'pg'
import type { FoundCause, OutageDetail, OutageNote } from '#contract/outages.ts'

interface OutageRow extends Omit<OutageDetail, 'startedAt' | 'endedAt' | 'takenAt' | 'notes'> {
  startedAt: Date
  endedAt: Date | null
  takenAt: Date | null
}
interface NoteRow extends Omit<OutageNote, 'at'> {
  outageId: number
  at: Date
}

const OUTAGE = `SELECT id, camera_id AS "cameraId", started_at AS "startedAt", ended_at AS "endedAt", cause, layer, fault, detail, planned,
  incident_id AS "incidentId", taken_by AS "takenBy", taken_at AS "takenAt", found_cause AS "foundCause",
  good_picture AS "goodPicture", bad_picture AS "badPicture" FROM outage`

export interface OutageFilter {
  camera?: number | undefined
  /** only those that go on, or are over */
  open?: boolean | undefined
  /** those that touch [from, to) */
  from?: Date | undefined
  to?: Date | undefined
  limit: number
}

/** Newest first, each with its trail, oldest first. */
export async function listOutages(
  pool: Pool,
  { camera, open, from, to, limit }: OutageFilter,
): Promise<OutageDetail[]> {
  const { rows } = await pool.query<OutageRow>(
    `${OUTAGE} WHERE ($1::int IS NULL OR camera_id = $1) AND ($2::boolean IS NULL OR (ended_at IS NULL) = $2)
       AND ($3::timestamptz IS NULL OR ended_at IS NULL OR ended_at > $3) AND ($4::timestamptz IS NULL OR started_at < $4)
     ORDER BY started_at DESC, id DESC LIMIT $5`,
    [camera ?? null, open ?? null, from ?? null, to ?? null, limit],
  )
  return withNotes(pool, rows)
}

export async function readOutage(client: Pool | PoolClient, id: number): Promise<OutageDetail | undefined> {
  const { rows } = await client.query<OutageRow>(`${OUTAGE} WHERE id = $1`, [id])
  return (await withNotes(client, rows))[0]
}

async function withNotes(client: Pool | PoolClient, rows: readonly OutageRow[]): Promise<OutageDetail[]> {
  const notes = new Map<number, OutageNote[]>(rows.map(({ id }) => [id, []]))
  const found = await client.query<NoteRow>(
    `SELECT id, outage_id AS "outageId", at, actor, kind, text, before, after FROM outage_note
     WHERE outage_id = ANY($1::bigint[]) ORDER BY id`,
    [rows.map(({ id }) => id)],
  )
  for (const { outageId, at, ...note } of found.rows)
    notes.get(outageId)?.push({ ...note, at: at.toISOString() })
  return rows.map((row) => ({
    ...row,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    takenAt: row.takenAt?.toISOString() ?? null,
    notes: notes.get(row.id) ?? [],
  }))
}

/** What acts on an outage rest on; locked until the transaction ends. Undefined where none has the id. */
export async function lockOutage(
  client: PoolClient,
  id: number,
): Promise<{ takenBy: string | null; foundCause: FoundCause | null } | undefined> {
  const { rows } = await client.query<{ takenBy: string | null; foundCause: FoundCause | null }>(
    `SELECT taken_by AS "takenBy", found_cause AS "foundCause" FROM outage WHERE id = $1 FOR UPDATE`,
    [id],
  )
  return rows[0]
}

/** @param takenBy null: nobody any more */
export async function setTaken(
  client: PoolClient,
  id: number,
  takenBy: string | null,
  at: Date,
): Promise<void> {
  await client.query(`UPDATE outage SET taken_by = $2, taken_at = $3 WHERE id = $1`, [
    id,
    takenBy,
    takenBy === null ? null : at,
  ])
}

export async function setFoundCause(client: PoolClient, id: number, cause: FoundCause | null): Promise<void> {
  await client.query(`UPDATE outage SET found_cause = $2 WHERE id = $1`, [id, cause])
}

export async function insertNote(
  client: PoolClient,
  outageId: number,
  { at, actor, kind, text, before, after }: Omit<OutageNote, 'id' | 'at'> & { at: Date },
): Promise<void> {
  await client.query(
    `INSERT INTO outage_note (outage_id, at, actor, kind, text, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [outageId, at, actor, kind, text, before, after],
  )
}
