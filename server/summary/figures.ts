import type { Summary } from '#contract/model.ts'
import { availability, type Held } from '../cameras/index.ts'

type Figure = Summary['cameras']['working']
/** City medians of one day by commodity, rupiah. */
export type Medians = ReadonlyMap<string, number>

/** Availability of a period beside the one before it; complete as far as the cameras' state was known. */
export function availabilityFigure(period: readonly Held[], before: readonly Held[]): Figure {
  const now = sum(period)
  const known = now.up + now.degraded + now.down
  const all = known + now.unknown
  return {
    value: availability(now),
    before: availability(sum(before)),
    completeness: all === 0 ? 0 : known / all,
  }
}

function sum(parts: readonly Held[]): Held {
  const total = { up: 0, degraded: 0, down: 0, unknown: 0 }
  for (const part of parts) {
    total.up += part.up
    total.degraded += part.degraded
    total.down += part.down
    total.unknown += part.unknown
  }
  return total
}

/**
 * Cost of the basket, rupiah: sum of median x weight over the staples whose price is known on both days, so that a
 * missing price never looks like a cheaper basket. Completeness is the share of the basket's staples among those.
 */
export function basketFigure(weights: Medians, now: Medians, before: Medians): Figure {
  let value = 0
  let past = 0
  let known = 0
  for (const [code, weight] of weights) {
    const [today, then] = [now.get(code), before.get(code)]
    if (today === undefined || then === undefined) continue
    value += today * weight
    past += then * weight
    known += 1
  }
  if (known === 0) return { value: null, before: null, completeness: 0 }
  return { value: Math.round(value), before: Math.round(past), completeness: known / weights.size }
}

/** Commodities by the size of their change, the largest first; those that did not move are left out. */
export function moversOf(
  now: Medians,
  before: Medians,
): { code: string; median: number; before: number; change: number }[] {
  return [...now]
    .flatMap(([code, median]) => {
      const then = before.get(code)
      return then === undefined || then === median
        ? []
        : [{ code, median, before: then, change: median / then - 1 }]
    })
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
}
