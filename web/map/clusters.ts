import Supercluster from 'supercluster'
import type { Camera, CameraState } from '#contract/model.ts'

/** The worse a state, the higher; a cluster shows its worst. */
const SEVERITY: Record<CameraState, number> = { up: 0, maintenance: 1, unknown: 2, degraded: 3, down: 4 }
export const worse = (a: CameraState, b: CameraState): CameraState => (SEVERITY[a] >= SEVERITY[b] ? a : b)

/** One thing to draw: a camera, or a cluster of several. */
export interface Mark {
  lat: number
  lng: number
  cameras: Camera[]
}
interface Point {
  camera: Camera
}

/**
 * Groups cameras by position only: a change of state recolours a mark and never moves one, so nothing flickers.
 * Members of each cluster are looked up once per zoom and kept.
 */
export class Clusters {
  // Without points it must answer too: the map asks before the cameras are there.
  #index = new Supercluster<Point>({ radius: 42, maxZoom: 17 }).load([])
  #members = new Map<number, Camera[]>()
  count = 0

  load(cameras: readonly Camera[]): void {
    this.#members.clear()
    this.count = cameras.length
    this.#index = new Supercluster<Point>({ radius: 42, maxZoom: 17 })
    this.#index.load(
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

  /** Marks within a box of degrees at a zoom. */
  within(box: [west: number, south: number, east: number, north: number], zoom: number): Mark[] {
    return this.#index.getClusters(box, Math.floor(zoom)).map((feature) => {
      const [lng = 0, lat = 0] = feature.geometry.coordinates
      if (!('cluster' in feature.properties)) return { lat, lng, cameras: [feature.properties.camera] }
      const id = feature.properties.cluster_id
      let cameras = this.#members.get(id)
      if (cameras === undefined) {
        cameras = this.#index.getLeaves(id, Infinity).map((leaf) => leaf.properties.camera)
        this.#members.set(id, cameras)
      }
      return { lat, lng, cameras }
    })
  }
}

export function worstOf(cameras: readonly Camera[]): CameraState {
  return cameras.reduce<CameraState>((worst, camera) => worse(worst, camera.status.state), 'up')
}
