import { unbroken } from './daily.ts'
import type { Method } from './methods.ts'

const TRAINED_DAYS = 365
const LEAST_DAYS = 60
const LEVELS = [0.2, 0.4, 0.6, 0.8, 1]
const TRENDS = [0.02, 0.05, 0.1, 0.2, 0.4]
const DAMPED = [0.8, 0.9, 0.98]

/**
 * Holt's damped trend (FPP3 8.2) of the logarithms, since prices move by shares:
 *   level(t) = a y(t) + (1 - a)(level(t-1) + p trend(t-1)),  trend(t) = b (level(t) - level(t-1)) + (1 - b) p trend(t-1),
 *   y(T+h) = level(T) + (p + p^2 + ... + p^h) trend(T).
 * a, b, p of a grid with the least squared error a day ahead over the last unbroken year. Needs 60 days.
 */
export const holt: Method = (known, horizon) => {
  const logs = unbroken(known).subarray(-TRAINED_DAYS).map(Math.log)
  if (logs.length < LEAST_DAYS) return undefined
  let best = { error: Number.POSITIVE_INFINITY, level: 0, trend: 0, damp: 1 }
  for (const a of LEVELS)
    for (const b of TRENDS)
      for (const damp of DAMPED) {
        let level = logs[0] as number
        let trend = 0
        let error = 0
        for (let at = 1; at < logs.length; at += 1) {
          const expected = level + damp * trend
          const value = logs[at] as number
          error += (value - expected) ** 2
          const next = a * value + (1 - a) * expected
          trend = b * (next - level) + (1 - b) * damp * trend
          level = next
        }
        if (error < best.error) best = { error, level, trend, damp }
      }
  const forecast = new Float64Array(horizon)
  let { level } = best
  let { trend } = best
  for (let h = 0; h < horizon; h += 1) {
    trend *= best.damp
    level += trend
    forecast[h] = Math.exp(level)
  }
  return forecast
}
