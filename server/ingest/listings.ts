import { registerCameras, type Listing } from '../cameras/index.ts'
import type { Context } from '../context.ts'
import type { CameraIds } from './camera-ids.ts'
import type { CameraReading } from './reading.ts'

/** What sources said of their cameras last; only what is new or changed is written. */
export class Listings {
  readonly #context: Pick<Context, 'pool' | 'pack' | 'bus' | 'config' | 'log'>
  readonly #ids: CameraIds
  #said = new Map<string, string>()

  constructor(context: Pick<Context, 'pool' | 'pack' | 'bus' | 'config' | 'log'>, ids: CameraIds) {
    this.#context = context
    this.#ids = ids
  }

  /** Registers what a list says of its cameras now. A camera that it names twice (in two districts) is as it is named last. */
  async renew(readings: readonly CameraReading[]): Promise<void> {
    const said = new Map(readings.map((reading) => [reading.cameraId, listingOf(reading)]))
    const changed = [...said].filter(([id, listing]) => this.#said.get(id) !== JSON.stringify(listing))
    if (changed.length === 0) return
    await this.#register(changed.map(([, listing]) => listing))
    for (const [id, listing] of changed) this.#said.set(id, JSON.stringify(listing))
  }

  /** Registers only cameras that nobody knows yet: what was read some time ago renews nothing. */
  async add(readings: readonly CameraReading[]): Promise<void> {
    const known = await this.#ids.get()
    const fresh = new Map(
      readings.filter(({ cameraId }) => !known.has(cameraId)).map((one) => [one.cameraId, listingOf(one)]),
    )
    await this.#register([...fresh.values()])
  }

  async #register(listings: Listing[]): Promise<void> {
    const known = await this.#ids.get()
    const fresh = listings.filter(({ streamId }) => !known.has(streamId))
    const room = Math.max(0, this.#context.config.maxCameras - known.size)
    // What finds no room stays unknown, so its statuses are refused and seen.
    const over = new Set(fresh.slice(room))
    const taken = listings.filter((listing) => !over.has(listing))
    if (over.size > 0)
      this.#context.log.warn(
        { cameras: over.size, most: this.#context.config.maxCameras },
        'a list names more cameras than MAX_CAMERAS lets in',
      )
    if (taken.length === 0) return
    const { pool, pack, bus } = this.#context
    const renewed = await registerCameras(pool, pack, taken)
    await this.#ids.renew()
    if (renewed > 0) bus.tell('cameras:listed', null)
  }
}

const listingOf = ({
  cameraId,
  name,
  address,
  latitude,
  longitude,
  publishedDistrict,
  owner,
}: CameraReading): Listing => ({
  streamId: cameraId,
  name,
  address,
  latitude,
  longitude,
  publishedDistrict,
  owner,
})
