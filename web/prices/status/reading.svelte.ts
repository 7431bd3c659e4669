import { get } from '../../live/api.ts'

/** What a page shows of a path of the server: its newest answer, how old that is, and why the last try failed. */
export class Reading<T> {
  #path: () => string | null
  #read = $state.raw<{ path: string; answer: T; at: number } | null>(null)
  #failed = $state.raw<{ path: string; cause: unknown } | null>(null)

  constructor(path: () => string | null) {
    this.#path = path
  }
  /** null until the path was read once */
  get current(): T | null {
    return this.#read !== null && this.#read.path === this.#path() ? this.#read.answer : null
  }
  /** when it was read, ms since 1970 */
  get at(): number | null {
    return this.current === null ? null : (this.#read?.at ?? null)
  }
  get error(): unknown {
    return this.#failed !== null && this.#failed.path === this.#path() ? this.#failed.cause : null
  }
  put(answer: T): void {
    const path = this.#path()
    if (path !== null) this.#read = { path, answer, at: Date.now() }
  }
  readonly load = async (): Promise<void> => {
    const path = this.#path()
    if (path === null) return
    try {
      const answer = await get<T>(path)
      if (path !== this.#path()) return
      this.#failed = null
      this.put(answer)
    } catch (cause) {
      if (path === this.#path()) this.#failed = { path, cause }
    }
  }
}

/**
 * Reads a path while the component is there, anew when it changes.
 * @param path null: nothing is asked
 * @param everyMs reads again after so long
 */
export function reading<T>(path: () => string | null, everyMs?: number): Reading<T> {
  const made = new Reading<T>(path)
  $effect(() => {
    if (path() === null) return
    void made.load()
    if (everyMs === undefined) return
    const timer = setInterval(() => void made.load(), everyMs)
    return () => clearInterval(timer)
  })
  return made
}
