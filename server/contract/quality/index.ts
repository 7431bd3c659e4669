/**
 * Checks of a price: pure, without anything of server or browser, so that a phone without a connection warns by the very
 * same rules by which the server flags. What explains a value best is said, not all that it deviates from.
 */
import type { CheckContext, Finding, Severity } from '../quality.ts'
import { portion, swapped, zeros } from './digits.ts'
import { jump, season, stuck } from './moves.ts'
import { distance } from './numbers.ts'
import { outlier, range } from './others.ts'
import { recentOf } from './series.ts'

export { median } from './numbers.ts'
export { sentenceOf } from './words.ts'

const RANK: Record<Severity, number> = { error: 0, warning: 1, info: 2 }

/**
 * What is unlikely about a price, the gravest first; empty where nothing is.
 * @param price rupiah per canonical unit, above 0
 * @param day YYYY-MM-DD; what the context knows of later days does not count
 */
export function checkPrice(price: number, day: string, context: CheckContext): Finding[] {
  const recent = recentOf(day, context)
  // A mistaken zero, portion or digit explains the value: that it also jumped and lies apart is no news then.
  const slip =
    recent === undefined
      ? undefined
      : (zeros(price, recent, context.unit) ??
        nearest([swapped(price, recent), portion(price, recent, context.unit)]))
  if (slip !== undefined) return [slip]
  const impossible = range(price, context)
  if (impossible !== undefined) return [impossible]
  const moved = recent === undefined ? undefined : jump(price, recent)
  const apart = outlier(price, context)
  const findings = [
    moved,
    apart,
    stuck(price, day, context),
    moved === undefined && apart === undefined ? season(price, context) : undefined,
  ]
  return findings
    .filter((finding) => finding !== undefined)
    .sort((a, b) => RANK[a.severity] - RANK[b.severity])
}

/** The slip of which the meant price comes nearest to the level: half of 50.000 is 25.000 rather than a swapped 52.000. */
function nearest(slips: readonly (Finding | undefined)[]): Finding | undefined {
  const off = ({ facts }: Finding) => distance(Number(facts.meant), Number(facts.level))
  return slips.filter((slip) => slip !== undefined).sort((a, b) => off(a) - off(b))[0]
}

/** True for what needs a word of whoever enters it. */
export const needsReason = (findings: readonly Finding[]): boolean =>
  findings.some(({ severity }) => severity !== 'info')
