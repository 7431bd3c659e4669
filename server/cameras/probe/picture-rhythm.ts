import type { FastifyBaseLogger } from 'fastify'
import type { Pool } from 'pg'
import { checkPicture, keepEvidence, pictureFails, pictureSource, type PictureDeps } from './picture/index.ts'
import type { Subject } from './subject.ts'
import type { Probed } from './types.ts'

/** A picture costs a process or a decoder: so many at once. */
const AT_ONCE = 4

/**
 * The picture's slower rhythm beside the checks: a camera that answers is looked at where that is due, and none waits for
 * it. While none comes it is asked for again with every check, so that one picture that failed is not held against it.
 */
export class PictureRhythm {
  readonly #pool: Pool
  readonly #log: FastifyBaseLogger
  readonly #deps: PictureDeps
  #running = new Set<Promise<void>>()
  #busy = new Set<Subject>()
  #waiting: (() => void)[] = []

  constructor(pool: Pool, log: FastifyBaseLogger, deps: PictureDeps) {
    this.#pool = pool
    this.#log = log
    this.#deps = deps
  }

  /** @param judged called where the picture was looked at */
  offer(subject: Subject, probed: Probed, judged: () => void): void {
    const { settings, targets } = probed
    if (!settings.layers.includes('picture') || pictureSource(probed) === null || this.#busy.has(subject))
      return
    const { finding } = subject.picture
    const rhythm =
      finding != null && pictureFails(finding, targets) ? settings.intervalSeconds : settings.pictureSeconds
    if (this.#deps.now() - subject.lastPictureAt < rhythm * 1_000) return
    subject.lastPictureAt = this.#deps.now()
    this.#busy.add(subject)
    const go = () => {
      const run = this.#look(subject, probed, judged)
        .catch((error: unknown) => this.#log.warn({ err: error }, 'a picture could not be looked at'))
        .finally(() => {
          this.#busy.delete(subject)
          this.#running.delete(run)
          this.#waiting.shift()?.()
        })
      this.#running.add(run)
    }
    if (this.#running.size < AT_ONCE) go()
    else this.#waiting.push(go)
  }

  async close(): Promise<void> {
    this.#waiting = []
    await Promise.all(this.#running)
  }

  async #look(subject: Subject, probed: Probed, judged: () => void): Promise<void> {
    const seen = await checkPicture(probed, subject.picture, this.#deps)
    subject.picture = await keepEvidence(this.#pool, subject.planned.id, new Date(this.#deps.now()), seen)
    judged()
  }
}
