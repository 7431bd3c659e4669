/** As many videos as one viewer may watch at a time. */
export const MOST_VIDEOS = 4

/** Places for what plays: who comes when all are taken stops the one that came first. */
export class Slots {
  readonly #most: number
  readonly #stops: (() => void)[] = []

  constructor(most = MOST_VIDEOS) {
    this.#most = most
  }
  /**
   * Takes a place.
   * @param stop is called where it has to give way; its place is free by then
   * @returns gives the place back; more than once does nothing
   */
  take(stop: () => void): () => void {
    while (this.#stops.length >= this.#most) this.#stops.shift()?.()
    // an object of its own: the same function may take two places
    const mine = () => stop()
    this.#stops.push(mine)
    return () => {
      const place = this.#stops.indexOf(mine)
      if (place >= 0) this.#stops.splice(place, 1)
    }
  }
}
export const slots = new Slots()
