import type { CityPack } from './pack.ts'

/**
 * A line as whole numbers of 1e-5 degree: lng, lat of the first point, then the step to each next point.
 * To decode: add up the steps and divide by 1e5, as `decodePath` does.
 */
export type EncodedPath = number[]
export type AreaLayer = { code: string; name: string; rings: EncodedPath[] }
export type MapLayers = {
  bounds: [[number, number], [number, number]]
  /** whom to name for them */
  attribution: string
  districts: AreaLayer[]
  subdistricts: (AreaLayer & { district: string })[]
  /** By kind: toll, collector, local, other. */
  streets: Record<string, EncodedPath[]>
  rivers: Record<string, EncodedPath[]>
}

const SCALE = 1e5

/** What the map draws of a city, small enough to send whole. */
export function mapLayers(pack: CityPack): MapLayers {
  return {
    bounds: pack.city.bounds,
    attribution: pack.city.mapAttribution,
    districts: pack.districts.map(({ code, name, rings }) => ({ code, name, rings: encodeRings(rings) })),
    subdistricts: pack.subdistricts.map(({ code, name, district, rings }) => ({
      code,
      name,
      district,
      rings: encodeRings(rings),
    })),
    streets: encodeKinds(pack.streets),
    rivers: encodeKinds(pack.rivers),
  }
}

/** Points as [lat, lng], the order that Leaflet takes. */
export function decodePath(path: EncodedPath): [lat: number, lng: number][] {
  const points: [number, number][] = []
  let lng = 0
  let lat = 0
  for (let i = 0; i + 1 < path.length; i += 2) {
    lng += path[i] ?? 0
    lat += path[i + 1] ?? 0
    points.push([lat / SCALE, lng / SCALE])
  }
  return points
}

function encodeRings(rings: [number, number][][]): EncodedPath[] {
  return rings.map((ring) => encodePath(ring.flat()))
}

function encodeKinds(kinds: Record<string, number[][]>): Record<string, EncodedPath[]> {
  return Object.fromEntries(Object.entries(kinds).map(([kind, lines]) => [kind, lines.map(encodePath)]))
}

function encodePath(flat: number[]): EncodedPath {
  const whole = flat.map((degrees) => Math.round(degrees * SCALE))
  return whole.map((value, index) => value - (index < 2 ? 0 : (whole[index - 2] ?? 0)))
}
