import type { CheckContext, Finding } from '../quality.ts'
import { daysApart, distance } from './numbers.ts'
import type { Recent } from './series.ts'

const share = (now: number, before: number) => (now - before) / before

/** Further from the last value than this many usual moves, and than this share, is a jump. */
const JUMP = { moves: 4, least: Math.log(1.15) }
/** So far that hardly any market does it in a day. */
const LEAP = { moves: 8, least: Math.log(1.6) }

/**
 * A jump against the last value, judged by the moves that this series usually makes. The way back to the level is none:
 * what jumped was the value before.
 */
export function jump(price: number, recent: Recent): Finding | undefined {
  const { last, gap, level } = recent
  const off = Math.min(distance(price, last.price), distance(price, level ?? last.price))
  if (off <= JUMP.least || off <= JUMP.moves * recent.usual) return undefined
  return {
    check: 'jump',
    severity: off > Math.max(LEAP.least, LEAP.moves * recent.usual) ? 'error' : 'warning',
    facts: { price, before: last.price, day: last.day, gap, change: share(price, last.price) },
  }
}

const STUCK = { days: 21, values: 10, others: 3, moved: 0.6 }

/** The same value for long while most other markets moved. */
export function stuck(price: number, day: string, context: CheckContext): Finding | undefined {
  const { history, others, othersMoved } = context
  if (others.length < STUCK.others || othersMoved < STUCK.moved * others.length) return undefined
  const before = history.filter((one) => one.day < day).toSorted((a, b) => (a.day < b.day ? 1 : -1))
  let since: string | undefined
  let values = 0
  for (const one of before) {
    if (one.price !== price) break
    since = one.day
    values += 1
  }
  if (since === undefined || values < STUCK.values || daysApart(since, day) < STUCK.days) return undefined
  return {
    check: 'stuck',
    severity: 'info',
    facts: { price, since, days: daysApart(since, day), moved: othersMoved, others: others.length },
  }
}

const SEASON = { years: 3, above: 2.2, below: 2.2 }

/** Far from the same weeks of all earlier years. */
export function season(price: number, { season: years }: CheckContext): Finding | undefined {
  if (years.length < SEASON.years) return undefined
  const [low, high] = [Math.min(...years), Math.max(...years)]
  if (price <= high * SEASON.above && price >= low / SEASON.below) return undefined
  return { check: 'season', severity: 'info', facts: { price, low, high, years: years.length } }
}
