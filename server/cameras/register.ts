import type { Pool, PoolClient } from 'pg'
import { storableText } from '../database/text.ts'
import type { CityPack } from '../cities/index.ts'
import { findPlaces } from './settings/place.ts'

/** What a source or the city pack says of a camera. */
export interface Listing {
  streamId: string
  name: string
  address?: string | undefined
  publishedDistrict?: string | undefined
  latitude?: number | undefined
  longitude?: number | undefined
  owner?: string | undefined
}

/** What somebody set by hand stays; else what the source says now, or said before where it says nothing now. */
const unlessPinned = (column: string, pin = column) =>
  `CASE WHEN '${pin}' = ANY(c.pinned) THEN c.${column} ELSE coalesce(excluded.${column}, c.${column}) END`
/** What follows from the position goes with it. */
const withPosition = (column: string) =>
  `CASE WHEN 'latitude' = ANY(c.pinned) OR excluded.latitude IS NULL THEN c.${column} ELSE excluded.${column} END`

const RENEWED: Record<string, string> = {
  name: unlessPinned('name'),
  address: unlessPinned('address'),
  latitude: unlessPinned('latitude'),
  longitude: unlessPinned('longitude', 'latitude'),
  site: withPosition('site'),
  district: withPosition('district'),
  subdistrict: withPosition('subdistrict'),
  published_district: 'coalesce(excluded.published_district, c.published_district)',
  owner: unlessPinned('owner'),
}
const columns = Object.keys(RENEWED).join(', ')
const stored = Object.keys(RENEWED)
  .map((column) => `c.${column}`)
  .join(', ')
const renewed = Object.values(RENEWED).join(', ')

const REGISTER = `
WITH listed AS (
  INSERT INTO camera AS c (stream_id, ${columns})
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
  ON CONFLICT (stream_id) DO UPDATE SET (${columns}) = ROW(${renewed})
  WHERE (${stored}) IS DISTINCT FROM (${renewed})
  RETURNING id
), current AS (
  INSERT INTO camera_current (camera_id, state, since, at, silent_after)
  SELECT id, 'unknown', now(), '-infinity', '-infinity' FROM listed ON CONFLICT DO NOTHING
)
SELECT count(*)::int AS renewed FROM listed`

/**
 * Adds cameras that are not known yet and renews what the source says of those that are, but for what somebody set by
 * hand. The district is the one in which the camera lies; the one that the source claims is kept beside it.
 * Returns how many are new or changed.
 */
export async function registerCameras(
  client: Pool | PoolClient,
  pack: CityPack,
  listings: Listing[],
): Promise<number> {
  if (listings.length === 0) return 0
  const places = await findPlaces(
    client,
    pack,
    listings.flatMap(({ streamId, latitude, longitude }) =>
      latitude === undefined || longitude === undefined ? [] : [{ streamId, latitude, longitude }],
    ),
  )
  const texts = (of: (listing: Listing) => string | undefined) =>
    listings.map((listing) => {
      const text = of(listing)
      return text === undefined ? null : storableText(text)
    })
  const placed = (part: 'site' | 'district' | 'subdistrict') =>
    listings.map(({ streamId }) => places.get(streamId)?.[part] ?? null)
  const result = await client.query<{ renewed: number }>(REGISTER, [
    texts((l) => l.streamId),
    texts((l) => l.name),
    texts((l) => l.address),
    listings.map((l) => l.latitude ?? null),
    listings.map((l) => l.longitude ?? null),
    placed('site'),
    placed('district'),
    placed('subdistrict'),
    texts((l) => l.publishedDistrict),
    texts((l) => l.owner),
  ])
  return result.rows[0]?.renewed ?? 0
}
