import type { Pool } from 'pg'
import type { Targets } from '#contract/probing.ts'

export interface StoredPlace {
  targets: Targets
  /** sealed user name and password */
  secret: Buffer | null
}

/** What of a camera can be watched; undefined where there is no such camera. */
export async function findPlace(pool: Pool, cameraId: number): Promise<StoredPlace | undefined> {
  const { rows } = await pool.query<StoredPlace>('SELECT targets, secret FROM camera WHERE id = $1', [
    cameraId,
  ])
  return rows[0]
}
