/** So many at once; who comes later waits in order. */
class Slots {
  #free: number
  readonly #waiting: (() => void)[] = []
  readonly #size: number

  constructor(size: number) {
    this.#size = size
    this.#free = size
  }
  get idle(): boolean {
    return this.#free === this.#size
  }
  /** Calls `go` at once where there is room. */
  take(go: () => void): void {
    if (this.#free === 0) this.#waiting.push(go)
    else {
      this.#free -= 1
      go()
    }
  }
  release(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free += 1
    else next()
  }
}

/** Slots by key; a key without anything under way costs nothing. */
class KeyedSlots {
  readonly #byKey = new Map<string, Slots>()
  readonly #size: number

  constructor(size: number) {
    this.#size = size
  }
  take(key: string, go: () => void): void {
    let slots = this.#byKey.get(key)
    if (slots === undefined) this.#byKey.set(key, (slots = new Slots(this.#size)))
    slots.take(go)
  }
  release(key: string): void {
    const slots = this.#byKey.get(key)
    slots?.release()
    if (slots?.idle === true) this.#byKey.delete(key)
  }
}

export interface Bounds {
  all: number
  perHost: number
  perSite: number
}

/**
 * Bounded concurrency over all, per host and per site. What waits for its host holds no place of the others: a switch
 * that hangs delays what is behind it, and nothing else.
 */
export class Limits {
  readonly #all: Slots
  readonly #hosts: KeyedSlots
  readonly #sites: KeyedSlots
  /** under way now */
  running = 0

  constructor({ all, perHost, perSite }: Bounds) {
    this.#all = new Slots(all)
    this.#hosts = new KeyedSlots(perHost)
    this.#sites = new KeyedSlots(perSite)
  }

  /** Runs the work when there is room for it; always in the order host, site, all, so that nobody waits for a waiting one. */
  run(host: string, site: string, work: () => Promise<unknown>): void {
    this.#hosts.take(host, () =>
      this.#sites.take(site, () =>
        this.#all.take(() => {
          this.running += 1
          void work().finally(() => {
            this.running -= 1
            this.#all.release()
            this.#sites.release(site)
            this.#hosts.release(host)
          })
        }),
      ),
    )
  }
}
