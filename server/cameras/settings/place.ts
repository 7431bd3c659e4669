import type { Pool, PoolClient } from 'pg'
import { districtAt, siteOf, subdistrictAt, type CityPack } from '../../cities/index.ts'

export interface Position {
  streamId: string
  latitude: number
  longitude: number
}
/** What follows from where a camera is; null where that is not known. */
export interface Place {
  site: string | null
  /** codes of the pack; null outside the city too */
  district: string | null
  subdistrict: string | null
}
export const NOWHERE: Place = { site: null, district: null, subdistrict: null }

interface Neighbour extends Position {
  site: string | null
}

/**
 * Where cameras lie that are new or moved: district and subdistrict by the pack; the site of the cameras that already
 * stand there, else one of their own, which those that come together share.
 * @param standing cameras that stay where they are
 */
export function placesOf(
  pack: Pick<CityPack, 'districts' | 'subdistricts'>,
  moved: readonly Position[],
  standing: readonly Neighbour[],
): Map<string, Place> {
  const together = siteOf([...moved, ...standing])
  const known = new Map<string | undefined, string>()
  for (const { streamId, site } of standing) {
    const group = together.get(streamId)
    if (site !== null && !known.has(group)) known.set(group, site)
  }
  const places = new Map<string, Place>()
  for (const { streamId, latitude, longitude } of moved) {
    const group = together.get(streamId)
    places.set(streamId, {
      site: known.get(group) ?? group ?? null,
      district: districtAt(pack, latitude, longitude) ?? null,
      subdistrict: subdistrictAt(pack, latitude, longitude) ?? null,
    })
  }
  return places
}

/** Degrees in which there may be a mate. */
const MARGIN = 0.0008

/** As placesOf, among the cameras that the store holds. */
export async function findPlaces(
  client: Pool | PoolClient,
  pack: Pick<CityPack, 'districts' | 'subdistricts'>,
  moved: readonly Position[],
): Promise<Map<string, Place>> {
  if (moved.length === 0) return new Map()
  const latitudes = moved.map(({ latitude }) => latitude)
  const longitudes = moved.map(({ longitude }) => longitude)
  const { rows } = await client.query<Neighbour>(
    `SELECT stream_id AS "streamId", latitude, longitude, site FROM camera
     WHERE latitude BETWEEN $1 AND $2 AND longitude BETWEEN $3 AND $4 AND stream_id <> ALL($5::text[])`,
    [
      smallest(latitudes) - MARGIN,
      -smallest(latitudes.map((value) => -value)) + MARGIN,
      smallest(longitudes) - MARGIN,
      -smallest(longitudes.map((value) => -value)) + MARGIN,
      moved.map(({ streamId }) => streamId),
    ],
  )
  return placesOf(pack, moved, rows)
}

/** Math.min takes no more arguments than the stack holds. */
const smallest = (values: readonly number[]) =>
  values.reduce((least, value) => Math.min(least, value), Infinity)
