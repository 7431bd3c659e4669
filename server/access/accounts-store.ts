import type { Pool, PoolClient } from 'pg'
import type { Role } from '#contract/viewer.ts'

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

export async function countAccounts(client: Pool | PoolClient): Promise<number> {
  const result = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM account`)
  return result.rows[0]?.count ?? 0
}

export async function countOtherAdmins(client: Pool | PoolClient, id: number): Promise<number> {
  const result = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM account WHERE role = 'admin' AND disabled_at IS NULL AND id <> $1`,
    [id],
  )
  return result.rows[0]?.count ?? 0
}

export async function listAccounts(client: Pool | PoolClient): Promise<Account[]> {
  const result = await client.query<Account>(
    `SELECT id, username, name, role, created_at AS "createdAt", disabled_at AS "disabledAt"
     FROM account ORDER BY lower(username)`,
  )
  return result.rows
}

export async function findAccount(client: Pool | PoolClient, id: number): Promise<Account | undefined> {
  const result = await client.query<Account>(
    `SELECT id, username, name, role, created_at AS "createdAt", disabled_at AS "disabledAt"
     FROM account WHERE id = $1`,
    [id],
  )
  return result.rows[0]
}

export async function findCredentials(
  client: Pool | PoolClient,
  username: string,
): Promise<Credentials | undefined> {
  const result = await client.query<Credentials>(
    `SELECT id, username, name, role, password_hash AS "passwordHash", disabled_at IS NOT NULL AS disabled
     FROM account WHERE lower(username) = lower($1)`,
    [username],
  )
  return result.rows[0]
}

/** Returns the new account's id, undefined where the username is taken. */
export async function insertAccount(
  client: Pool | PoolClient,
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
  client: Pool | PoolClient,
  id: number,
  change: { role: Role; passwordHash: string | undefined; disabledAt: Date | null },
): Promise<void> {
  await client.query(
    `UPDATE account SET role = $2, password_hash = coalesce($3, password_hash), disabled_at = $4 WHERE id = $1`,
    [id, change.role, change.passwordHash ?? null, change.disabledAt],
  )
}
