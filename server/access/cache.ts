const MAX_ENTRIES = 10_000

/** Remembers what was found for a few seconds; nothing that was not found, so that guesses fill no memory. */
export class ShortCache<T> {
  #entries = new Map<string, { value: T; until: number }>()
  #loading = new Map<string, Promise<T | null>>()
  #ttlMs: number
  #clock: () => Date

  constructor(ttlMs: number, clock: () => Date) {
    this.#ttlMs = ttlMs
    this.#clock = clock
  }

  async get(key: string, load: () => Promise<T | null>): Promise<T | null> {
    const found = this.#entries.get(key)
    if (found !== undefined && found.until > this.#clock().getTime()) return found.value
    const underWay = this.#loading.get(key)
    if (underWay !== undefined) return underWay
    const loading = load()
    this.#loading.set(key, loading)
    try {
      const value = await loading
      // What was asked before a clear() may be out of date: it is answered, and not kept.
      if (value !== null && this.#loading.get(key) === loading) this.#keep(key, value)
      return value
    } finally {
      if (this.#loading.get(key) === loading) this.#loading.delete(key)
    }
  }

  clear(): void {
    this.#entries.clear()
    this.#loading.clear()
  }

  #keep(key: string, value: T): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, until: this.#clock().getTime() + this.#ttlMs })
    if (this.#entries.size <= MAX_ENTRIES) return
    const oldest = this.#entries.keys().next().value
    if (oldest !== undefined) this.#entries.delete(oldest)
  }
}
