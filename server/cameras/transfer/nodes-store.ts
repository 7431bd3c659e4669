import type { Pool, PoolClient } from 'pg'

/** Ids of the topology's nodes by their codes. */
export async function nodeIds(client: Pool | PoolClient): Promise<Map<string, number>> {
  const { rows } = await client.query<{ id: number; code: string }>('SELECT id, code FROM node')
  return new Map(rows.map(({ id, code }) => [code, id]))
}

export async function countCameras(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ cameras: number }>('SELECT count(*)::int AS cameras FROM camera')
  return rows[0]?.cameras ?? 0
}
