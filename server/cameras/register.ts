import type { Pool, PoolClient } from 'pg'
import { storableText } from '../database/text.ts'
import { districtAt, siteOf, subdistrictAt, type CityPack } from '../cities/index.ts'

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

/**
 * Adds cameras that are not known yet and renews what the source says of those that are. The district is the one in
 * which the camera lies; the one that the source claims is kept beside it.
 */
export async function registerCameras(
  client: Pool | PoolClient,
  pack: CityPack,
  listings: Listing[],
): Promise<number> {
  if (listings.length === 0) return 0
  const placed = listings.flatMap(({ streamId, latitude, longitude }) =>
    latitude === undefined || longitude === undefined ? [] : [{ streamId, latitude, longitude }],
  )
  const sites = siteOf(placed)
  const place = (listing: Listing, find: (pack: CityPack, lat: number, lng: number) => string | undefined) =>
    listing.latitude === undefined || listing.longitude === undefined
      ? null
      : (find(pack, listing.latitude, listing.longitude) ?? null)
  const texts = (of: (listing: Listing) => string | undefined) =>
    listings.map((listing) => {
      const text = of(listing)
      return text === undefined ? null : storableText(text)
    })
  const result = await client.query<{ renewed: number }>(
    `WITH listed AS (
       INSERT INTO camera AS c (stream_id, name, address, latitude, longitude, site, district, subdistrict, published_district, owner)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
       ON CONFLICT (stream_id) DO UPDATE SET
         name = excluded.name, address = coalesce(excluded.address, c.address),
         latitude = coalesce(excluded.latitude, c.latitude), longitude = coalesce(excluded.longitude, c.longitude),
         site = coalesce(excluded.site, c.site),
         district = CASE WHEN excluded.latitude IS NULL THEN c.district ELSE excluded.district END,
         subdistrict = CASE WHEN excluded.latitude IS NULL THEN c.subdistrict ELSE excluded.subdistrict END,
         published_district = coalesce(excluded.published_district, c.published_district), owner = coalesce(excluded.owner, c.owner)
       WHERE (c.name, c.latitude, c.longitude, c.published_district) IS DISTINCT FROM
         (excluded.name, excluded.latitude, excluded.longitude, excluded.published_district)
       RETURNING id
     ), current AS (
       INSERT INTO camera_current (camera_id, state, since, at, silent_after)
       SELECT id, 'unknown', now(), '-infinity', '-infinity' FROM listed ON CONFLICT DO NOTHING
     )
     SELECT count(*)::int AS renewed FROM listed`,
    [
      texts((l) => l.streamId),
      texts((l) => l.name),
      texts((l) => l.address),
      listings.map((l) => l.latitude ?? null),
      listings.map((l) => l.longitude ?? null),
      listings.map((l) => sites.get(l.streamId) ?? null),
      listings.map((l) => place(l, districtAt)),
      listings.map((l) => place(l, subdistrictAt)),
      texts((l) => l.publishedDistrict),
      texts((l) => l.owner),
    ],
  )
  return result.rows[0]?.renewed ?? 0
}
