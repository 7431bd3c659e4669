import { unbroken } from './daily.ts'
import type { Method } from './methods.ts'

const TRAINED_DAYS = 730
const LEAST_DAYS = 180
const WEEK = 7
/** Ridge: a fiftieth of what the causes vary, so that two that move together do not run away. */
const RIDGE = 0.02

/**
 * A regression for each day ahead (a direct forecast: FPP3 7.6 for regression with lagged predictors, Jorda 2005 for one
 * equation a horizon) of the logarithms over the last unbroken two years: what the price does in h days by what it did in
 * the last week (moves that go on) and by how far it is from the mean of these years (moves that come back).
 * Needs 180 days.
 */
export const regression: Method = (known, horizon) => {
  const logs = unbroken(known).subarray(-TRAINED_DAYS).map(Math.log)
  if (logs.length < LEAST_DAYS) return undefined
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length
  const now = logs.length - 1
  const at = (place: number) => logs[place] as number
  return new Float64Array(horizon).map((_, index) => {
    const h = index + 1
    let [ww, wd, dd, wy, dy] = [0, 0, 0, 0, 0]
    for (let t = WEEK; t + h <= now; t += 1) {
      const week = at(t) - at(t - WEEK)
      const distance = at(t) - mean
      const move = at(t + h) - at(t)
      ww += week * week
      wd += week * distance
      dd += distance * distance
      wy += week * move
      dy += distance * move
    }
    const ridge = RIDGE * (ww + dd)
    const [a, c] = [ww + ridge, dd + ridge]
    const determinant = a * c - wd * wd
    // A price that never moved says nothing of how it moves.
    if (determinant <= 0) return Math.exp(at(now))
    const byWeek = (c * wy - wd * dy) / determinant
    const byDistance = (a * dy - wd * wy) / determinant
    return Math.exp(at(now) + byWeek * (at(now) - at(now - WEEK)) + byDistance * (at(now) - mean))
  })
}
