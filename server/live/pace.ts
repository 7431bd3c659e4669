/** How many requests a client may make at once, and how many a second afterwards (a token bucket). */
export class Pace {
  readonly #burst: number
  readonly #perSecond: number
  #left: number
  #at: number

  /** @param now ms */
  constructor(burst: number, perSecond: number, now: number) {
    this.#burst = burst
    this.#perSecond = perSecond
    this.#left = burst
    this.#at = now
  }

  /** Takes one request at a moment (ms); false where there have been too many. */
  take(now: number): boolean {
    const gained = (Math.max(0, now - this.#at) / 1_000) * this.#perSecond
    this.#left = Math.min(this.#burst, this.#left + gained)
    this.#at = now
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
