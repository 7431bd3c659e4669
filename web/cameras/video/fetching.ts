/** A browser keeps six connections to a server: pictures may not take the last ones from all else. */
const AT_ONCE = 3

/** Runs so many things at a time; what is no longer wanted does not begin. */
export class Lane {
  readonly #most: number
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(most: number) {
    this.#most = most
  }
  /** @throws what `work` throws, or the signal's reason where it was aborted before its turn came */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#running >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running += 1
    try {
      signal.throwIfAborted()
      return await work()
    } finally {
      // The place goes straight to who waits longest.
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }
}
export const fetching = new Lane(AT_ONCE)
