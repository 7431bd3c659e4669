import { graceMs, type CameraSeen, type KnownIncident, type Limits, type NodeSeen } from './types.ts'

interface Over {
  startedAt: number
  endedAt: number
}

/** What hangs on a node that came back not long ago, and has not answered since. Times are ms since 1970. */
export class Returning {
  readonly #last = new Map<number, Over>()
  readonly #lastOf = new Map<string, Over>()
  readonly #grace: number

  /** @param incidents those that ended not long ago; open ones and groups say nothing here */
  constructor(incidents: readonly KnownIncident[], limits: Limits) {
    this.#grace = graceMs(limits)
    for (const { kind, subject, startedAt, endedAt, cameras } of incidents) {
      if (kind !== 'node' || endedAt === null) continue
      keepLast(this.#lastOf, subject, { startedAt, endedAt })
      for (const id of cameras) keepLast(this.#last, id, { startedAt, endedAt })
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

  /**
   * Since when a node's failure is its own; null while it may still be on its way after something above it came back.
   * @param above what it hangs on
   * @param since when it failed
   */
  nodeFailedSince(above: readonly NodeSeen[], since: number, now: number, together: number): number | null {
    const back = above.flatMap(({ code }) => {
      const last = this.#lastOf.get(code)
      const tookIt = last !== undefined && since >= last.startedAt - together && since <= last.endedAt
      return tookIt ? last.endedAt : []
    })
    const last = Math.max(since, ...back)
    return back.length > 0 && now < last + this.#grace ? null : last
  }
}

function keepLast<K>(kept: Map<K, Over>, key: K, over: Over): void {
  if (over.endedAt > (kept.get(key)?.endedAt ?? -Infinity)) kept.set(key, over)
}
