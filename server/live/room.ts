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
 * A snapshot holds all that was published until its sequence number.
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
    if (this.#timer !== undefined) return
    this.flush()
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.flushAgain()
    }, BATCH_MS)
    this.#timer.unref()
  }

  private flushAgain(): void {
    if (this.flush())
      this.#timer = setTimeout(() => ((this.#timer = undefined), this.flushAgain()), BATCH_MS).unref()
  }

  flush(): boolean {
    const data = this.#state.take()
    if (data === null) return false
    this.#seq += 1
    this.#send({ room: this.#state.name, epoch: this.#epoch, seq: this.#seq, data })
    return true
  }

  /** What waits is sent first, so that the snapshot and the sequence agree. */
  snapshot(): RoomSnapshot<R> {
    this.flush()
    return { room: this.#state.name, epoch: this.#epoch, seq: this.#seq, data: this.#state.snapshot() }
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}
