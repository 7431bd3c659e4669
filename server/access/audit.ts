import type { Pool, PoolClient } from 'pg'

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
  client: Pool | PoolClient,
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
