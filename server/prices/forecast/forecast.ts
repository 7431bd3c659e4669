import type { Forecast, Lack } from '#contract/indicators.ts'
import { addDays } from '../days.ts'
import { knownAt, type Score } from './backtest.ts'
import { LEAST_ORIGINS, rivals } from './choose.ts'
import { dayAt, type Daily } from './daily.ts'
import { spreads } from './interval.ts'
import { HORIZON_DAYS, METHODS } from './methods.ts'

export type ForecastFigures = Omit<Forecast, 'commodity'>

function lackOf(have: number): { lacks: Lack } {
  return { lacks: { what: 'days', have, need: LEAST_ORIGINS * 7 } }
}

/** Of a commodity without any price. */
export const NO_FORECAST: ForecastFigures = {
  origin: null,
  method: null,
  error: null,
  naiveError: null,
  origins: 0,
  points: [],
  hidden: lackOf(0),
  backtest: [],
}

/**
 * The 14 days after the last, by the method that errs least of those that clearly beat "same as today" in the backtest.
 * Where there is none the forecast is hidden; the best that was tried is named all the same. History does not suffice
 * where no method could be asked on Mondays of half a year (26 weeks, as days).
 * @param daily up to the newest day, with at least `KNOWN_DAYS` before it where there are as many
 */
export function forecastOf(daily: Daily, given: readonly Score[]): ForecastFigures {
  const newest = daily.prices.length - 1
  if (newest < 0) return NO_FORECAST
  const origin = dayAt(daily, newest)
  // Sums of fractions hang on their order.
  const scores = [...given].sort((a, b) => (a.origin < b.origin ? -1 : 1))
  const known = knownAt(daily, newest)
  const tried = rivals(scores)
  const naive = scores.filter(({ method }) => method === 'naive')
  const backtest = [
    ...(naive.length === 0
      ? []
      : [{ method: 'naive' as const, error: meanError(naive), origins: naive.length }]),
    ...tried.map(({ method, error, origins }) => ({ method, error, origins })),
  ]
  const able = tried.flatMap((rival) => {
    const ahead = METHODS[rival.method](known, HORIZON_DAYS)
    return ahead === undefined ? [] : [{ ...rival, ahead }]
  })
  const enough = able.filter(({ origins }) => origins >= LEAST_ORIGINS)
  const best = enough.find(({ better }) => better) ?? enough[0]
  if (best === undefined) {
    const have = 7 * Math.max(0, ...able.map(({ origins }) => origins))
    return { ...NO_FORECAST, origin, backtest, hidden: lackOf(have) }
  }
  const { method, error, naiveError, origins, better, ahead } = best
  const shown = { origin, method, error, naiveError, origins, backtest }
  if (!better) return { ...shown, points: [], hidden: 'not-better' }
  const widths = spreads(
    scores.filter((score) => score.method === method).map(({ ratios }) => ratios),
    HORIZON_DAYS,
  )
  const points = widths.map(({ low, high }, index) => {
    const price = ahead[index] as number
    return {
      day: addDays(origin, index + 1),
      price: Math.round(price),
      low: Math.round(price * low),
      high: Math.round(price * high),
    }
  })
  return { ...shown, points, hidden: null }
}

const meanError = (scores: readonly Score[]) =>
  scores.reduce((sum, { error }) => sum + error, 0) / scores.length
