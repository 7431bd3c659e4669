export interface Place {
  epoch: string
  seq: number
}

/** What to do with a delta: it follows, it is old, or something was missed and a new snapshot is needed. */
export function placeDelta(known: Place | undefined, delta: Place): 'apply' | 'ignore' | 'resync' {
  if (known === undefined) return 'ignore'
  if (delta.epoch !== known.epoch) return 'resync'
  if (delta.seq <= known.seq) return 'ignore'
  return delta.seq === known.seq + 1 ? 'apply' : 'resync'
}

/** True where the heartbeat knows of a batch that never came; it was ahead one beat ago as well. */
export function missedBatch(known: Place | undefined, beat: Place, previous: Place | undefined): boolean {
  if (known === undefined) return false
  if (beat.epoch !== known.epoch) return true
  return previous !== undefined && previous.epoch === known.epoch && previous.seq > known.seq
}

/** The list with what changed in its old places, and what is new at its end. */
export function withChanged<T extends { id: unknown }>(list: readonly T[], changed: readonly T[]): T[] {
  const byId = new Map(list.map((one) => [one.id, one]))
  for (const one of changed) byId.set(one.id, one)
  return [...byId.values()]
}
