import { createHash } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import type { Reject as KeptReject, RejectReason } from '#contract/feed.ts'
import { storableJson, storableText } from '../database/text.ts'

export interface NewReject {
  row: number
  field: string
  reason: RejectReason
  expected: string
  payload: unknown
  /** what makes it the same reject when it comes again; left out: its payload */
  key?: string | undefined
}

const MAX_FIELD = 200

/** Keeps refused rows; one that comes again counts up instead of filling the disk. */
export async function keepRejects(
  client: Pool | PoolClient,
  feedId: string,
  rejects: readonly NewReject[],
  now: Date,
): Promise<void> {
  if (rejects.length === 0) return
  const texts = rejects.map((reject) => storableJson(reject.payload))
  const fields = rejects.map((reject) => storableText(reject.field).slice(0, MAX_FIELD))
  const prints = rejects.map((reject) =>
    createHash('sha256')
      .update(`${reject.field}\n${reject.reason}\n${reject.key ?? JSON.stringify(reject.payload ?? null)}`)
      .digest(),
  )
  const first = new Map<string, number>()
  prints.forEach((print, place) => {
    const name = print.toString('hex')
    if (!first.has(name)) first.set(name, place)
  })
  const places = [...first.values()]
  // Two batches with the same rejects in another order would each wait for what the other holds.
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('rejects'), hashtext($1))`, [feedId])
  await client.query(
    `INSERT INTO reject AS r (feed_id, row, field, reason, expected, payload, fingerprint, at, last_at)
     SELECT $1, t.row, t.field, t.reason, t.expected, t.payload::jsonb, t.fingerprint, $8, $8
     FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[]) AS t(row, field, reason, expected, payload, fingerprint)
     ON CONFLICT (feed_id, fingerprint) DO UPDATE SET seen = r.seen + 1, last_at = excluded.last_at, replayed_at = NULL,
       row = excluded.row, expected = excluded.expected, payload = excluded.payload`,
    [
      feedId,
      places.map((place) => rejects[place]?.row),
      places.map((place) => fields[place]),
      places.map((place) => rejects[place]?.reason),
      places.map((place) => storableText(rejects[place]?.expected ?? '')),
      places.map((place) => texts[place]),
      places.map((place) => prints[place]),
      now,
    ],
  )
}

interface RejectRow {
  id: number
  feed_id: string
  at: Date
  last_at: Date
  seen: number
  row: number
  field: string
  reason: string
  expected: string
  payload: unknown
  replayed_at: Date | null
}

/** Newest first; `before` is the id below which to go on. With `ids`, just those that were not replayed. */
export async function listRejects(
  pool: Pool,
  feedId: string,
  { before, limit, ids }: { before?: number; limit: number; ids?: number[] },
): Promise<KeptReject[]> {
  const result = await pool.query<RejectRow>(
    `SELECT * FROM reject WHERE feed_id = $1 AND ($2::bigint IS NULL OR id < $2)
       AND ($4::bigint[] IS NULL OR (id = ANY($4) AND replayed_at IS NULL)) ORDER BY id DESC LIMIT $3`,
    [feedId, before ?? null, limit, ids ?? null],
  )
  return result.rows.map((row) => ({
    id: row.id,
    feed: row.feed_id,
    at: row.at.toISOString(),
    lastAt: row.last_at.toISOString(),
    seen: row.seen,
    row: row.row,
    field: row.field,
    reason: row.reason,
    expected: row.expected,
    payload: row.payload,
    replayedAt: row.replayed_at?.toISOString() ?? null,
  }))
}

export async function openRejectIds(pool: Pool, feedId: string, limit: number): Promise<number[]> {
  const result = await pool.query<{ id: number }>(
    `SELECT id FROM reject WHERE feed_id = $1 AND replayed_at IS NULL ORDER BY id LIMIT $2`,
    [feedId, limit],
  )
  return result.rows.map((row) => row.id)
}

export async function markReplayed(client: Pool | PoolClient, ids: number[], now: Date): Promise<void> {
  await client.query(`UPDATE reject SET replayed_at = $2 WHERE id = ANY($1::bigint[])`, [ids, now])
}

/** Refused rows are evidence, not a store: those older than `days` go, and of each feed all but the newest `most`. */
export async function dropOldRejects(
  pool: Pool,
  now: Date,
  { days, most }: { days: number; most: number },
): Promise<number> {
  const result = await pool.query(
    `DELETE FROM reject r USING feed f LEFT JOIN LATERAL (
       SELECT last_at, id FROM reject k WHERE k.feed_id = f.id ORDER BY last_at DESC, id DESC OFFSET $2 LIMIT 1) edge ON true
     WHERE r.feed_id = f.id AND (r.last_at < $1 OR (r.last_at, r.id) <= (edge.last_at, edge.id))`,
    [new Date(now.getTime() - days * 86_400_000), most],
  )
  return result.rowCount ?? 0
}
