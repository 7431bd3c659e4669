import locate from 'robust-point-in-polygon'
import type { Camera, CityPack } from './pack.ts'

/** BPS code of the district a place lies in; undefined outside the city. */
export function districtAt(pack: Pick<CityPack, 'districts'>, lat: number, lng: number): string | undefined {
  return pack.districts.find(({ rings }) => holds(rings, lat, lng))?.code
}

/** BPS code of the subdistrict a place lies in; undefined outside the city. */
export function subdistrictAt(
  pack: Pick<CityPack, 'subdistricts'>,
  lat: number,
  lng: number,
): string | undefined {
  return pack.subdistricts.find(({ rings }) => holds(rings, lat, lng))?.code
}

/** In an odd number of rings is inside, so a hole is out and a second part is in; an edge is inside. */
function holds(rings: readonly (readonly [number, number][])[], lat: number, lng: number): boolean {
  let inside = 0
  for (const ring of rings) {
    const place = locate(ring, [lng, lat])
    if (place === 0) return true
    if (place < 0) inside += 1
  }
  return inside % 2 === 1
}

const SITE_METERS = 15
const METERS_PER_DEGREE = 111_320

type Placed = Pick<Camera, 'streamId' | 'latitude' | 'longitude'>

/** Degrees: at 60 degrees north still more than the metres within which cameras share a site. */
const CELL = 0.0004

/**
 * Site (pole) of each camera, by stream id: cameras within 15 m of one another share it. The id is the
 * rounded position of the member with the smallest stream id, so it stays the same from load to load and
 * when the list comes in another order. However many stand on one spot, each is looked at once.
 */
export function siteOf(cameras: readonly Placed[]): Map<string, string> {
  const sorted = [...cameras].sort((a, b) => (a.streamId < b.streamId ? -1 : 1))
  /** by cell, those that belong to no site yet */
  const left = new Map<string, Set<Placed>>()
  const cellOf = ({ latitude, longitude }: Placed) => [
    Math.floor(latitude / CELL),
    Math.floor(longitude / CELL),
  ]
  for (const camera of sorted) {
    const key = cellOf(camera).join()
    const cell = left.get(key)
    if (cell === undefined) left.set(key, new Set([camera]))
    else cell.add(camera)
  }
  const sites = new Map<string, string>()
  for (const camera of sorted) {
    if (left.get(cellOf(camera).join())?.delete(camera) !== true) continue
    const site = siteId(camera)
    sites.set(camera.streamId, site)
    const reached = [camera]
    for (let at = reached.pop(); at; at = reached.pop()) {
      const [row = 0, column = 0] = cellOf(at)
      for (const north of [-1, 0, 1])
        for (const east of [-1, 0, 1]) {
          const cell = left.get(`${row + north},${column + east}`)
          for (const other of cell ?? []) {
            if (!isNear(at, other)) continue
            cell?.delete(other)
            sites.set(other.streamId, site)
            reached.push(other)
          }
        }
    }
  }
  return sites
}

function siteId({ latitude, longitude }: Placed): string {
  return `p${latitude.toFixed(5)}_${longitude.toFixed(5)}`
}

function isNear(a: Placed, b: Placed): boolean {
  const north = (a.latitude - b.latitude) * METERS_PER_DEGREE
  if (Math.abs(north) > SITE_METERS) return false
  const east = (a.longitude - b.longitude) * METERS_PER_DEGREE * Math.cos((a.latitude * Math.PI) / 180)
  return Math.hypot(north, east) <= SITE_METERS
}
