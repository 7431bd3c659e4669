import type { ForecastMethod } from '#contract/indicators.ts'
import { addDays, daysBetween } from '../days.ts'
import { CARRY_DAYS, dayAt, placeOf, type Daily } from './daily.ts'
import { HORIZON_DAYS, KNOWN_DAYS, METHOD_NAMES, METHODS } from './methods.ts'

/** Two years, asked once a week. */
const STEP_DAYS = 7
const ORIGINS = 104
const A_MONDAY = '2001-01-01'

/** How far a method was off when it knew nothing after `origin`. */
export interface Missed {
  origin: string
  method: ForecastMethod
  /** mean absolute error over the days that could be compared, rupiah */
  error: number
}
export interface Score extends Missed {
  days: number
  /** ln(price / forecast) of each day ahead; null where no price was reported on it */
  ratios: (number | null)[]
}

/**
 * The days at which methods are asked (rolling origin, FPP3 5.10): every Monday of two years after which all days of the
 * horizon have passed. Fixed in the calendar, so that a new day brings at most one.
 */
export function originsBefore(newest: string): string[] {
  const last = addDays(newest, -HORIZON_DAYS)
  const beyond = ((daysBetween(A_MONDAY, last) % STEP_DAYS) + STEP_DAYS) % STEP_DAYS
  return Array.from({ length: ORIGINS }, (_, index) =>
    addDays(last, -beyond - STEP_DAYS * (ORIGINS - 1 - index)),
  )
}

/** The first and the last day whose price a score of this origin can depend on. */
export const reachOf = (origin: string): { from: string; to: string } => ({
  from: addDays(origin, 1 - KNOWN_DAYS - CARRY_DAYS),
  to: addDays(origin, HORIZON_DAYS),
})

/** What a forecast at a place may know. */
export const knownAt = ({ prices }: Daily, place: number): Float64Array =>
  prices.subarray(Math.max(0, place + 1 - KNOWN_DAYS), place + 1)

/** Each method asked at an origin; none where the price was not known or none was reported after it. */
export function scoresAt(daily: Daily, origin: string): Score[] {
  const place = placeOf(daily, origin)
  const ahead = Array.from({ length: HORIZON_DAYS }, (_, index) => index + 1)
  const compared = ahead.filter((h) => daily.reported[place + h] === 1)
  if (place < 0 || compared.length === 0 || Number.isNaN(daily.prices[place] ?? Number.NaN)) return []
  const known = knownAt(daily, place)
  return METHOD_NAMES.flatMap((method) => {
    const forecast = METHODS[method](known, HORIZON_DAYS)
    if (forecast === undefined) return []
    const price = (h: number) => daily.prices[place + h] as number
    const expected = (h: number) => forecast[h - 1] as number
    const off = compared.reduce((sum, h) => sum + Math.abs(price(h) - expected(h)), 0)
    return [
      {
        origin: dayAt(daily, place),
        method,
        error: off / compared.length,
        days: compared.length,
        ratios: ahead.map((h) => (compared.includes(h) ? Math.log(price(h) / expected(h)) : null)),
      },
    ]
  })
}
