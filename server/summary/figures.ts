import type { Summary } from '#contract/summary.ts'
import { availability, type Held } from '../cameras/index.ts'

type Figure = Summary['cameras']['working']
/** City medians of one day by commodity, rupiah. */
export type Medians = ReadonlyMap<string, number>

const NONE: Held = { up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0 }

/** What several days or districts held together. */
export const sum = (parts: readonly Held[]): Held =>
  parts.reduce(
    (total, part) => ({
      up: total.up + part.up,
      degraded: total.degraded + part.degraded,
      down: total.down + part.down,
      unknown: total.unknown + part.unknown,
      maintenance: total.maintenance + part.maintenance,
    }),
    NONE,
  )

/**
 * Availability of a period beside the one before it. Complete as far as the cameras' state was known: known time /
 * (whole - planned time), so that a product that began yesterday knows a thirtieth of a month.
 * @param whole ms: the period x its cameras
 */
export function availabilityFigure(period: readonly Held[], before: readonly Held[], whole: number): Figure {
  const held = sum(period)
  const possible = whole - held.maintenance
  return {
    value: availability(held),
    before: availability(sum(before)),
    completeness: possible <= 0 ? 0 : Math.min(1, (held.up + held.degraded + held.down) / possible),
  }
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
