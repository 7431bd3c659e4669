import type { Pool, PoolClient } from 'pg'
import type { Role } from '#contract/model.ts'

type Client = Pool | PoolClient

// Accounts --------------------------------------------------------------------------------------

export interface Account {
  id: number
  username: string
  name: string
  role: Role
  createdAt: Date
  disabledAt: Date | null
}
export interface Credentials {
  id: number
  username: string
  name: string
  role: Role
  passwordHash: string
  disabled: boolean
}

/** Held to the end of the transaction: no account appears or changes meanwhile. */
export async function lockAccounts(client: PoolClient): Promise<void> {
  await client.query(`LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE`)
}

export async function countAccounts(client: Client): Promise<number> {
  const result = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM account`)
  return result.rows[0]?.count ?? 0
}

export async function countOtherAdmins(client: Client, id: number): Promise<number> {
  const result = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM account WHERE role = 'admin' AND disabled_at IS NULL AND id <> $1`,
    [id],
  )
  return result.rows[0]?.count ?? 0
}

export async function listAccounts(client: Client): Promise<Account[]> {
  const result = await client.query<Account>(
    `SELECT id, username, name, role, created_at AS "createdAt", disabled_at AS "disabledAt"
     FROM account ORDER BY lower(username)`,
  )
  return result.rows
}

export async function findAccount(client: Client, id: number): Promise<Account | undefined> {
  const result = await client.query<Account>(
    `SELECT id, username, name, role, created_at AS "createdAt", disabled_at AS "disabledAt"
     FROM account WHERE id = $1`,
    [id],
  )
  return result.rows[0]
}

export async function findCredentials(client: Client, username: string): Promise<Credentials | undefined> {
  const result = await client.query<Credentials>(
    `SELECT id, username, name, role, password_hash AS "passwordHash", disabled_at IS NOT NULL AS disabled
     FROM account WHERE lower(username) = lower($1)`,
    [username],
  )
  return result.rows[0]
}

/** Returns the new account's id, undefined where the username is taken. */
export async function insertAccount(
  client: Client,
  account: { username: string; name: string; role: Role; passwordHash: string; now: Date },
): Promise<number | undefined> {
  const result = await client.query<{ id: number }>(
    `INSERT INTO account (username, name, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING id`,
    [account.username, account.name, account.role, account.passwordHash, account.now],
  )
  return result.rows[0]?.id
}

export async function updateAccount(
  client: Client,
  id: number,
  change: { role: Role; passwordHash: string | undefined; disabledAt: Date | null },
): Promise<void> {
  await client.query(
    `UPDATE account SET role = $2, password_hash = coalesce($3, password_hash), disabled_at = $4 WHERE id = $1`,
    [id, change.role, change.passwordHash ?? null, change.disabledAt],
  )
}

// Sessions --------------------------------------------------------------------------------------

export interface SessionOf {
  accountId: number
  username: string
  name: string
  role: Role
  lastSeenAt: Date
}

/** Only while the account still has the password that was checked; false where it changed or was disabled meanwhile. */
export async function insertSession(
  client: Client,
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
  client: Client,
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

export async function touchSession(client: Client, hash: Buffer, now: Date): Promise<void> {
  await client.query(`UPDATE session SET last_seen_at = greatest(last_seen_at, $2) WHERE hash = $1`, [
    hash,
    now,
  ])
}

export async function deleteSession(client: Client, hash: Buffer): Promise<{ username: string } | undefined> {
  const result = await client.query<{ username: string }>(
    `DELETE FROM session s USING account a WHERE s.hash = $1 AND a.id = s.account_id RETURNING a.username`,
    [hash],
  )
  return result.rows[0]
}

export async function deleteSessionsOf(client: Client, accountId: number): Promise<Buffer[]> {
  const result = await client.query<{ hash: Buffer }>(
    `DELETE FROM session WHERE account_id = $1 RETURNING hash`,
    [accountId],
  )
  return result.rows.map((row) => row.hash)
}

export async function deleteExpiredSessions(client: Client, now: Date, seenSince: Date): Promise<Buffer[]> {
  const result = await client.query<{ hash: Buffer }>(
    `DELETE FROM session WHERE expires_at <= $1 OR last_seen_at <= $2 RETURNING hash`,
    [now, seenSince],
  )
  return result.rows.map((row) => row.hash)
}

// Set-up links ----------------------------------------------------------------------------------

export async function replaceSetupLink(
  client: Client,
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

export async function setupLinkOpen(client: Client, hash: Buffer, now: Date): Promise<boolean> {
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

// Devices ---------------------------------------------------------------------------------------

export interface Device {
  id: number
  name: string
  createdAt: Date
  lastSeenAt: Date | null
  revokedAt: Date | null
}

export async function listDevices(client: Client): Promise<Device[]> {
  const result = await client.query<Device>(
    `SELECT id, name, created_at AS "createdAt", last_seen_at AS "lastSeenAt", revoked_at AS "revokedAt"
     FROM device ORDER BY revoked_at IS NOT NULL, created_at DESC, id DESC`,
  )
  return result.rows
}

export async function insertDevice(
  client: Client,
  device: { name: string; hash: Buffer; createdBy: number | null; now: Date },
): Promise<number> {
  const result = await client.query<{ id: number }>(
    `INSERT INTO device (name, hash, created_by, created_at) VALUES ($1, $2, $3, $4) RETURNING id`,
    [device.name, device.hash, device.createdBy, device.now],
  )
  return (result.rows[0] as { id: number }).id
}

export async function findDevice(
  client: Client,
  hash: Buffer,
): Promise<Pick<Device, 'id' | 'name' | 'lastSeenAt'> | undefined> {
  const result = await client.query<Pick<Device, 'id' | 'name' | 'lastSeenAt'>>(
    `SELECT id, name, last_seen_at AS "lastSeenAt" FROM device WHERE hash = $1 AND revoked_at IS NULL`,
    [hash],
  )
  return result.rows[0]
}

export async function touchDevice(client: Client, id: number, now: Date): Promise<void> {
  await client.query(`UPDATE device SET last_seen_at = greatest(last_seen_at, $2) WHERE id = $1`, [id, now])
}

/** Returns the device's name; undefined where there is none in force. */
export async function revokeDevice(client: Client, id: number, now: Date): Promise<string | undefined> {
  const result = await client.query<{ name: string }>(
    `UPDATE device SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING name`,
    [id, now],
  )
  return result.rows[0]?.name
}

// Feed keys -------------------------------------------------------------------------------------

export interface FeedKey {
  id: number
  name: string
  hint: string
  createdAt: Date
  revokedAt: Date | null
}

export async function feedMode(
  client: Client,
  feedId: string,
): Promise<'pull' | 'push' | 'history' | undefined> {
  const result = await client.query<{ mode: 'pull' | 'push' | 'history' }>(
    `SELECT mode FROM feed WHERE id = $1`,
    [feedId],
  )
  return result.rows[0]?.mode
}

export async function listFeedKeys(client: Client, feedId: string): Promise<FeedKey[]> {
  const result = await client.query<FeedKey>(
    `SELECT id, name, hint, created_at AS "createdAt", revoked_at AS "revokedAt"
     FROM feed_key WHERE feed_id = $1 ORDER BY revoked_at IS NOT NULL, created_at DESC, id DESC`,
    [feedId],
  )
  return result.rows
}

export async function insertFeedKey(
  client: Client,
  key: { feedId: string; name: string; hint: string; hash: Buffer; now: Date },
): Promise<number> {
  const result = await client.query<{ id: number }>(
    `INSERT INTO feed_key (feed_id, name, hint, hash, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
    [key.feedId, key.name, key.hint, key.hash, key.now],
  )
  return (result.rows[0] as { id: number }).id
}

export async function findFeedKey(
  client: Client,
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
  client: Client,
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

// Audit -----------------------------------------------------------------------------------------

export interface AuditEntry {
  at: Date
  actor: string
  action:
    | 'set-up'
    | 'sign-in'
    | 'sign-in-failed'
    | 'sign-out'
    | 'account-created'
    | 'account-changed'
    | 'device-created'
    | 'device-entered'
    | 'device-revoked'
    | 'feed-key-created'
    | 'feed-key-revoked'
  subject: string
  /** never a password, a token or a key */
  detail?: Record<string, string | number | boolean>
}

export async function writeAudit(
  client: Client,
  { at, actor, action, subject, detail = {} }: AuditEntry,
): Promise<void> {
  await client.query(`INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5)`, [
    at,
    actor,
    action,
    subject,
    detail,
  ])
}
