import type { Pool } from 'pg'
import type { PriceLock } from '#contract/prices.ts'
import type { KnownViewer } from '../access/viewer.ts'
import { withTransaction } from '../database/pool.ts'
import { storableJson } from '../database/text.ts'
import { AppError } from '../errors.ts'
import { renewContested } from './contested.ts'
import { monthOf } from './locked.ts'
import { lockQuotes } from './store.ts'

interface LockRow extends Omit<PriceLock, 'lockedAt' | 'unlockedAt'> {
  lockedAt: Date
  unlockedAt: Date | null
}

/** Every closing of a month and every opening, the newest month first. */
export async function readLocks(pool: Pool): Promise<PriceLock[]> {
  const result = await pool.query<LockRow>({
    name: 'price-locks',
    text: `SELECT id, to_char(month, 'YYYY-MM') AS month, locked_at AS "lockedAt", locked_by AS "lockedBy", reason,
        unlocked_at AS "unlockedAt", unlocked_by AS "unlockedBy", unlock_reason AS "unlockReason"
      FROM price_lock ORDER BY price_lock.month DESC, id DESC`,
  })
  return result.rows.map((row) => ({
    ...row,
    lockedAt: row.lockedAt.toISOString(),
    unlockedAt: row.unlockedAt?.toISOString() ?? null,
  }))
}

/** Closes a month that is over. Throws 'bad-input' for one that is not, 'conflict' where it is closed already. */
export async function lockMonth(
  pool: Pool,
  { month, reason }: { month: string; reason: string },
  viewer: Pick<KnownViewer, 'actor' | 'name'>,
  { now, today }: { now: Date; today: string },
): Promise<void> {
  if (month >= monthOf(today))
    throw new AppError('bad-input', `${month} is not over yet.`, {
      field: 'month',
      expected: 'a month before this one',
    })
  await withTransaction(pool, async (client) => {
    // Who is storing meanwhile either ends before or sees the lock.
    await lockQuotes(client)
    const made = await client.query(
      `INSERT INTO price_lock (month, locked_at, locked_by, reason) VALUES ($1, $2, $3, $4)
       ON CONFLICT (month) WHERE unlocked_at IS NULL DO NOTHING`,
      [`${month}-01`, now, viewer.name, reason],
    )
    if (made.rowCount === 0) throw new AppError('conflict', `${month} is closed already.`)
    await client.query(
      `INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, 'month-closed', $3, $4)`,
      [now, viewer.actor, month, storableJson({ reason })],
    )
  })
}

/** Opens a closed month again: it is counted in the order of sources of now. Throws 'not-found' where it is not closed. */
export async function unlockMonth(
  pool: Pool,
  id: number,
  viewer: Pick<KnownViewer, 'actor' | 'name'>,
  { reason, now }: { reason: string; now: Date },
): Promise<void> {
  await withTransaction(pool, async (client) => {
    await lockQuotes(client)
    const opened = await client.query<{ month: string }>(
      `UPDATE price_lock SET unlocked_at = $2, unlocked_by = $3, unlock_reason = $4
       WHERE id = $1 AND unlocked_at IS NULL RETURNING to_char(month, 'YYYY-MM') AS month`,
      [id, now, viewer.name, reason],
    )
    const month = opened.rows[0]?.month
    if (month === undefined) throw new AppError('not-found', 'No closed month has that id.')
    await client.query(
      `INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, 'month-opened', $3, $4)`,
      [now, viewer.actor, month, storableJson({ reason })],
    )
    await renewContested(client, month)
  })
}
