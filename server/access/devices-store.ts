import type { Pool, PoolClient } from 'pg'

export interface Device {
  id: number
  name: string
  createdAt: Date
  lastSeenAt: Date | null
  revokedAt: Date | null
}

export async function listDevices(client: Pool | PoolClient): Promise<Device[]> {
  const result = await client.query<Device>(
    `SELECT id, name, created_at AS "createdAt", last_seen_at AS "lastSeenAt", revoked_at AS "revokedAt"
     FROM device ORDER BY revoked_at IS NOT NULL, created_at DESC, id DESC`,
  )
  return result.rows
}

export async function insertDevice(
  client: Pool | PoolClient,
  device: { name: string; hash: Buffer; createdBy: number | null; now: Date },
): Promise<number> {
  const result = await client.query<{ id: number }>(
    `INSERT INTO device (name, hash, created_by, created_at) VALUES ($1, $2, $3, $4) RETURNING id`,
    [device.name, device.hash, device.createdBy, device.now],
  )
  return (result.rows[0] as { id: number }).id
}

export async function findDevice(
  client: Pool | PoolClient,
  hash: Buffer,
): Promise<Pick<Device, 'id' | 'name' | 'lastSeenAt'> | undefined> {
  const result = await client.query<Pick<Device, 'id' | 'name' | 'lastSeenAt'>>(
    `SELECT id, name, last_seen_at AS "lastSeenAt" FROM device WHERE hash = $1 AND revoked_at IS NULL`,
    [hash],
  )
  return result.rows[0]
}

export async function touchDevice(client: Pool | PoolClient, id: number, now: Date): Promise<void> {
  await client.query(`UPDATE device SET last_seen_at = greatest(last_seen_at, $2) WHERE id = $1`, [id, now])
}

/** Returns the device's name; undefined where there is none in force. */
export async function revokeDevice(
  client: Pool | PoolClient,
  id: number,
  now: Date,
): Promise<string | undefined> {
  const result = await client.query<{ name: string }>(
    `UPDATE device SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING name`,
    [id, now],
  )
  return result.rows[0]?.name
}
