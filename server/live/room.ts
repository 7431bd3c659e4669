import type { Deltas, Room, RoomDelta, RoomSnapshot, Snapshots } from '#contract/live.ts'
import { BATCH_MS } from '#contract/live.ts'

export interface RoomState<R extends Room> {
  name: R
  /** the room's whole content now */
  snapshot(): Snapshots[R]
  /** takes what waits to be sent and forgets it; null when nothing waits */
  take(): Deltas[R] | null
}

/**
 * One room's sequence: the first change after a quiet time leaves at once, what follows within 250 ms shares a batch.
 * However many ask for a snapshot, there is no batch more: a thousand clients that come back cost the others nothing.
 */
export class Sequenced<R extends Room> {
  readonly #state: RoomState<R>
  readonly #epoch: string
  readonly #send: (delta: RoomDelta<R>) => void
  #seq = 0
  #timer: NodeJS.Timeout | undefined

  constructor(state: RoomState<R>, epoch: string, send: (delta: RoomDelta<R>) => void) {
    this.#state = state
    this.#epoch = epoch
    this.#send = send
  }

  get seq(): number {
    return this.#seq
  }

  /** Something waits in the state. */
  changed(): void {
    if (this.#timer === undefined) this.#flush()
  }

  /** What waits in the state is in it already and comes again with the next batch, which changes nothing. */
  snapshot(): RoomSnapshot<R> {
    return { room: this.#state.name, epoch: this.#epoch, seq: this.#seq, data: this.#state.snapshot() }
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #flush(): void {
    this.#timer = undefined
    const data = this.#state.take()
    if (data === null) return
    this.#seq += 1
    this.#timer = setTimeout(() => this.#flush(), BATCH_MS)
    this.#timer.unref()
    this.#send({ room: this.#state.name, epoch: this.#epoch, seq: this.#seq, data })
  }
}
