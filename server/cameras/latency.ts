import { Type, type Static } from 'typebox'

/** What is usual for a camera, from its own checks. */
export const UsualLatency = Type.Object({
  /** ms */
  median: Type.Number({ exclusiveMinimum: 0 }),
  /** median distance from it, as a logarithm: 0.7 is half or twice as long */
  spread: Type.Number({ minimum: 0 }),
  checks: Type.Integer({ minimum: 1 }),
})
export type UsualLatency = Static<typeof UsualLatency>

/** Until so many checks nothing is called slow. */
const LEARNING = 20
/** At one check every 30 s what lasts for a day becomes usual. */
const SLOWEST_STEP = 1 / 2_000
/** So much more than usual is felt by nobody, ms. */
const FLOOR = 50
/** So many spreads are more than chance: 5 median deviations are about 3.4 standard ones. */
const SPREADS = 5
/** Less is not measured: a loopback's tenths of a millisecond are all alike, ms. */
const LEAST = 0.1
const FIRST_SPREAD = 0.2

/**
 * The usual latency after one more answer. Median and spread are followed by steps that ask only on which side the
 * new value lies and grow smaller (Robbins and Monro, 1951; for quantiles: Ma, Muthukrishnan and Sandler, "Frugal
 * streaming for estimating quantiles", 2013), so that no single value, however large, moves them further than a step.
 * @param latencyMs finite, at least 0
 */
export function learn(usual: UsualLatency | null, latencyMs: number): UsualLatency {
  const value = Math.max(latencyMs, LEAST)
  if (usual === null) return { median: value, spread: FIRST_SPREAD, checks: 1 }
  const checks = Math.min(usual.checks + 1, 1 / SLOWEST_STEP)
  const step = 1 / checks
  const distance = Math.log(value / usual.median)
  const further = Math.sign(Math.abs(distance) - usual.spread)
  return {
    median: Math.max(LEAST, usual.median * Math.exp(step * Math.sign(distance))),
    spread: Math.max(0.01, usual.spread * Math.exp(step * further)),
    checks,
  }
}

/**
 * Whether an answer was slow for this camera: `factor` times its median, beyond its own spread, and 50 ms at least.
 * @param factor 0: never
 */
export function isSlow(usual: UsualLatency | null, latencyMs: number, factor: number): boolean {
  if (usual === null || usual.checks < LEARNING || factor === 0) return false
  const times = Math.max(factor, Math.exp(SPREADS * usual.spread))
  return latencyMs > usual.median * times && latencyMs > usual.median + FLOOR
}
