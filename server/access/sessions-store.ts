import type { Pool, PoolClient } from 'pg'
import type { Role } from '#contract/viewer.ts'

export interface SessionOf {
  accountId: number
  username: string
  name: string
  role: Role
  lastSeenAt: Date
}

/** Only while the account still has the password that was checked; false where it changed or was disabled meanwhile. */
export async function insertSession(
  client: Pool | PoolClient,
  session: { hash: Buffer; accountId: number; passwordHash: string; now: Date; expiresAt: Date },
): Promise<boolean> {
  const result = await client.query(
    `INSERT INTO session (hash, account_id, created_at, last_seen_at, expires_at)
     SELECT $1, id, $4, $4, $5 FROM account WHERE id = $2 AND password_hash = $3 AND disabled_at IS NULL`,
    [session.hash, session.accountId, session.passwordHash, session.now, session.expiresAt],
  )
  return result.rowCount === 1
}

/** A session that is in force: not expired, seen since `seenSince`, its account not disabled. */
export async function findSession(
  client: Pool | PoolClient,
  hash: Buffer,
  now: Date,
  seenSince: Date,
): Promise<SessionOf | undefined> {
  const result = await client.query<SessionOf>(
    `SELECT a.id AS "accountId", a.username, a.name, a.role, s.last_seen_at AS "lastSeenAt"
     FROM session s JOIN account a ON a.id = s.account_id
     WHERE s.hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND a.disabled_at IS NULL`,
    [hash, now, seenSince],
  )
  return result.rows[0]
}

export async function touchSession(client: Pool | PoolClient, hash: Buffer, now: Date): Promise<void> {
  await client.query(`UPDATE session SET last_seen_at = greatest(last_seen_at, $2) WHERE hash = $1`, [
    hash,
    now,
  ])
}

export async function deleteSession(
  client: Pool | PoolClient,
  hash: Buffer,
): Promise<{ username: string } | undefined> {
  const result = await client.query<{ username: string }>(
    `DELETE FROM session s USING account a WHERE s.hash = $1 AND a.id = s.account_id RETURNING a.username`,
    [hash],
  )
  return result.rows[0]
}

export async function deleteSessionsOf(client: Pool | PoolClient, accountId: number): Promise<Buffer[]> {
  const result = await client.query<{ hash: Buffer }>(
    `DELETE FROM session WHERE account_id = $1 RETURNING hash`,
    [accountId],
  )
  return result.rows.map((row) => row.hash)
}

export async function deleteExpiredSessions(
  client: Pool | PoolClient,
  now: Date,
  seenSince: Date,
): Promise<Buffer[]> {
  const result = await client.query<{ hash: Buffer }>(
    `DELETE FROM session WHERE expires_at <= $1 OR last_seen_at <= $2 RETURNING hash`,
    [now, seenSince],
  )
  return result.rows.map((row) => row.hash)
}
