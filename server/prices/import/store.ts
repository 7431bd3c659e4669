import type { Pool, PoolClient } from 'pg'
import type { ImportListed, ImportMapping, PriceImport } from '#contract/price-import.ts'
import { storableJson } from '../../database/text.ts'

/** Files that nobody applied: more of them push out the oldest. */
const MOST_WAITING = 20

export type ImportResult = Omit<PriceImport, 'id' | 'name' | 'appliedAt' | 'mapping'>
export interface StoredImport {
  id: number
  name: string
  /** gone once it was applied */
  file: Buffer | null
  fingerprint: string
  mapping: ImportMapping
  result: ImportResult
  applied_at: Date | null
}

export async function addImport(
  pool: Pool,
  {
    name,
    file,
    fingerprint,
    mapping,
    result,
  }: Pick<StoredImport, 'name' | 'fingerprint' | 'mapping' | 'result'> & { file: Buffer },
  by: string,
  now: Date,
): Promise<number> {
  const added = await pool.query<{ id: number }>(
    `WITH old AS (
       DELETE FROM price_import WHERE applied_at IS NULL AND id NOT IN
         (SELECT id FROM price_import WHERE applied_at IS NULL ORDER BY id DESC LIMIT $8)
     )
     INSERT INTO price_import (name, file, fingerprint, mapping, created_by, created_at, result)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
    [name, file, fingerprint, storableJson(mapping), by, now, storableJson(result), MOST_WAITING - 1],
  )
  return (added.rows[0] as { id: number }).id
}

export async function findImport(pool: Pool, id: number): Promise<StoredImport | undefined> {
  const found = await pool.query<StoredImport>(
    'SELECT id, name, file, fingerprint, mapping, result, applied_at FROM price_import WHERE id = $1',
    [id],
  )
  return found.rows[0]
}

/** Has whoever else applies or drops it wait for this transaction; false where one of them was here before. */
export async function lockWaiting(client: PoolClient, id: number): Promise<boolean> {
  const found = await client.query(
    'SELECT FROM price_import WHERE id = $1 AND applied_at IS NULL FOR UPDATE',
    [id],
  )
  return found.rowCount === 1
}

/** False where it was applied or dropped meanwhile. */
export async function mendImport(
  pool: Pool,
  id: number,
  mapping: ImportMapping,
  result: ImportResult,
): Promise<boolean> {
  const mended = await pool.query(
    `UPDATE price_import SET mapping = $2, result = $3 WHERE id = $1 AND applied_at IS NULL`,
    [id, storableJson(mapping), storableJson(result)],
  )
  return mended.rowCount === 1
}

export async function markApplied(
  client: PoolClient,
  id: number,
  result: ImportResult,
  now: Date,
): Promise<void> {
  await client.query(`UPDATE price_import SET applied_at = $2, result = $3, file = NULL WHERE id = $1`, [
    id,
    now,
    storableJson(result),
  ])
}

/** Only one that was not applied goes; of the others it stays known what was done. */
export async function dropImport(pool: Pool, id: number): Promise<boolean> {
  const dropped = await pool.query(`DELETE FROM price_import WHERE id = $1 AND applied_at IS NULL`, [id])
  return dropped.rowCount === 1
}

export async function listImports(pool: Pool): Promise<ImportListed[]> {
  const listed = await pool.query<
    Omit<ImportListed, 'createdAt' | 'appliedAt'> & { createdAt: Date; appliedAt: Date | null }
  >(
    `SELECT id, name, mapping->>'source' AS source, created_by AS "createdBy", created_at AS "createdAt",
       applied_at AS "appliedAt", result->'counts' AS counts FROM price_import ORDER BY id DESC LIMIT 100`,
  )
  return listed.rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    appliedAt: row.appliedAt?.toISOString() ?? null,
  }))
}

export async function rememberedMapping(pool: Pool, fingerprint: string): Promise<ImportMapping | undefined> {
  const found = await pool.query<{ mapping: ImportMapping }>(
    `SELECT mapping FROM import_mapping WHERE fingerprint = $1`,
    [fingerprint],
  )
  return found.rows[0]?.mapping
}

export async function rememberMapping(
  client: PoolClient,
  fingerprint: string,
  mapping: ImportMapping,
  actor: string,
  now: Date,
): Promise<void> {
  await client.query(
    `INSERT INTO import_mapping (fingerprint, mapping, saved_by, saved_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (fingerprint) DO UPDATE SET mapping = excluded.mapping, saved_by = excluded.saved_by, saved_at = excluded.saved_at`,
    [fingerprint, storableJson(mapping), actor, now],
  )
}

/** What a source says now of the days of a file. */
export interface Said {
  day: string
  commodity: string
  market: string
  price: number
  status: string
  /** whether a person said it: by a correction or by withdrawing it */
  corrected: boolean
  /** the last of them all */
  revision: number
}

/** The last revision of a source's prices between two days, and its own last word where a person corrected it. */
export async function saidBy(
  client: Pool | PoolClient,
  feedId: string,
  from: string,
  to: string,
): Promise<Said[]> {
  const said = await client.query<Said>(
    `SELECT DISTINCT ON (q.day, q.commodity, q.market, corrected) q.day, q.commodity, q.market, q.price, q.status,
       (q.status = 'corrected' OR q.void) AS corrected, max(q.revision) OVER (PARTITION BY q.day, q.commodity, q.market) AS revision
     FROM quote q JOIN feed f ON f.number = q.feed WHERE f.id = $1 AND q.day BETWEEN $2 AND $3
     ORDER BY q.day, q.commodity, q.market, corrected, coalesce(q.reported_at, q.received_at) DESC, q.revision DESC`,
    [feedId, from, to],
  )
  return said.rows
}
