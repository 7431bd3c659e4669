import type { FastifyBaseLogger } from 'fastify'
import type { Pool } from 'pg'
import type { Bus } from '../../live/bus.ts'
import type { Settled } from './settled.ts'
import { storeSettled } from './settled-store.ts'

/** What happens within so long shares a commit, ms. */
const SHARE_MS = 100
const RETRY_MS = 1_000
/** While the database is away so many wait at most; the oldest go first: their cameras were checked again since. */
const MOST = 50_000
const BATCH = 2_000

/** Stores what checks came to, in batches, one at a time, and tells what changed after each commit. */
export class Writer {
  readonly #options: { pool: Pool; bus: Bus; log: FastifyBaseLogger; feed: number; clock: () => Date }
  #waiting: Settled[] = []
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #closed = false
  /** checks that went lost because the database was away for too long */
  dropped = 0
  counts = { checks: 0, changes: 0 }

  constructor(options: { pool: Pool; bus: Bus; log: FastifyBaseLogger; feed: number; clock: () => Date }) {
    this.#options = options
  }

  put(settled: Settled): void {
    this.#waiting.push(settled)
    if (this.#waiting.length > MOST) {
      this.#waiting.shift()
      this.dropped += 1
    }
    this.#plan(SHARE_MS)
  }

  /** Stores what waits, as far as the database is there. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#writing
    if (this.#waiting.length > 0) await this.#write()
  }

  #plan(ms: number): void {
    if (this.#timer !== undefined || this.#writing !== undefined || this.#closed) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#writing = this.#write().then((stored) => {
        this.#writing = undefined
        if (this.#waiting.length > 0) this.#plan(stored ? SHARE_MS : RETRY_MS)
      })
    }, ms)
  }

  async #write(): Promise<boolean> {
    const { pool, bus, log, feed, clock } = this.#options
    const batch = this.#waiting.splice(0, BATCH)
    try {
      const begun = performance.now()
      const changed = await storeSettled(pool, batch, feed, clock())
      const checks = batch.flatMap(({ checked }) => checked ?? [])
      bus.tell('checks:stored', {
        checks: checks.length,
        failed: checks.filter(({ failed }) => failed !== null).length,
        tookMs: performance.now() - begun,
      })
      this.counts.checks += checks.length
      this.counts.changes += changed.length
      if (changed.length > 0) bus.tell('cameras:changed', changed)
      return true
    } catch (error) {
      log.warn({ err: error, rows: batch.length }, 'checks could not be stored; they are tried again')
      this.#waiting = [...batch, ...this.#waiting].slice(-MOST)
      return false
    }
  }
}
