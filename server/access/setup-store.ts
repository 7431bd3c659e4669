import type { Pool, PoolClient } from 'pg'

export async function replaceSetupLink(
  client: Pool | PoolClient,
  hash: Buffer,
  now: Date,
  expiresAt: Date,
): Promise<void> {
  await client.query(`DELETE FROM setup_link WHERE used_at IS NULL`)
  await client.query(`INSERT INTO setup_link (hash, created_at, expires_at) VALUES ($1, $2, $3)`, [
    hash,
    now,
    expiresAt,
  ])
}

export async function setupLinkOpen(client: Pool | PoolClient, hash: Buffer, now: Date): Promise<boolean> {
  const result = await client.query(
    `SELECT FROM setup_link WHERE hash = $1 AND used_at IS NULL AND expires_at > $2`,
    [hash, now],
  )
  return result.rowCount === 1
}

/** Uses the link up; false where it was used, replaced or has expired. Others that want it wait for this transaction. */
export async function useSetupLink(client: PoolClient, hash: Buffer, now: Date): Promise<boolean> {
  const found = await client.query(
    `SELECT FROM setup_link WHERE hash = $1 AND used_at IS NULL AND expires_at > $2 FOR UPDATE`,
    [hash, now],
  )
  if (found.rowCount !== 1) return false
  await client.query(`UPDATE setup_link SET used_at = $2 WHERE hash = $1`, [hash, now])
  return true
}
