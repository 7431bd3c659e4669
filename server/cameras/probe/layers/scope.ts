import { ProbeFault } from '../types.ts'
import type { Fault } from '#contract/camera.ts'

export interface Closeable {
  destroy(): unknown
}
/** What it means for a layer that its time is up: a layer says so anew as it goes along. */
export interface Limit {
  late: Fault
}

/** All that one check opened. When the check is over, however it went, so is everything in its scope. */
export class Scope {
  readonly #open: Closeable[] = []
  readonly #pending = new Set<() => void>()
  #closed = false
  #abort: AbortController | undefined

  /** Aborts with the scope; made only where somebody wants it. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.#closed) this.#abort.abort()
    return this.#abort.signal
  }

  /** Takes over the duty to close something. */
  own<T extends Closeable>(thing: T): T {
    if (this.#closed) thing.destroy()
    else this.#open.push(thing)
    return thing
  }

  /** Runs a layer's work for so long at most; it fails with `limit.late` when time is up, and when the scope closes. */
  within<T>(ms: number, work: (limit: Limit) => Promise<T>): Promise<T> {
    const limit: Limit = { late: 'timeout' }
    return new Promise<T>((resolve, reject) => {
      const stop = () => {
        over()
        reject(new ProbeFault(limit.late))
      }
      const timer = setTimeout(stop, ms)
      const over = () => {
        clearTimeout(timer)
        this.#pending.delete(stop)
      }
      this.#pending.add(stop)
      if (this.#closed) stop()
      else void work(limit).then(resolve, reject).finally(over)
    })
  }

  /** Destroys all that is open and ends all that waits; a second time does nothing. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#abort?.abort()
    // The latest first: a conversation says goodbye before its connection goes.
    for (const thing of this.#open.reverse()) thing.destroy()
    for (const stop of this.#pending) stop()
  }
}
