import type { Pool } from 'pg'
import type { SavedView } from '#contract/camera-list.ts'

export async function listViews(pool: Pool, accountId: number): Promise<SavedView[]> {
  const { rows } = await pool.query<SavedView>(
    'SELECT id, name, query FROM saved_view WHERE account_id = $1 ORDER BY lower(name), id',
    [accountId],
  )
  return rows
}

/** A view of the same name is replaced. Null where the account holds `most` others already. */
export async function saveView(
  pool: Pool,
  accountId: number,
  { name, query }: Omit<SavedView, 'id'>,
  most: number,
): Promise<SavedView | null> {
  const { rows } = await pool.query<SavedView>(
    `INSERT INTO saved_view (account_id, name, query)
     SELECT $1, $2, $3 WHERE (SELECT count(*) FROM saved_view WHERE account_id = $1 AND name <> $2) < $4
     ON CONFLICT (account_id, name) DO UPDATE SET query = excluded.query RETURNING id, name, query`,
    [accountId, name, query, most],
  )
  return rows[0] ?? null
}

/** False where the account has no such view. */
export async function deleteView(pool: Pool, accountId: number, id: number): Promise<boolean> {
  const { rowCount } = await pool.query('DELETE FROM saved_view WHERE account_id = $1 AND id = $2', [
    accountId,
    id,
  ])
  return rowCount === 1
}
