import { randomUUID } from 'node:crypto'
import type { ReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from '../cameras/probe/picture/index.ts'
import { AppError } from '../errors.ts'
import { PLAYLIST, SEGMENT, startRemux, type Remux, type RemuxDeps } from './remux.ts'

export interface RemuxLimits {
  /** processes at a time, over all cameras */
  most: number
  /** without anybody asking, ms */
  idleMs: number
}

interface Camera {
  askedAt: number
  /** who wait for its first picture are not gone */
  waiting: number
  running: { remux: Remux; folder: string } | undefined
  failures: number
  /** before then it is not tried again, ms since 1970 */
  notBefore: number
}

const LONGEST_WAIT_MS = 30_000
/** One that ran for so long had begun well: its end is a first failure. */
const STEADY_MS = 30_000

/** After the first failure at once, then 2, 4, 8 ... 30 s. */
export const waitAfter = (failures: number): number =>
  failures <= 1 ? 0 : Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** (failures - 1))

/** Cameras whose RTSP is turned into HLS: one process each, shared by all who watch, ended when nobody asks any more. */
export class Remuxes {
  readonly #cameras = new Map<number, Camera>()
  /** of each process, until it is gone and its folder with it */
  readonly #alive = new Set<Promise<void>>()
  readonly #root: string
  readonly #deps: RemuxDeps
  readonly #limits: RemuxLimits
  #closed = false

  /** @param root the folder below which those of the cameras are made */
  constructor(root: string, deps: RemuxDeps, limits: RemuxLimits) {
    this.#root = root
    this.#deps = deps
    this.#limits = limits
  }

  /** Processes now. */
  get running(): number {
    return this.#alive.size
  }

  /** The playlist, as ffmpeg wrote it; the first to ask starts it. Throws an AppError, a ProbeFault, or FfmpegMissing. */
  async playlist(cameraId: number, place: Place): Promise<string> {
    const camera = this.#ask(cameraId)
    camera.running ??= this.#start(camera, place)
    const { remux, folder } = camera.running
    camera.waiting += 1
    try {
      await remux.ready
    } finally {
      camera.waiting -= 1
      camera.askedAt = this.#deps.now()
    }
    return readFile(join(folder, PLAYLIST), 'utf8').catch(() => {
      throw gone()
    })
  }

  /** Throws 'not-found' where there is no such segment, or none any more. */
  async segment(cameraId: number, name: string): Promise<ReadStream> {
    const running = this.#cameras.get(cameraId)?.running
    if (running === undefined || !SEGMENT.test(name)) throw gone()
    this.#ask(cameraId)
    const file = await open(join(running.folder, name)).catch(() => {
      throw gone()
    })
    return file.createReadStream()
  }

  /** Ends what nobody asks for any more. */
  sweep(now: number): void {
    for (const [id, camera] of this.#cameras) {
      if (camera.waiting > 0 || now - camera.askedAt <= this.#limits.idleMs || now < camera.notBefore)
        continue
      this.#cameras.delete(id)
      camera.running?.remux.stop()
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const { running } of this.#cameras.values()) running?.remux.stop()
    await Promise.all(this.#alive)
  }

  #ask(cameraId: number): Camera {
    const camera = this.#cameras.get(cameraId) ?? {
      askedAt: 0,
      waiting: 0,
      running: undefined,
      failures: 0,
      notBefore: 0,
    }
    camera.askedAt = this.#deps.now()
    this.#cameras.set(cameraId, camera)
    return camera
  }

  #start(camera: Camera, place: Place) {
    const now = this.#deps.now()
    if (this.#closed) throw new AppError('unavailable', 'The server is closing.')
    if (now < camera.notBefore)
      throw new AppError(
        'unavailable',
        `This camera sends no video now; it is asked again in ${Math.ceil((camera.notBefore - now) / 1_000)} s.`,
      )
    const { most } = this.#limits
    if (this.#alive.size >= most)
      throw new AppError('too-many', `${most} cameras are watched by RTSP at this moment: close one first.`)
    const folder = join(this.#root, randomUUID())
    const remux = startRemux(place, folder, this.#deps)
    const running = { remux, folder }
    void remux.ended.then(() => {
      camera.running = undefined
      camera.failures = this.#deps.now() - now > STEADY_MS ? 1 : camera.failures + 1
      camera.notBefore = this.#deps.now() + waitAfter(camera.failures)
    })
    const over: Promise<void> = remux.cleared.finally(() => this.#alive.delete(over))
    this.#alive.add(over)
    return running
  }
}

const gone = () => new AppError('not-found', 'This part of the video is gone.')
