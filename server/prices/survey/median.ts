/**
 * The price of several sellers: their median, rupiah. Of an even count it is the mean of the two in the middle, half a
 * rupiah rounded up.
 * @param prices whole rupiah; throws a RangeError where there are none
 */
export function medianOf(prices: readonly number[]): number {
  if (prices.length === 0) throw new RangeError('no price to take the median of')
  const sorted = [...prices].sort((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]] as [number, number]
  return Math.floor((low + high + 1) / 2)
}
