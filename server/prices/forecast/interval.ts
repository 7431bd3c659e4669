/** Share of the days that are to lie within the interval. */
const COVERED = 0.8
/** Fewer errors than this say nothing of a day ahead; it then is as wide as the day before. */
const LEAST_ERRORS = 20

export interface Spread {
  low: number
  high: number
}

/**
 * By which factors prices strayed from forecasts, day by day ahead: the tenth and the ninetieth percentile of the backtest's
 * own errors (FPP3 5.5, bootstrapped residuals, here of the very day ahead), at the ranks (n + 1) q of split conformal
 * prediction (Lei et al. 2018), which hold for few errors too. It holds the forecast and never grows narrower.
 * @param ratios ln(price / forecast) by origin and day ahead
 */
export function spreads(ratios: readonly (readonly (number | null)[])[], horizon: number): Spread[] {
  let [low, high] = [0, 0]
  return Array.from({ length: horizon }, (_, index) => {
    const errors = ratios.flatMap((origin) => origin[index] ?? []).sort((a, b) => a - b)
    if (errors.length >= LEAST_ERRORS) {
      low = Math.min(low, ranked(errors, (1 - COVERED) / 2, Math.floor))
      high = Math.max(high, ranked(errors, (1 + COVERED) / 2, Math.ceil))
    }
    return { low: Math.exp(low), high: Math.exp(high) }
  })
}

const ranked = (sorted: readonly number[], share: number, towards: (rank: number) => number): number => {
  const rank = towards((sorted.length + 1) * share)
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] as number
}
