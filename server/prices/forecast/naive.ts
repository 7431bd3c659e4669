import { unbroken } from './daily.ts'
import type { Method } from './methods.ts'

/** 52 weeks: the same day of the week, a year before. */
const YEAR_DAYS = 364
const DRIFT_DAYS = 365

/** "Same as today" (Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.2): needs one price. */
export const naive: Method = (known, horizon) =>
  new Float64Array(horizon).fill(known[known.length - 1] as number)

/**
 * Seasonal naive (FPP3 5.2), scaled to today's level: y(T) * y(T - 364 + h) / y(T - 364), so that last year's way is gone
 * from today's price. Needs a year and the days after it.
 */
export const seasonalNaive: Method = (known, horizon) => {
  const now = known.length - 1
  const then = now - YEAR_DAYS
  if (then < 0) return undefined
  const forecast = new Float64Array(horizon)
  for (let h = 1; h <= horizon; h += 1)
    forecast[h - 1] = ((known[now] as number) * (known[then + h] as number)) / (known[then] as number)
  return forecast.some(Number.isNaN) ? undefined : forecast
}

/**
 * Drift (FPP3 5.2) of the logarithms, since prices move by shares: y(T) * (y(T) / y(1))^(h / (T - 1)) over the last unbroken
 * year. Needs two weeks.
 */
export const drift: Method = (known, horizon) => {
  const run = unbroken(known).subarray(-DRIFT_DAYS)
  if (run.length < 14) return undefined
  const last = run[run.length - 1] as number
  const step = Math.log(last / (run[0] as number)) / (run.length - 1)
  return new Float64Array(horizon).map((_, index) => last * Math.exp((index + 1) * step))
}
