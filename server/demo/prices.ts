import { chance, wave } from './chance.ts'
import type { DemoMoment } from './calendar.ts'
import { daysBetween, type PriceLevels } from './levels.ts'

/** How lively a commodity is: shares of its price. */
interface Temper {
  /** over months */
  drift: number
  /** over one to two weeks */
  shock: number
  /** how long a market keeps a price before it looks at it again */
  keepsDays: number
}
const TEMPERS: readonly [RegExp, Temper][] = [
  [/^cabai/, { drift: 0.25, shock: 0.22, keepsDays: 2 }],
  [/^bawang/, { drift: 0.12, shock: 0.1, keepsDays: 3 }],
  [/^(telur|daging-ayam|ayam)/, { drift: 0.06, shock: 0.04, keepsDays: 3 }],
  [/^minya/, { drift: 0.05, shock: 0.03, keepsDays: 6 }],
  [/^(ikan|tomat|kubis|wortel|buncis|kentang)/, { drift: 0.07, shock: 0.06, keepsDays: 3 }],
]
const CALM: Temper = { drift: 0.03, shock: 0.015, keepsDays: 7 }

const MARKET_CLOSED = 0.012
const NOT_REPORTED = 0.01
const TYPO = 1 / 1500
/** A revision is possible so often, and seldom made. */
const REVISION_MINUTES = 20
const REVISED = 0.12

/**
 * What a market asks for a commodity on a day, once everything said of that day is right; null where the market did
 * not report it. It goes on from the level at which the real history ends. A pure function of its arguments that
 * costs the same for every day.
 */
export function priceAt(
  seed: number,
  levels: PriceLevels,
  market: string,
  commodity: string,
  day: string,
): number | null {
  const level = levels.commodities.get(commodity)
  if (level === undefined || isGap(seed, market, commodity, day)) return null
  const temper = TEMPERS.find(([pattern]) => pattern.test(commodity))?.[1] ?? CALM
  const start =
    level.places.get(market) ?? level.city * (0.95 + 0.1 * chance(seed, 'spread', market, commodity))
  const since = daysBetween(levels.lastDay, day)
  // Markets keep a price for days and look at it on different ones: most days bring no change.
  const phase = Math.floor(chance(seed, 'keeps', market, commodity) * temper.keepsDays)
  const looked = Math.max(0, since - ((since + phase) % temper.keepsDays))
  const moved =
    movement(seed, temper, market, commodity, looked) - settling(seed, temper, market, commodity, looked)
  return rounded(start * Math.exp(moved))
}

/** Logarithm of what the price is against its long level. */
function movement(
  seed: number,
  { drift, shock }: Temper,
  market: string,
  commodity: string,
  at: number,
): number {
  const weekly = 0.4 * shock * Math.sin((2 * Math.PI * at) / 7)
  const own = 0.3 * shock * wave(seed, `own ${market} ${commodity}`, at, 20)
  return (
    drift * wave(seed, `drift ${commodity}`, at, 55) +
    shock * wave(seed, `shock ${commodity}`, at, 11) +
    weekly +
    own
  )
}

/** The first day must be where the history ended: what chance would have it off is forgotten over weeks. */
const settling = (seed: number, temper: Temper, market: string, commodity: string, at: number) =>
  movement(seed, temper, market, commodity, 0) * Math.exp(-at / 30)

const isGap = (seed: number, market: string, commodity: string, day: string) =>
  chance(seed, 'closed', market, day) < MARKET_CLOSED ||
  chance(seed, 'gap', market, commodity, day) < NOT_REPORTED

/** What the portal shows of it at a moment of that day: not in yet, revised since, or mistyped until someone sees it. */
export function quoteAt(
  seed: number,
  levels: PriceLevels,
  market: string,
  commodity: string,
  { day, arrived, minute }: DemoMoment,
): number | null {
  if (chance(seed, 'arrives', market, day) > arrived) return null
  const price = priceAt(seed, levels, market, commodity, day)
  if (price === null) return null
  const revised = price + revision(seed, market, commodity, day, minute) * stepOf(price)
  return isMistyped(seed, market, commodity, day, minute) ? Math.round(revised / 10) : revised
}

function revision(seed: number, market: string, commodity: string, day: string, minute: number): -1 | 0 | 1 {
  const phase = Math.floor(chance(seed, 'revision', market, commodity) * REVISION_MINUTES)
  const turn = Math.floor((minute + phase) / REVISION_MINUTES)
  const luck = chance(seed, 'revision', market, commodity, day, turn)
  return luck < REVISED / 2 ? -1 : luck > 1 - REVISED / 2 ? 1 : 0
}

/** A lost zero, 1.650 for 16.500, put right some hours later. */
export function isMistyped(
  seed: number,
  market: string,
  commodity: string,
  day: string,
  minute: number,
): boolean {
  if (chance(seed, 'typo', market, commodity, day) >= TYPO) return false
  const from = chance(seed, 'typo', market, commodity, day, 'from') * 600
  return minute >= from && minute < from + 600
}

const stepOf = (price: number) => (price >= 100_000 ? 1_000 : price >= 25_000 ? 500 : 100)

function rounded(price: number): number {
  const step = stepOf(price)
  return Math.max(step, Math.round(price / step) * step)
}
