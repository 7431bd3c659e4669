/** A path of the city pack: steps of 1e-5 degrees, longitude and latitude in turn, the first from zero. */
export type EncodedPath = number[]
export interface AreaLayer {
  code: string
  name: string
  rings: EncodedPath[]
}
export interface MapLayers {
  /** whom to name for them */
  attribution: string
  districts: AreaLayer[]
  subdistricts: AreaLayer[]
  streets: Record<string, EncodedPath[]>
  rivers: Record<string, EncodedPath[]>
}

/** Positions as [lat, lng]. */
export function decodePath(path: EncodedPath): [number, number][] {
  const points: [number, number][] = []
  let [lng, lat] = [0, 0]
  for (let index = 0; index + 1 < path.length; index += 2) {
    lng += path[index] ?? 0
    lat += path[index + 1] ?? 0
    points.push([lat / 1e5, lng / 1e5])
  }
  return points
}
