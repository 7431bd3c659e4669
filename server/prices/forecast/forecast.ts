import type { Forecast, Lack } from '#contract/indicators.ts'
import { addDays } from '../days.ts'
import { knownAt, type Missed, type Score } from './backtest.ts'
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

export interface Decision {
  /** without points */
  figures: ForecastFigures
  /** rupiah of each day ahead by the chosen method; null: none is shown */
  ahead: Float64Array | null
}

/**
 * Decides whether the 14 days after the last are shown: by the method that errs least of those that clearly beat "same as today" in the backtest.
 * Where there is none the forecast is hidden; the best that was tried is named all the same. History does not suffice
 * where no method could be asked on Mondays of half a year (26 weeks, as days).
 * @param daily up to the newest day, with at least `KNOWN_DAYS` before it where there are as many
 */
export function decide(daily: Daily, given: readonly Missed[]): Decision {
  const newest = daily.prices.length - 1
  if (newest < 0) return { figures: NO_FORECAST, ahead: null }
  const origin = dayAt(daily, newest)
  // Sums of fractions hang on their order.
  const scores = [...given].sort((a, b) => (a.origin < b.origin ? -1 : 1))
  const known = knownAt(daily, newest)
  const tried = rivals(scores)
  const naive = scores.filter(({ method }) => method === 'naive')
  const backtest = [
    ...(naive.length === 0
      ? []
      : [
          {
            method: 'naive' as const,
            error: meanError(naive),
            naiveError: meanError(naive),
            origins: naive.length,
          },
        ]),
    ...tried.map(({ method, error, naiveError, origins }) => ({ method, error, naiveError, origins })),
  ]
  const able = tried.flatMap((rival) => {
    const ahead = METHODS[rival.method](known, HORIZON_DAYS)
    return ahead === undefined ? [] : [{ ...rival, ahead }]
  })
  const enough = able.filter(({ origins }) => origins >= LEAST_ORIGINS)
  const best = enough.find(({ better }) => better) ?? enough[0]
  if (best === undefined) {
    const have = 7 * Math.max(0, ...able.map(({ origins }) => origins))
    return { figures: { ...NO_FORECAST, origin, backtest, hidden: lackOf(have) }, ahead: null }
  }
  const { method, error, naiveError, origins, better, ahead } = best
  return {
    figures: {
      origin,
      method,
      error,
      naiveError,
      origins,
      points: [],
      hidden: better ? null : 'not-better',
      backtest,
    },
    ahead: better ? ahead : null,
  }
}

/**
 * The decision with the days ahead, where they are shown, each with its interval.
 * @param ratios of the chosen method's scores
 */
export function withPoints(
  { figures, ahead }: Decision,
  ratios: readonly Score['ratios'][],
): ForecastFigures {
  const { origin } = figures
  if (ahead === null || origin === null) return figures
  const points = spreads(ratios, HORIZON_DAYS).map(({ low, high }, index) => {
    const price = ahead[index] as number
    return {
      day: addDays(origin, index + 1),
      price: Math.round(price),
      low: Math.round(price * low),
      high: Math.round(price * high),
    }
  })
  return { ...figures, points }
}

const meanError = (scores: readonly Missed[]) =>
  scores.reduce((sum, { error }) => sum + error, 0) / scores.length
