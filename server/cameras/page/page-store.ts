import type { Pool } from 'pg'
import type { CameraPage } from '#contract/camera-page.ts'
import type { Targets } from '#contract/probing.ts'
import type { CameraState, Fault } from '#contract/camera.ts'

export type PageDay = CameraPage['days'][number]

/** What a camera did on each day that is rolled up, as far as it is, and until when everything is. */
export async function readDays(
  pool: Pool,
  cameraId: number,
  from: string,
): Promise<{ done: Date | null; days: PageDay[] }> {
  const [days, progress] = await Promise.all([
    pool.query<PageDay>({
      name: 'page-days',
      text: `SELECT day, up_ms AS up, degraded_ms AS degraded, down_ms AS down, unknown_ms AS unknown, maintenance_ms AS maintenance
        FROM camera_day WHERE camera_id = $1 AND day >= $2::date ORDER BY day`,
      values: [cameraId, from],
    }),
    pool.query<{ done: Date }>(`SELECT done_until AS done FROM job_progress WHERE job = 'camera-rollups'`),
  ])
  return { done: progress.rows[0]?.done ?? null, days: days.rows }
}

/** What its source says of it. */
export async function readClaim(pool: Pool, cameraId: number): Promise<CameraPage['claim']> {
  const { rows } = await pool.query<{ state: CameraState; since: Date; at: Date; feed: string }>({
    name: 'page-claim',
    text: `SELECT state, since, at, f.id AS feed FROM camera_claim JOIN feed f ON f.number = feed WHERE camera_id = $1`,
    values: [cameraId],
  })
  const [claim] = rows
  return claim === undefined
    ? null
    : { ...claim, since: claim.since.toISOString(), at: claim.at.toISOString() }
}

/** Its newest pictures of each kind. */
export async function readEvidence(
  pool: Pool,
  cameraId: number,
): Promise<Pick<CameraPage, 'goodPicture' | 'badPicture'>> {
  const { rows } = await pool.query<{ id: number; at: Date; kind: 'good' | 'bad'; fault: Fault | null }>({
    name: 'page-pictures',
    text: `SELECT DISTINCT ON (kind) id, at, kind, fault FROM camera_picture WHERE camera_id = $1 ORDER BY kind, at DESC`,
    values: [cameraId],
  })
  const newest = (wanted: 'good' | 'bad') => {
    const picture = rows.find(({ kind }) => kind === wanted)
    return picture === undefined
      ? null
      : { id: picture.id, at: picture.at.toISOString(), fault: picture.fault }
  }
  const [good, bad] = [newest('good'), newest('bad')]
  return { goodPicture: good === null ? null : { id: good.id, at: good.at }, badPicture: bad }
}

export async function readTargets(pool: Pool, cameraId: number): Promise<Targets> {
  const { rows } = await pool.query<{ targets: Targets }>({
    name: 'page-targets',
    text: 'SELECT targets FROM camera WHERE id = $1',
    values: [cameraId],
  })
  return rows[0]?.targets ?? {}
}
