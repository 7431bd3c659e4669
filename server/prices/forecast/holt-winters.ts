import { unbroken } from './daily.ts'
import type { Method } from './methods.ts'

const WEEK = 7
const YEAR_WEEKS = 52
/** Two seasons to begin with, one to learn from. */
const LEAST_SEASONS = 3
const LEAST_WEEKS = 8
const TRAINED_DAYS = 365
const LEVELS = [0.3, 0.6, 0.9]
const TRENDS = [0.05, 0.2]
const SEASONS = [0.05, 0.2]
const DAMPED = 0.9

/**
 * Holt-Winters with a damped trend (FPP3 8.3) of the logarithms, so that trend and season multiply. The season is the year
 * in weeks where three years are known without a hole, since prices follow harvests and feasts; else the week in days,
 * from eight weeks on. The weeks' way is gone from today's price.
 */
export const holtWinters: Method = (known, horizon) => {
  const logs = unbroken(known).map(Math.log)
  const today = logs[logs.length - 1] as number
  if (logs.length >= LEAST_SEASONS * YEAR_WEEKS * WEEK) {
    const weeks = weeklyMeans(logs)
    const ahead = smoothed(weeks, YEAR_WEEKS, Math.ceil(horizon / WEEK) + 1)
    // A week's mean stands in its middle, so that today lies three days after the last.
    const mean = [weeks[weeks.length - 1] as number, ...ahead]
    const at = (days: number) => between(mean, (days + 3) / WEEK)
    return new Float64Array(horizon).map((_, index) => Math.exp(today + at(index + 1) - at(0)))
  }
  if (logs.length < LEAST_WEEKS * WEEK) return undefined
  return smoothed(logs.subarray(-TRAINED_DAYS), WEEK, horizon).map(Math.exp)
}

/** Means of whole weeks that end with the last day. */
function weeklyMeans(logs: Float64Array): Float64Array {
  const weeks = new Float64Array(Math.floor(logs.length / WEEK))
  const start = logs.length - weeks.length * WEEK
  return weeks.map((_, index) => mean(logs.subarray(start + index * WEEK, start + (index + 1) * WEEK)))
}
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

function between(values: readonly number[], place: number): number {
  const low = Math.floor(place)
  const [a, b] = [values[low] as number, values[low + 1] ?? (values[low] as number)]
  return a + (b - a) * (place - low)
}

/** The next values, with the parameters of a grid that have the least squared error a step ahead after the first season. */
function smoothed(values: Float64Array, season: number, horizon: number): Float64Array {
  let best = { error: Number.POSITIVE_INFINITY, ahead: new Float64Array(horizon) }
  for (const level of LEVELS)
    for (const trend of TRENDS)
      for (const gain of SEASONS) {
        const tried = smoothedWith(values, season, horizon, { level, trend, gain })
        if (tried.error < best.error) best = tried
      }
  return best.ahead
}

function smoothedWith(
  values: Float64Array,
  season: number,
  horizon: number,
  gains: { level: number; trend: number; gain: number },
) {
  let level = mean(values.subarray(0, season))
  let trend = 0
  const seasonal = values.slice(0, season).map((value) => value - level)
  let error = 0
  for (let at = season; at < values.length; at += 1) {
    const value = values[at] as number
    const place = at % season
    const expected = level + DAMPED * trend
    error += (value - expected - (seasonal[place] as number)) ** 2
    const next = gains.level * (value - (seasonal[place] as number)) + (1 - gains.level) * expected
    seasonal[place] = gains.gain * (value - expected) + (1 - gains.gain) * (seasonal[place] as number)
    trend = gains.trend * (next - level) + (1 - gains.trend) * DAMPED * trend
    level = next
  }
  const ahead = new Float64Array(horizon)
  for (let h = 0; h < horizon; h += 1) {
    trend *= DAMPED
    level += trend
    ahead[h] = level + (seasonal[(values.length + h) % season] as number)
  }
  return { error, ahead }
}
