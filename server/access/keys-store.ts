import type { Pool, PoolClient } from 'pg'

export interface FeedKey {
  id: number
  name: string
  hint: string
  createdAt: Date
  revokedAt: Date | null
}

export async function feedMode(
  client: Pool | PoolClient,
  feedId: string,
): Promise<'pull' | 'push' | 'history' | undefined> {
  const result = await client.query<{ mode: 'pull' | 'push' | 'history' }>(
    `SELECT mode FROM feed WHERE id = $1`,
    [feedId],
  )
  return result.rows[0]?.mode
}

export async function listFeedKeys(client: Pool | PoolClient, feedId: string): Promise<FeedKey[]> {
  const result = await client.query<FeedKey>(
    `SELECT id, name, hint, created_at AS "createdAt", revoked_at AS "revokedAt"
     FROM feed_key WHERE feed_id = $1 ORDER BY revoked_at IS NOT NULL, created_at DESC, id DESC`,
    [feedId],
  )
  return result.rows
}

export async function insertFeedKey(
  client: Pool | PoolClient,
  key: { feedId: string; name: string; hint: string; hash: Buffer; now: Date },
): Promise<number> {
  const result = await client.query<{ id: number }>(
    `INSERT INTO feed_key (feed_id, name, hint, hash, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
    [key.feedId, key.name, key.hint, key.hash, key.now],
  )
  return (result.rows[0] as { id: number }).id
}

export async function findFeedKey(
  client: Pool | PoolClient,
  hash: Buffer,
): Promise<{ feedId: string; keyId: number } | undefined> {
  const result = await client.query<{ feedId: string; keyId: number }>(
    `SELECT feed_id AS "feedId", id AS "keyId" FROM feed_key WHERE hash = $1 AND revoked_at IS NULL`,
    [hash],
  )
  return result.rows[0]
}

/** Returns the key's name; undefined where the feed has none of that id in force. */
export async function revokeFeedKey(
  client: Pool | PoolClient,
  feedId: string,
  id: number,
  now: Date,
): Promise<string | undefined> {
  const result = await client.query<{ name: string }>(
    `UPDATE feed_key SET revoked_at = $3 WHERE feed_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING name`,
    [feedId, id, now],
  )
  return result.rows[0]?.name
}
