const FIRST_MS = 1_000
const TRIES = 6

/** How long to wait before the try after so many failures in a row, ms; null: it is given up. */
export const backoff = (failures: number): number | null =>
  failures > TRIES ? null : FIRST_MS * 2 ** (Math.max(1, failures) - 1)

/** Tells a picture that stands still: its clock is looked at from time to time. */
export class StallWatch {
  readonly #limit: number
  #clock = -1
  #movedAt: number

  /** @param limit ms without progress that are a stall */
  constructor(now: number, limit: number) {
    this.#limit = limit
    this.#movedAt = now
  }
  /** @param clock the element's `currentTime`; true where it stood for too long */
  stalled(now: number, clock: number): boolean {
    if (clock !== this.#clock) {
      this.#clock = clock
      this.#movedAt = now
    }
    return now - this.#movedAt > this.#limit
  }
}
