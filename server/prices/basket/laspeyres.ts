/** A price stands for so many days after it; then its commodity is taken to have gone the way of the others. */
export const CARRY_DAYS = 31
/** Less of the basket than this says nothing of the whole: of commodities with a base price, of weight with one of the day. */
export const LEAST_SHARE = 0.8

export interface BasketItem {
  code: string
  /** in the commodity's unit */
  quantity: number
  /** mean of the base month, rupiah */
  base: number | null
}
/** What is known of the basket's commodity on a day. */
export interface KnownPrice {
  price: number
  /** of that very day, not of one before */
  fresh: boolean
}
export interface Weighed {
  code: string
  /** share of the base period's cost, 0..1; all sum to 1 */
  weight: number
  base: number
}

/**
 * Shares of the basket's cost at base prices: q p0 / sum(q p0). Commodities without a base price are left out.
 * @returns undefined where fewer than four fifths of the commodities have one
 */
export function weigh(basket: readonly BasketItem[]): Weighed[] | undefined {
  const priced = basket.flatMap(({ code, quantity, base }) =>
    base === null ? [] : [{ code, base, cost: quantity * base }],
  )
  const cost = priced.reduce((sum, item) => sum + item.cost, 0)
  if (cost <= 0 || priced.length < LEAST_SHARE * basket.length) return undefined
  return priced.map((item) => ({ code: item.code, base: item.base, weight: item.cost / cost }))
}

export interface IndexPoint {
  /** 100 in the base month */
  value: number
  /** share of the weight whose price is of that very day */
  completeness: number
  /** p / p0 of each, in the order of the weights; of one without a price the mean of the others */
  relatives: number[]
}

/**
 * Laspeyres' price index: 100 sum(q p) / sum(q p0) = 100 sum(w p / p0), with w the shares of the base period's cost. Of a
 * commodity without a price the mean relative of the others stands in (ILO and others, Consumer Price Index Manual 2020,
 * overall mean imputation).
 * @returns undefined where less than four fifths of the weight has a price
 */
export function laspeyres(
  weights: readonly Weighed[],
  known: (code: string) => KnownPrice | undefined,
): IndexPoint | undefined {
  const prices = weights.map(({ code }) => known(code))
  const share = (counts: (price: KnownPrice) => boolean) =>
    weights.reduce((sum, { weight }, index) => {
      const price = prices[index]
      return price !== undefined && counts(price) ? sum + weight : sum
    }, 0)
  const priced = share(() => true)
  // Weights sum to 1 only as far as a computer counts.
  if (priced < LEAST_SHARE - 1e-9) return undefined
  const relative = (index: number) => {
    const price = prices[index]
    return price === undefined ? undefined : price.price / (weights[index] as Weighed).base
  }
  const mean = weights.reduce((sum, { weight }, index) => sum + weight * (relative(index) ?? 0), 0) / priced
  return {
    value: 100 * mean,
    completeness: Math.min(
      1,
      share(({ fresh }) => fresh),
    ),
    relatives: weights.map((_, index) => relative(index) ?? mean),
  }
}

/**
 * What each commodity's price adds to the change between two days (andil): w (r_to - r_from) / sum(w r_from). They sum to the
 * change, I_to / I_from - 1.
 */
export function contributions(weights: readonly Weighed[], from: IndexPoint, to: IndexPoint): number[] {
  return weights.map(
    ({ weight }, index) =>
      (weight * ((to.relatives[index] as number) - (from.relatives[index] as number))) / (from.value / 100),
  )
}
