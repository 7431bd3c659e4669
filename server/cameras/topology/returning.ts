import { graceMs, type CameraSeen, type KnownIncident, type Limits } from './types.ts'

/** Cameras whose node came back not long ago, and that have not answered since. Times are ms since 1970. */
export class Returning {
  readonly #last = new Map<number, { startedAt: number; endedAt: number }>()
  readonly #grace: number

  /** @param incidents those that ended not long ago; open ones and groups say nothing here */
  constructor(incidents: readonly KnownIncident[], limits: Limits) {
    this.#grace = graceMs(limits)
    for (const { kind, startedAt, endedAt, cameras } of incidents) {
      if (kind !== 'node' || endedAt === null) continue
      for (const id of cameras)
        if (endedAt > (this.#last.get(id)?.endedAt ?? -Infinity)) this.#last.set(id, { startedAt, endedAt })
    }
  }

  #of({ id, since }: CameraSeen) {
    const last = this.#last.get(id)
    return last !== undefined && since <= last.endedAt ? last : undefined
  }
  /** Since when the failure can be its own: a node that fails again before that takes it along again. */
  beganAt(camera: CameraSeen): number {
    const last = this.#of(camera)
    return last === undefined ? camera.since : last.endedAt + this.#grace
  }
  /** When the node came back that it was behind; null: it was behind none. */
  backAt = (camera: CameraSeen): number | null => this.#of(camera)?.endedAt ?? null

  /** While it may still be on its way: since when it was unreachable; else null. */
  unreachableSince(camera: CameraSeen, now: number): number | null {
    const last = this.#of(camera)
    return last !== undefined && now < last.endedAt + this.#grace ? last.startedAt : null
  }
}
