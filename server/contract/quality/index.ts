/**
 * Checks of a price: pure, without anything of server or browser, so that a phone without a connection warns by the very
 * same rules by which the server flags. What explains a value best is said, not all that it deviates from.
 */
import type { CheckContext, Finding, Severity } from '../quality.ts'
import { portion, swapped, zeros } from './digits.ts'
import { jump, season, stuck } from './moves.ts'
import { distance, median } from './numbers.ts'
import { outlier, range } from './others.ts'
import { medianOf } from './sellers.ts'
import { NO_PAST, recentOf, type Recent } from './series.ts'

export { median } from './numbers.ts'
export { medianOf } from './sellers.ts'
export { sentenceOf } from './words.ts'

/** So near, as a logarithm, sellers' prices have to be to be a level: about a quarter. */
const AGREED = 0.25

const RANK: Record<Severity, number> = { error: 0, warning: 1, info: 2 }

/**
 * What is unlikely about a price, the gravest first; empty where nothing is.
 * @param price rupiah per canonical unit, above 0
 * @param day YYYY-MM-DD; what the context knows of later days does not count
 */
export function checkPrice(price: number, day: string, context: CheckContext): Finding[] {
  const recent = recentOf(day, context)
  // A mistaken zero, portion or digit explains the value: that it also jumped and lies apart is no news then.
  const slip = slipOf(price, recent, context)
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

/**
 * The same of several sellers' prices, whose median is what counts. A slip at one of them is told of him, for the median may
 * hide it, and the rest is what the median of the others comes to. Such a finding has the seller's price as its fact
 * `seller`, and is a warning: the quote itself need not be wrong. Where the median is surely wrong itself, that is what is told.
 * @param prices rupiah per canonical unit, each above 0; none is nothing to check
 */
export function checkSellers(prices: readonly number[], day: string, context: CheckContext): Finding[] {
  const recent = recentOf(day, context)
  const quote = medianOf(prices)
  if (quote === null) return []
  const impossible = (recent && zeros(quote, recent, context.unit)) ?? range(quote, context)
  if (impossible !== undefined) return checkPrice(quote, day, context)
  const slips = new Map(
    prices.flatMap((price, place): [number, Finding][] => {
      const others = prices.toSpliced(place, 1)
      const slip =
        slipOf(price, recent, context) ??
        besideOthers(price, others, recent, context) ??
        range(price, context)
      return slip === undefined ? [] : [[price, slip]]
    }),
  )
  const sound = prices.filter((price) => !slips.has(price))
  const usual = medianOf(sound)
  if (usual === null) return checkPrice(quote, day, context)
  const ofSellers = [...slips].map(([seller, { check, facts }]): Finding => ({
    check,
    severity: 'warning',
    facts: { ...facts, seller },
  }))
  // A kind is told once: one answer is asked for all of them.
  const told = ofSellers.filter(
    ({ check }, place) => ofSellers.findIndex((one) => one.check === check) === place,
  )
  return [
    ...told,
    ...checkPrice(usual, day, context).filter(({ check }) => told.every((one) => one.check !== check)),
  ]
}

/** Of a series without a level: a slip against what the other sellers, or they and the last value, agree on. */
function besideOthers(
  price: number,
  others: readonly number[],
  recent: Recent | undefined,
  context: CheckContext,
): Finding | undefined {
  const said = recent === undefined ? others : [...others, recent.last.price]
  if (others.length === 0 || said.length < 2 || recent?.level !== undefined) return undefined
  if (distance(Math.max(...said), Math.min(...said)) > AGREED) return undefined
  const slip = slipOf(price, { ...(recent ?? NO_PAST), level: median(said) }, context)
  return slip && { ...slip, facts: { ...slip.facts, beside: 1 } }
}

function slipOf(
  price: number,
  recent: Pick<Recent, 'level' | 'usual' | 'grain'> | undefined,
  { unit }: CheckContext,
): Finding | undefined {
  if (recent === undefined) return undefined
  return zeros(price, recent, unit) ?? nearest([swapped(price, recent), portion(price, recent, unit)])
}

/** The slip of which the meant price comes nearest to the level: half of 50.000 is 25.000 rather than a swapped 52.000. */
function nearest(slips: readonly (Finding | undefined)[]): Finding | undefined {
  const off = ({ facts }: Finding) => distance(Number(facts.meant), Number(facts.level))
  return slips.filter((slip) => slip !== undefined).sort((a, b) => off(a) - off(b))[0]
}

/** True for what needs a word of whoever enters it. */
export const needsReason = (findings: readonly Finding[]): boolean =>
  findings.some(({ severity }) => severity !== 'info')
