import type { CheckContext } from '../quality.ts'
import { daysApart, daysBefore, distance, median, quantile } from './numbers.ts'

/** Values that make the level; fewer than two are no level. */
const LEVEL_VALUES = 7
/** A level that is older says nothing of today; a fault may stand for months, and what is right lies before it. */
const LEVEL_DAYS = 400
/** Moves of one day that are usual: below this share of all, and never less than `LEAST_MOVE`. */
const USUAL_SHARE = 0.9
const LEAST_MOVE = 0.04
const MOVES_WANTED = 10
/** What is taken as usual of a series that is too short to say. */
const UNKNOWN_MOVE = 0.08
/** A gap lets a price wander, by the root of its days, but not without end. */
const MOST_GAP_FACTOR = 3

/** What a series' own past says of its next value. */
export interface Recent {
  last: { day: string; price: number }
  /** days from the last value to this one */
  gap: number
  /** median of the last values; undefined where they are too few or too old */
  level: number | undefined
  /** move (logarithm) of the gap's length that is usual for this series */
  usual: number
  /** prices are usually multiples of it */
  grain: number
}

/** What is taken of a series that has none. */
export const NO_PAST: Omit<Recent, 'last' | 'level' | 'gap'> = { usual: UNKNOWN_MOVE, grain: 1 }

/** Undefined where the series has no past. Values after the day do not count. */
export function recentOf(day: string, { history }: Pick<CheckContext, 'history'>): Recent | undefined {
  const before = inOrderBefore(day, history)
  const last = before[before.length - 1]
  if (last === undefined) return undefined
  const oldest = daysBefore(day, LEVEL_DAYS)
  const lately = before.slice(-LEVEL_VALUES).filter((one) => one.day >= oldest)
  const gap = daysApart(last.day, day)
  return {
    last,
    gap,
    level: lately.length < 2 ? undefined : median(lately.map(({ price }) => price)),
    // Asked only of a value that is off, and a file has a hundred thousand that are not.
    get usual() {
      return usualOf(before) * Math.min(MOST_GAP_FACTOR, Math.sqrt(Math.max(1, gap)))
    },
    get grain() {
      return grainOf(before.map(({ price }) => price))
    },
  }
}

/** The move of one day that is usual for a series. */
function usualOf(series: CheckContext['history']): number {
  const moves = series.slice(1).map(({ price }, index) => distance(price, series[index]?.price ?? price))
  return moves.length < MOVES_WANTED ? UNKNOWN_MOVE : Math.max(LEAST_MOVE, quantile(moves, USUAL_SHARE) ?? 0)
}

/** Without what lies on the day or after it, the oldest first. As a rule it comes so, and a file asks this of every row. */
function inOrderBefore(day: string, history: CheckContext['history']): CheckContext['history'] {
  let last = ''
  const comesSo = history.every((one) => {
    const follows = one.day >= last && one.day < day
    last = one.day
    return follows
  })
  return comesSo ? history : history.filter((one) => one.day < day).sort((a, b) => (a.day < b.day ? -1 : 1))
}

const GRAINS = [1_000, 500, 100, 50]
const GRAINED_SHARE = 0.8

/** The roundest step on which most of the prices lie. */
function grainOf(prices: readonly number[]): number {
  const on = (grain: number) => {
    let count = 0
    for (const price of prices) if (price % grain === 0) count += 1
    return count
  }
  return GRAINS.find((grain) => on(grain) >= GRAINED_SHARE * prices.length) ?? 1
}
