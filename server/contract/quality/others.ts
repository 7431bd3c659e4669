import type { CheckContext, Finding } from '../quality.ts'
import { median } from './numbers.ts'

/** Makes the median absolute deviation comparable with a standard deviation (normal distribution). */
const MAD_TO_SIGMA = 1.4826
/** Markets that agree exactly still may differ by so much. */
const LEAST_SIGMA = 0.03
const OUTLIER = { markets: 5, sigmas: 4, share: 0.2 }
const FAR_OUT = { sigmas: 8, share: 0.6 }

/** Far from the other markets of the day, by their median and median absolute deviation (Iglewicz and Hoaglin 1993). */
export function outlier(price: number, { others }: CheckContext): Finding | undefined {
  if (others.length < OUTLIER.markets) return undefined
  const prices = others.map((one) => one.price)
  const middle = median(prices) ?? 0
  const off = Math.abs(price - middle)
  if (off <= OUTLIER.share * middle) return undefined
  const mad = median(prices.map((one) => Math.abs(one - middle))) ?? 0
  const sigma = Math.max(MAD_TO_SIGMA * mad, LEAST_SIGMA * middle)
  if (off <= OUTLIER.sigmas * sigma) return undefined
  return {
    check: 'outlier',
    severity: off > FAR_OUT.sigmas * sigma && off > FAR_OUT.share * middle ? 'error' : 'warning',
    facts: { price, median: Math.round(middle), markets: others.length, change: (price - middle) / middle },
  }
}

/** Outside what a unit can cost at all. */
export function range(price: number, { range: bounds }: CheckContext): Finding | undefined {
  if (bounds === null || (price >= bounds.min && price <= bounds.max)) return undefined
  return { check: 'range', severity: 'error', facts: { price, min: bounds.min, max: bounds.max } }
}
