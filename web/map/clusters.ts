import Supercluster from 'supercluster'
import type { Camera, ShownState } from '#contract/camera.ts'
import { shownState } from '../cameras/urgency.ts'

/** The worse a state, the higher; a cluster shows its worst. */
const SEVERITY: Record<ShownState, number> = {
  up: 0,
  maintenance: 1,
  unknown: 2,
  unreachable: 3,
  degraded: 4,
  flapping: 5,
  down: 6,
}

/** One place on the map: a camera, or several that are drawn as one. */
export interface Mark {
  lat: number
  lng: number
  cameras: readonly Camera[]
}
/** What is seen of a mark while only some states are shown. */
export interface Seen {
  lat: number
  lng: number
  count: number
  worst: ShownState
  /** how many of them are in the worst state */
  inWorst: number
  /** a camera in the worst state */
  camera: Camera
}
interface Point {
  camera: Camera
}
type Box = [west: number, south: number, east: number, north: number]

/** So close, px, symbols of a desk's size become one. */
const RADIUS = 42

/**
 * Groups cameras by position only: a change of state, or which states are shown, recolours a mark and never regroups,
 * so nothing flickers. Members of each cluster are looked up once and kept until other cameras are loaded.
 */
export class Clusters {
  // Without points it must answer too: the map asks before the cameras are there.
  #index: Supercluster<Point>
  readonly #radius: number
  #members = new Map<number, Camera[]>()

  /** @param scale how many times as large as on a desk the symbols are */
  constructor(scale = 1) {
    this.#radius = RADIUS * scale
    this.#index = this.#newIndex().load([])
  }

  load(cameras: readonly Camera[]): void {
    this.#members.clear()
    this.#index = this.#newIndex().load(
      cameras.flatMap((camera) =>
        camera.latitude === null || camera.longitude === null
          ? []
          : [
              {
                type: 'Feature' as const,
                properties: { camera },
                geometry: { type: 'Point' as const, coordinates: [camera.longitude, camera.latitude] },
              },
            ],
      ),
    )
  }

  #newIndex(): Supercluster<Point> {
    return new Supercluster<Point>({ radius: this.#radius, maxZoom: 17 })
  }

  /** Marks within a box of degrees at a zoom. */
  within(box: Box, zoom: number): Mark[] {
    return this.#index.getClusters(box, Math.floor(zoom)).map((feature) => {
      const [lng = 0, lat = 0] = feature.geometry.coordinates
      if (!('cluster' in feature.properties)) return { lat, lng, cameras: [feature.properties.camera] }
      return { lat, lng, cameras: this.#membersOf(feature.properties.cluster_id) }
    })
  }

  #membersOf(cluster: number): Camera[] {
    const known = this.#members.get(cluster)
    if (known !== undefined) return known
    const members = this.#index.getLeaves(cluster, Infinity).map((leaf) => leaf.properties.camera)
    this.#members.set(cluster, members)
    return members
  }
}

/**
 * What a mark shows of the states asked for (none: of all); null where nothing is left to show. A mark stays where it
 * is whatever its cameras' states; only a last camera that is left of a cluster stands at its own place.
 */
export function seen({ lat, lng, cameras }: Mark, states: ReadonlySet<ShownState>): Seen | null {
  let camera: Camera | undefined
  let [count, severity, inWorst] = [0, -1, 0]
  for (const one of cameras) {
    const state = shownState(one.status)
    if (states.size > 0 && !states.has(state)) continue
    count += 1
    const own = SEVERITY[state]
    if (own > severity) {
      camera = one
      severity = own
      inWorst = 1
    } else if (own === severity) inWorst += 1
  }
  if (camera === undefined) return null
  const place = count > 1 ? { lat, lng } : { lat: camera.latitude ?? lat, lng: camera.longitude ?? lng }
  return { ...place, count, worst: shownState(camera.status), inWorst, camera }
}
