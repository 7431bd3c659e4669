import type { AvailabilityRow, Contract } from '#contract/availability.ts'

/** What a camera, or several, did in a period, within service hours; ms. */
export interface Counted {
  /** degraded is working */
  up: number
  down: number
  unknown: number
  unreachable: number
  planned: number
  /** unplanned ones that reach into the period */
  outages: number
  /** those of them that ended in it, and how long they lasted in it */
  ended: number
  repair: number
  /** 0: none */
  longest: number
}
export const NOTHING: Counted = {
  up: 0,
  down: 0,
  unknown: 0,
  unreachable: 0,
  planned: 0,
  outages: 0,
  ended: 0,
  repair: 0,
  longest: 0,
}

export function sumCounted(parts: readonly Counted[]): Counted {
  return parts.reduce(
    (sum, part) => ({
      up: sum.up + part.up,
      down: sum.down + part.down,
      unknown: sum.unknown + part.unknown,
      unreachable: sum.unreachable + part.unreachable,
      planned: sum.planned + part.planned,
      outages: sum.outages + part.outages,
      ended: sum.ended + part.ended,
      repair: sum.repair + part.repair,
      longest: Math.max(sum.longest, part.longest),
    }),
    NOTHING,
  )
}

const seconds = (ms: number) => Math.round(ms / 1000)

/**
 * How much longer something may be down until the target is missed, ms: (1 - target) x (up + down + remaining) - down,
 * where `remaining` is the service time of the period that is still to come. Time in which nobody knew, and planned
 * time, is no part of what is owed. Negative: the target is missed by so much.
 */
export function leftUntilMissed(
  { up, down }: Pick<Counted, 'up' | 'down'>,
  target: number,
  remaining: number,
): number {
  return (1 - target) * (up + down + remaining) - down
}

/**
 * The figures that stand in a contract. Availability = up / (up + down); MTTR = time of the outages that ended / their
 * number; MTBF = time up / number of outages (IEC 60050-192, from what was observed).
 * @param remaining service time to come of all its cameras, ms
 */
export function rowOf(
  label: Pick<AvailabilityRow, 'key' | 'name' | 'cameras'>,
  counted: Counted,
  { target }: Pick<Contract, 'target'>,
  remaining: number,
): AvailabilityRow {
  const { up, down, outages, ended } = counted
  const availability = up + down === 0 ? null : up / (up + down)
  return {
    ...label,
    availability,
    upSeconds: seconds(up),
    downSeconds: seconds(down),
    unknownSeconds: seconds(counted.unknown),
    unreachableSeconds: seconds(counted.unreachable),
    plannedSeconds: seconds(counted.planned),
    outages,
    mttrSeconds: ended === 0 ? null : seconds(counted.repair / ended),
    mtbfSeconds: outages === 0 ? null : seconds(up / outages),
    longestSeconds: outages === 0 ? null : seconds(counted.longest),
    // What is owed exactly is owed still: the last bit of (1 - 0.99) may not take a second away.
    leftSeconds: Math.floor(leftUntilMissed(counted, target, remaining) / 1000 + 1e-6),
    metTarget: availability === null ? null : availability >= target,
  }
}
