import type { Pool, PoolClient } from 'pg'
import type { CameraChange, CameraEdit } from '#contract/camera-list.ts'
import type { PartialSettings, Targets } from '#contract/probing.ts'
import { storableJson } from '../../database/text.ts'
import type { Change } from './changes.ts'
import type { Place } from './place.ts'

/** All that is set of a camera. */
export interface StoredCamera extends CameraEdit {
  id: number
  streamId: string
  hasSecret: boolean
  pinned: string[]
  place: Place
}

interface Row {
  id: number
  stream_id: string
  name: string
  address: string | null
  latitude: number | null
  longitude: number | null
  owner: string | null
  vendor: string | null
  camera_group: string | null
  parent_id: number | null
  enabled: boolean
  targets: Targets
  settings: PartialSettings
  has_secret: boolean
  pinned: string[]
  site: string | null
  district: string | null
  subdistrict: string | null
}

const STORED = `SELECT id, stream_id, name, address, latitude, longitude, owner, vendor, camera_group, parent_id, enabled,
  targets, settings, secret IS NOT NULL AS has_secret, pinned, site, district, subdistrict FROM camera`

function toStored(row: Row): StoredCamera {
  return {
    id: row.id,
    streamId: row.stream_id,
    name: row.name,
    address: row.address,
    latitude: row.latitude,
    longitude: row.longitude,
    owner: row.owner,
    vendor: row.vendor,
    group: row.camera_group,
    parentId: row.parent_id,
    enabled: row.enabled,
    targets: row.targets,
    settings: row.settings,
    hasSecret: row.has_secret,
    pinned: row.pinned,
    place: { site: row.site, district: row.district, subdistrict: row.subdistrict },
  }
}

/** What is set of a stored camera, without what it is. */
export function editOf(camera: StoredCamera): CameraEdit {
  const {
    id: _id,
    streamId: _streamId,
    hasSecret: _hasSecret,
    pinned: _pinned,
    place: _place,
    ...edit
  } = camera
  return edit
}

export async function readStored(client: Pool | PoolClient, id: number): Promise<StoredCamera | undefined> {
  const { rows } = await client.query<Row>({
    name: 'camera-stored',
    text: `${STORED} WHERE id = $1`,
    values: [id],
  })
  return rows.map(toStored)[0]
}

export async function listStored(client: Pool | PoolClient): Promise<StoredCamera[]> {
  const { rows } = await client.query<Row>(`${STORED} ORDER BY stream_id`)
  return rows.map(toStored)
}

/**
 * Locks them for the rest of the transaction, so that a change is made to what it was decided upon. Not their keys: the prober, which
 * holds their states and writes outages that point to them, would wait for who waits for it.
 */
export async function lockStored(
  client: PoolClient,
  by: { ids: readonly number[] } | { streamIds: readonly string[] },
): Promise<StoredCamera[]> {
  const [where, values] =
    'ids' in by ? ['id = ANY($1::int[])', by.ids] : ['stream_id = ANY($1::text[])', by.streamIds]
  const { rows } = await client.query<Row>(`${STORED} WHERE ${where} ORDER BY id FOR NO KEY UPDATE`, [values])
  return rows.map(toStored)
}

export interface CameraWrite {
  streamId: string
  edit: CameraEdit
  /** columns that are pinned from now on, beside those that are already */
  pins: string[]
  place: Place
}

/** Writes cameras by their stream ids, those that are not there yet too. Returns the id of each. */
export async function writeCameras(
  client: PoolClient,
  writes: readonly CameraWrite[],
): Promise<Map<string, number>> {
  const { rows } = await client.query<{ id: number; stream_id: string }>(
    `INSERT INTO camera AS c (stream_id, name, address, latitude, longitude, site, district, subdistrict, owner, vendor,
       camera_group, parent_id, enabled, targets, settings, pinned)
     SELECT "streamId", name, address, latitude, longitude, site, district, subdistrict, owner, vendor,
       "group", "parentId", enabled, targets, settings, ARRAY(SELECT jsonb_array_elements_text(pins))
     FROM jsonb_to_recordset($1::jsonb) AS w("streamId" text, name text, address text, latitude float8, longitude float8,
       site text, district text, subdistrict text, owner text, vendor text, "group" text, "parentId" int,
       enabled boolean, targets jsonb, settings jsonb, pins jsonb)
     ON CONFLICT (stream_id) DO UPDATE SET name = excluded.name, address = excluded.address, latitude = excluded.latitude,
       longitude = excluded.longitude, site = excluded.site, district = excluded.district,
       subdistrict = excluded.subdistrict, owner = excluded.owner, vendor = excluded.vendor,
       camera_group = excluded.camera_group, parent_id = excluded.parent_id, enabled = excluded.enabled,
       targets = excluded.targets, settings = excluded.settings,
       pinned = ARRAY(SELECT DISTINCT unnest(c.pinned || excluded.pinned) ORDER BY 1)
     RETURNING id, stream_id`,
    [storableJson(writes.map(({ streamId, edit, pins, place }) => ({ streamId, ...edit, ...place, pins })))],
  )
  return new Map(rows.map((row) => [row.stream_id, row.id]))
}

/** @param secrets sealed user names and passwords; null removes what is kept */
export async function writeSecrets(
  client: PoolClient,
  secrets: readonly { cameraId: number; secret: Buffer | null }[],
): Promise<void> {
  await client.query(
    `UPDATE camera SET secret = s.secret FROM unnest($1::int[], $2::bytea[]) AS s(id, secret) WHERE camera.id = s.id`,
    [secrets.map(({ cameraId }) => cameraId), secrets.map(({ secret }) => secret)],
  )
}

export async function writeChanges(
  client: PoolClient,
  changes: readonly (Change & { cameraId: number })[],
  actor: string,
  action: string,
): Promise<void> {
  await client.query(
    `INSERT INTO camera_change (camera_id, actor, action, before, after)
     SELECT "cameraId", $2, $3, before, after
     FROM jsonb_to_recordset($1::jsonb) AS c("cameraId" int, before jsonb, after jsonb)`,
    [storableJson(changes), actor, action],
  )
}

/** Newest first. */
export async function listChanges(pool: Pool, cameraId: number, limit: number): Promise<CameraChange[]> {
  const { rows } = await pool.query<Omit<CameraChange, 'at'> & { at: Date }>({
    name: 'camera-changes',
    text: `SELECT id, at, actor, action, before, after FROM camera_change WHERE camera_id = $1 ORDER BY id DESC LIMIT $2`,
    values: [cameraId, limit],
  })
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}
