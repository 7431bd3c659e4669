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

/** Degrees: at 60 degrees north still more than the metres within which cameras share a site. */
const CELL = 0.0004
const cellOf = (latitude: number, longitude: number) => ({
  row: Math.floor(latitude / CELL),
  column: Math.floor(longitude / CELL),
})

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
  const cells = new Map<string, Neighbour[]>()
  const put = (camera: Neighbour) => {
    const { row, column } = cellOf(camera.latitude, camera.longitude)
    const key = `${row} ${column}`
    cells.set(key, [...(cells.get(key) ?? []), camera])
  }
  const around = ({ latitude, longitude }: Position) => {
    const { row, column } = cellOf(latitude, longitude)
    return [-1, 0, 1].flatMap((north) =>
      [-1, 0, 1].flatMap((east) => cells.get(`${row + north} ${column + east}`) ?? []),
    )
  }
  standing.forEach(put)
  const own = siteOf(moved)
  const places = new Map<string, Place>()
  for (const camera of moved) {
    const near = around(camera)
    const sites = siteOf([camera, ...near])
    const mate = near.find(
      (other) => other.site !== null && sites.get(other.streamId) === sites.get(camera.streamId),
    )
    const site = mate?.site ?? own.get(camera.streamId) ?? ''
    put({ ...camera, site })
    places.set(camera.streamId, {
      site,
      district: districtAt(pack, camera.latitude, camera.longitude) ?? null,
      subdistrict: subdistrictAt(pack, camera.latitude, camera.longitude) ?? null,
    })
  }
  return places
}

/** As placesOf, among the cameras that the store holds. */
export async function findPlaces(
  client: Pool | PoolClient,
  pack: Pick<CityPack, 'districts' | 'subdistricts'>,
  moved: readonly Position[],
): Promise<Map<string, Place>> {
  if (moved.length === 0) return new Map()
  const latitudes = moved.map(({ latitude }) => latitude)
  const longitudes = moved.map(({ longitude }) => longitude)
  const margin = 2 * CELL
  const { rows } = await client.query<Neighbour>(
    `SELECT stream_id AS "streamId", latitude, longitude, site FROM camera
     WHERE latitude BETWEEN $1 AND $2 AND longitude BETWEEN $3 AND $4 AND stream_id <> ALL($5::text[])`,
    [
      smallest(latitudes) - margin,
      -smallest(latitudes.map((value) => -value)) + margin,
      smallest(longitudes) - margin,
      -smallest(longitudes.map((value) => -value)) + margin,
      moved.map(({ streamId }) => streamId),
    ],
  )
  return placesOf(pack, moved, rows)
}

/** Math.min takes no more arguments than the stack holds. */
const smallest = (values: readonly number[]) =>
  values.reduce((least, value) => Math.min(least, value), Infinity)
