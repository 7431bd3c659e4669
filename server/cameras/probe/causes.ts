import type { Pool } from 'pg'
import { withTransaction } from '../../database/pool.ts'
import { findCauses } from '../topology/causes.ts'
import { settleIncidents } from '../topology/incidents-store.ts'
import { readCommonSettings } from './plan-store.ts'
import { anythingFails, readScene, storeExplained } from './causes-store.ts'

/** Looks for what explains the failures of now and writes it down; one instance at a time. */
export async function lookForCauses(pool: Pool, now: number): Promise<void> {
  await withTransaction(pool, async (client) => {
    const lock = await client.query<{ got: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtext('camera-causes')) AS got`,
    )
    if (lock.rows[0]?.got !== true || !(await anythingFails(client))) return
    const found = findCauses(await readScene(client), now, await readCommonSettings(client))
    await settleIncidents(client, found, new Date(now))
    await storeExplained(client, found.unreachable, found.own)
  })
}
