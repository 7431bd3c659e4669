import { decode, grab, pictureSource, type GrabDeps, type Place } from '../cameras/probe/picture/index.ts'
import { AppError } from '../errors.ts'

/** Shared by all who look, for so long, ms. */
const FRESH_MS = 5_000
const TIMEOUT_MS = 8_000
/** Of pictures that wait to be made: whoever comes later is told so at once. */
const MOST_UNDER_WAY = 100

interface Shared {
  at: number
  jpeg: Promise<Buffer>
}

/** Fresh pictures of cameras, each made once however many ask. What failed is shared, too: a dead camera is not asked by each viewer. */
export class Snapshots {
  readonly #shared = new Map<number, Shared>()
  readonly #deps: GrabDeps
  #underWay = 0

  constructor(deps: GrabDeps) {
    this.#deps = deps
  }

  /** A JPEG of at most 480 pixels' width. Throws an AppError, a ProbeFault, or FfmpegMissing. */
  get(cameraId: number, place: Place): Promise<Buffer> {
    const shared = this.#shared.get(cameraId)
    if (shared !== undefined && this.#deps.now() - shared.at <= FRESH_MS) return shared.jpeg
    const source = pictureSource(place)
    if (source === null) throw new AppError('not-found', 'This camera has no picture to look at.')
    if (this.#underWay >= MOST_UNDER_WAY)
      throw new AppError('too-many', `${MOST_UNDER_WAY} pictures are being made already: ask again later.`)
    this.#underWay += 1
    const fresh: Shared = {
      at: Infinity,
      jpeg: grab(source, { ...place, settings: { timeoutMs: TIMEOUT_MS } }, this.#deps)
        .then(async (picture) => (await decode(picture)).thumbnail)
        .finally(() => {
          this.#underWay -= 1
          fresh.at = this.#deps.now()
        }),
    }
    this.#shared.set(cameraId, fresh)
    return fresh.jpeg
  }

  /** Lets go of what is no longer fresh. */
  sweep(now: number): void {
    for (const [id, { at }] of this.#shared) if (now - at > FRESH_MS) this.#shared.delete(id)
  }
}
