import type { ForecastMethod } from '#contract/indicators.ts'
import type { Missed } from './backtest.ts'
import { METHOD_NAMES } from './methods.ts'

/** Half a year of Mondays. */
export const LEAST_ORIGINS = 26
/** What beats "same as today" is off by 2 % less at least, */
const MARGIN = 0.02
/** and surer than by chance: one-sided 1 % for each of five rivals, so that chance shows one in twenty commodities at most. */
const CLEARLY = 2.326
/** Origins a week apart share a week of a horizon of two: neighbours err together. */
const SHARED = 1

export interface Rival {
  method: ForecastMethod
  /** mean absolute error, rupiah, over the origins at which both were asked */
  error: number
  naiveError: number
  origins: number
  better: boolean
}

/** Each method against "same as today" at the same origins, those that err least first. */
export function rivals(scores: readonly Missed[]): Rival[] {
  const naive = new Map(
    scores.filter(({ method }) => method === 'naive').map(({ origin, error }) => [origin, error]),
  )
  return (
    METHOD_NAMES.filter((method) => method !== 'naive')
      .map((method) => {
        const pairs = scores
          .filter((score) => score.method === method)
          .sort((a, b) => (a.origin < b.origin ? -1 : 1))
          .map(({ origin, error }) => ({ own: error, naive: naive.get(origin) as number }))
        const error = mean(pairs.map(({ own }) => own))
        const naiveError = mean(pairs.map((pair) => pair.naive))
        const gains = pairs.map((pair) => pair.naive - pair.own)
        const better =
          pairs.length >= LEAST_ORIGINS && error <= (1 - MARGIN) * naiveError && certainty(gains) > CLEARLY
        return { method, error, naiveError, origins: pairs.length, better }
      })
      .filter(({ origins }) => origins > 0)
      // a's share of the naive error against b's, which may be of none
      .sort((a, b) => a.error * b.naiveError - b.error * a.naiveError)
  )
}

/**
 * How many standard errors a mean gain lies above none: the statistic of Diebold & Mariano (1995) with the correction for
 * few origins of Harvey, Leybourne & Newbold (1997). Gains in order of their origins. NaN where nothing was gained or lost.
 */
export function certainty(gains: readonly number[]): number {
  const count = gains.length
  const average = mean(gains)
  const covariance = (lag: number) =>
    gains
      .slice(lag)
      .reduce((sum, gain, index) => sum + (gain - average) * ((gains[index] as number) - average), 0) / count
  // Neighbours that err against each other are no reason to be surer.
  const variance = (covariance(0) + 2 * Math.max(0, covariance(SHARED))) / count
  const horizon = SHARED + 1
  const few = (count + 1 - 2 * horizon + (horizon * (horizon - 1)) / count) / count
  return (average / Math.sqrt(variance)) * Math.sqrt(Math.max(0, few))
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
