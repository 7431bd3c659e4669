import type { Explained } from './causes-store.ts'
import type { Circumstances } from './judge.ts'

/**
 * What stands around the cameras now: planned work, causes that explain their failure, and the prober's own uplink. It
 * tells which cameras' circumstances changed, so that only those are judged anew.
 */
export class Surroundings {
  #planned: ReadonlyMap<number, number> = new Map()
  #explained: ReadonlyMap<number, Explained> = new Map()
  uplinkLostSince: number | null = null

  of(id: number): Circumstances {
    const explained = this.#explained.get(id)
    return {
      plannedSince: this.#planned.get(id) ?? null,
      uplinkLostSince: this.uplinkLostSince,
      causeSince: explained?.causeSince ?? null,
      ownSince: explained?.ownSince ?? null,
    }
  }

  /** @param planned since when (ms) each camera is in a maintenance window. Returns whose planned work began or ended. */
  renewPlanned(planned: ReadonlyMap<number, number>): number[] {
    const before = this.#planned
    this.#planned = planned
    return differing(before, planned, (a, b) => a === b)
  }
  /** Returns whose explanation came, went or moved. */
  renewExplained(explained: ReadonlyMap<number, Explained>): number[] {
    const before = this.#explained
    this.#explained = explained
    return differing(before, explained, (a, b) => a.causeSince === b.causeSince && a.ownSince === b.ownSince)
  }
}

function differing<V>(
  before: ReadonlyMap<number, V>,
  after: ReadonlyMap<number, V>,
  same: (a: V, b: V) => boolean,
): number[] {
  const ids = new Set([...before.keys(), ...after.keys()])
  return [...ids].filter((id) => {
    const [was, is] = [before.get(id), after.get(id)]
    return was === undefined || is === undefined || !same(was, is)
  })
}
