import type { Pool, PoolClient } from 'pg'
import type { PictureCheck, PictureMemory } from './check-picture.ts'

/** A good picture is written anew no oftener: 5,000 cameras every five minutes would be 30 GB of writes a day. */
const GOOD_EVERY_MS = 15 * 60_000
/** Of each camera, so many bad ones to which no outage points. */
const BAD_KEPT = 20
/** An outage begins at the first failed check; the picture that shows why may have come a little before. */
const BAD_BEFORE = '15 minutes'

export interface Picture {
  at: Date
  jpeg: Buffer
}

/**
 * Keeps what a picture check brought as evidence: the last good thumbnail, and the first bad one of each fault. Returns the memory
 * with what was kept, to be remembered with the camera.
 */
export async function keepEvidence(
  pool: Pool,
  cameraId: number,
  at: Date,
  { finding, memory, thumbnail }: PictureCheck,
): Promise<PictureMemory> {
  if (thumbnail === null) return memory
  if (finding === null) {
    const { badFault: _over, ...well } = memory
    if (at.getTime() - (memory.goodAt ?? 0) < GOOD_EVERY_MS) return well
    await writeGood(pool, cameraId, at, thumbnail)
    return { ...well, goodAt: at.getTime() }
  }
  if (memory.badFault === finding.fault) return memory
  await writeBad(pool, cameraId, at, finding.fault, thumbnail)
  return { ...memory, badFault: finding.fault }
}

/** One that an outage points to stays as it is; a new one takes its place as the last. */
async function writeGood(pool: Pool, cameraId: number, at: Date, jpeg: Buffer): Promise<void> {
  await pool.query(
    `WITH kept AS (
       UPDATE camera_picture p SET kind = 'before'
       WHERE camera_id = $1 AND kind = 'good' AND EXISTS (SELECT FROM outage WHERE good_picture = p.id)
       RETURNING id)
     UPDATE camera_picture SET at = $2, jpeg = $3
     WHERE camera_id = $1 AND kind = 'good' AND id NOT IN (SELECT id FROM kept)`,
    [cameraId, at, jpeg],
  )
  await pool.query(
    `INSERT INTO camera_picture (camera_id, at, kind, jpeg) VALUES ($1, $2, 'good', $3)
     ON CONFLICT (camera_id) WHERE kind = 'good' DO NOTHING`,
    [cameraId, at, jpeg],
  )
}

async function writeBad(pool: Pool, cameraId: number, at: Date, fault: string, jpeg: Buffer): Promise<void> {
  await pool.query(
    `INSERT INTO camera_picture (camera_id, at, kind, fault, jpeg) VALUES ($1, $2, 'bad', $3, $4)`,
    [cameraId, at, fault, jpeg],
  )
  await pool.query(
    `DELETE FROM camera_picture p WHERE camera_id = $1 AND kind = 'bad'
       AND id NOT IN (SELECT id FROM camera_picture WHERE camera_id = $1 AND kind = 'bad' ORDER BY at DESC LIMIT $2)
       AND NOT EXISTS (SELECT FROM outage WHERE bad_picture = p.id)`,
    [cameraId, BAD_KEPT],
  )
  await linkPictures(pool, [cameraId])
}

/**
 * Points the open outages of these cameras to their evidence: the last good picture before it, and the first bad one since. To be called
 * when outages were opened; a bad picture that comes later is linked as it is kept.
 */
export async function linkPictures(pool: Pool | PoolClient, cameraIds: readonly number[]): Promise<void> {
  await pool.query(
    `UPDATE outage o SET
       good_picture = coalesce(o.good_picture,
         (SELECT id FROM camera_picture p WHERE p.camera_id = o.camera_id AND p.kind = 'good' AND p.at <= o.started_at)),
       bad_picture = coalesce(o.bad_picture,
         (SELECT id FROM camera_picture p WHERE p.camera_id = o.camera_id AND p.kind = 'bad'
            AND p.at >= o.started_at - $2::interval ORDER BY p.at LIMIT 1))
     WHERE o.camera_id = ANY($1::int[]) AND o.ended_at IS NULL
       AND (o.good_picture IS NULL OR o.bad_picture IS NULL)`,
    [cameraIds, BAD_BEFORE],
  )
}

/** Undefined where the camera has no such picture. */
export async function findPicture(
  pool: Pool,
  cameraId: number,
  picture: number,
): Promise<Picture | undefined> {
  const { rows } = await pool.query<Picture>(
    'SELECT at, jpeg FROM camera_picture WHERE id = $2 AND camera_id = $1',
    [cameraId, picture],
  )
  return rows[0]
}
