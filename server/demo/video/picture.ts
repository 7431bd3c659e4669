import sharp from 'sharp'
import { HEIGHT, sceneSvg, WIDTH } from './scene.ts'

/** What was rendered within the same second is shared; older ones are let go. */
const MOST_KEPT = 32

/** Pictures of the stand-in cameras, as JPEG of 480 x 270, made when they are asked for. */
export class Pictures {
  readonly #kept = new Map<string, Promise<Buffer>>()

  /** The scene of a camera's seed at a moment, seconds since 1970. */
  scene(seed: number, seconds: number): Promise<Buffer> {
    const key = `${seed} ${seconds}`
    const known = this.#kept.get(key)
    if (known !== undefined) return known
    const oldest = this.#kept.size < MOST_KEPT ? undefined : this.#kept.keys().next().value
    if (oldest !== undefined) this.#kept.delete(oldest)
    const made = sharp(Buffer.from(sceneSvg(seed, seconds)))
      .jpeg({ quality: 70 })
      .toBuffer()
    this.#kept.set(key, made)
    return made
  }

  /** A lens that sees nothing. */
  black(): Promise<Buffer> {
    return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#050505' } })
      .jpeg({ quality: 70 })
      .toBuffer()
  }
}
