import type { Pool } from 'pg'
import type { Camera, CameraState, Outage, StateSpan } from '#contract/camera.ts'
import type { CityPack } from '../cities/index.ts'
import { availability } from './timeline.ts'
import { toStatus, type StatusRow } from './statuses.ts'

interface CameraRow extends StatusRow {
  id: number
  stream_id: string
  name: string
  address: string | null
  latitude: number | null
  longitude: number | null
  site: string | null
  district: string | null
  subdistrict: string | null
  published_district: string | null
  owner: string | null
  vendor: string | null
  camera_group: string | null
  parent_id: number | null
  enabled: boolean
  judged: boolean
}

const LISTED = `SELECT m.*, c.camera_id, c.state, c.since, c.at, c.reason, c.judged, c.flapping, c.layer, c.fault, f.id AS feed_id, f.demo
  FROM camera m JOIN camera_current c ON c.camera_id = m.id LEFT JOIN feed f ON f.number = c.feed`

/** All cameras with their state, a district's name compared with the one that the source claims. */
export async function listCameras(pool: Pool, pack: CityPack): Promise<Camera[]> {
  const result = await pool.query<CameraRow>({ name: 'camera-list', text: `${LISTED} ORDER BY m.id` })
  return result.rows.map(toCamera(pack))
}

export async function findCamera(pool: Pool, pack: CityPack, id: number): Promise<Camera | undefined> {
  const result = await pool.query<CameraRow>({
    name: 'camera-one',
    text: `${LISTED} WHERE m.id = $1`,
    values: [id],
  })
  return result.rows.map(toCamera(pack))[0]
}

/** The other cameras of its pole. */
export async function siteMatesOf(pool: Pool, { id, site }: Camera): Promise<number[]> {
  if (site === null) return []
  const result = await pool.query<{ id: number }>({
    name: 'camera-mates',
    text: `SELECT id FROM camera WHERE site = $1 AND id <> $2 ORDER BY id`,
    values: [site, id],
  })
  return result.rows.map((row) => row.id)
}

function toCamera(pack: CityPack): (row: CameraRow) => Camera {
  const names = new Map(pack.districts.map((district) => [district.code, district.name.toLowerCase()]))
  return (row) => ({
    id: row.id,
    streamId: row.stream_id,
    name: row.name,
    address: row.address,
    latitude: row.latitude,
    longitude: row.longitude,
    site: row.site,
    district: row.district,
    subdistrict: row.subdistrict,
    publishedDistrict: row.published_district,
    districtDisagrees:
      row.published_district !== null &&
      row.latitude !== null &&
      names.get(row.district ?? '') !== row.published_district.trim().toLowerCase(),
    owner: row.owner,
    vendor: row.vendor,
    group: row.camera_group,
    parentId: row.parent_id,
    enabled: row.enabled,
    judged: row.judged,
    status: toStatus(row),
  })
}

/** State of a camera over [from, to) without gaps, oldest first. */
export async function stateSpans(pool: Pool, cameraId: number, from: Date, to: Date): Promise<StateSpan[]> {
  const result = await pool.query<{ at: Date; state: CameraState }>({
    name: 'camera-spans',
    text: `(SELECT at, state FROM camera_transition WHERE camera_id = $1 AND at <= $2 ORDER BY at DESC LIMIT 1)
      UNION ALL (SELECT at, state FROM camera_transition WHERE camera_id = $1 AND at > $2 AND at < $3 ORDER BY at) ORDER BY at`,
    values: [cameraId, from, to],
  })
  const marks = result.rows.map((row) => ({ at: row.at < from ? from : row.at, state: row.state }))
  if (marks[0] === undefined || marks[0].at > from) marks.unshift({ at: from, state: 'unknown' })
  return marks.map((mark, index) => ({
    from: mark.at.toISOString(),
    to: (marks[index + 1]?.at ?? to).toISOString(),
    state: mark.state,
  }))
}

export async function outagesOf(pool: Pool, cameraId: number, limit: number): Promise<Outage[]> {
  const result = await pool.query<{
    id: number
    camera_id: number
    started_at: Date
    ended_at: Date | null
    cause: string | null
  }>({
    name: 'camera-outages',
    text: `SELECT * FROM outage WHERE camera_id = $1 ORDER BY started_at DESC LIMIT $2`,
    values: [cameraId, limit],
  })
  return result.rows.map((row) => ({
    id: row.id,
    cameraId: row.camera_id,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    cause: row.cause,
  }))
}

/** Milliseconds that each state held. */
export interface Held {
  up: number
  degraded: number
  down: number
  unknown: number
  /** planned: no part of what a camera could have done */
  maintenance: number
}
/** What the cameras of a district ('' is outside the city) did on a day of the city's calendar. */
export interface DistrictDay extends Held {
  day: string
  district: string
}

/**
 * Milliseconds in each state per day and district over [from, now): from the roll-up, and what is not rolled up yet
 * from the transitions themselves, each piece on the day to which it belongs.
 * @param from a midnight of the city's clock
 */
export async function heldSince(pool: Pool, from: Date, now: Date, timezone: string): Promise<DistrictDay[]> {
  const result = await pool.query<DistrictDay>({
    name: 'camera-held',
    text: `
    WITH progress AS MATERIALIZED (
      SELECT greatest($1, coalesce((SELECT done_until FROM job_progress WHERE job = 'camera-rollups'), $1)) AS done
    ), marks AS (
      SELECT c.camera_id, done AS at, coalesce(earlier.state, 'unknown') AS state
      FROM progress, camera_current c LEFT JOIN LATERAL (
        SELECT state FROM camera_transition t WHERE t.camera_id = c.camera_id AND t.at <= (SELECT done FROM progress)
        ORDER BY at DESC LIMIT 1) earlier ON true
      UNION ALL SELECT t.camera_id, t.at, t.state FROM camera_transition t
        WHERE t.at > (SELECT done FROM progress) AND t.at < $2
    ), spans AS (
      SELECT camera_id, state, at AS start, coalesce(lead(at) OVER (PARTITION BY camera_id ORDER BY at), $2) AS stop FROM marks
    ), recent AS (
      SELECT d::date AS day, coalesce(m.district, '') AS district, state,
        extract(epoch FROM least(stop, (d + interval '1 day') AT TIME ZONE $3) - greatest(start, d AT TIME ZONE $3)) * 1000 AS ms
      FROM spans JOIN camera m ON m.id = camera_id,
        generate_series(date_trunc('day', start AT TIME ZONE $3), stop AT TIME ZONE $3, interval '1 day') AS d
      WHERE start < stop
    ), parts AS (
      SELECT day, district, up_ms AS up, degraded_ms AS degraded, down_ms AS down, unknown_ms AS unknown, maintenance_ms AS maintenance
      FROM district_day WHERE day >= ($1 AT TIME ZONE $3)::date
      UNION ALL
      SELECT day, district, sum(ms) FILTER (WHERE state = 'up'), sum(ms) FILTER (WHERE state = 'degraded'),
        sum(ms) FILTER (WHERE state = 'down'), sum(ms) FILTER (WHERE state IN ('unknown', 'unreachable')), sum(ms) FILTER (WHERE state = 'maintenance')
      FROM recent GROUP BY day, district
    )
    SELECT day, district, coalesce(sum(up), 0)::float8 AS up, coalesce(sum(degraded), 0)::float8 AS degraded,
      coalesce(sum(down), 0)::float8 AS down, coalesce(sum(unknown), 0)::float8 AS unknown,
      coalesce(sum(maintenance), 0)::float8 AS maintenance
    FROM parts GROUP BY day, district`,
    values: [from, now, timezone],
  })
  return result.rows
}

export async function availabilityOf(pool: Pool, cameraId: number, from: Date): Promise<number | null> {
  const result = await pool.query<{ up: number; degraded: number; down: number }>({
    name: 'camera-availability',
    text: `SELECT coalesce(sum(up_ms), 0)::float8 AS up, coalesce(sum(degraded_ms), 0)::float8 AS degraded, coalesce(sum(down_ms), 0)::float8 AS down
      FROM camera_hour WHERE camera_id = $1 AND at >= $2`,
    values: [cameraId, from],
  })
  return result.rows[0] === undefined ? null : availability(result.rows[0])
}
