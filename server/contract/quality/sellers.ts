/**
 * The price of several sellers: their median, whole rupiah; of an even count it is the mean of the two in the middle, half
 * a rupiah rounded up. Null where there are none.
 */
export function medianOf(prices: readonly number[]): number | null {
  const sorted = prices.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? null : Math.floor((low + high + 1) / 2)
}
