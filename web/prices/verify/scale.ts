import type { MarketsAsk, VerificationItem } from '#contract/survey.ts'

export interface Mark {
  kind: 'own' | 'market' | 'source' | 'previous' | 'median' | 'ceiling'
  /** whose it is, where its kind does not say it */
  name: string | null
  price: number
  /** share of the scale's length, 0..1 */
  at: number
}

/**
 * The entry's price among all that it can be compared with, on one scale; empty where it was not sold.
 * @param others what the other markets ask
 */
export function marksOf(item: VerificationItem, others: MarketsAsk['prices']): Mark[] {
  const { price } = item.entry
  if (price === null) return []
  const marks: Omit<Mark, 'at'>[] = [
    ...others.map((other) => ({
      kind: 'market' as const,
      name: other.market.name,
      price: other.price,
    })),
    ...item.otherSources.map((other) => ({ kind: 'source' as const, name: other.title, price: other.price })),
    ...(item.previous === null
      ? []
      : [{ kind: 'previous' as const, name: null, price: item.previous.price }]),
    ...(item.cityMedian === null ? [] : [{ kind: 'median' as const, name: null, price: item.cityMedian }]),
    ...(item.ceiling === null
      ? []
      : [{ kind: 'ceiling' as const, name: item.ceiling.kind, price: item.ceiling.price }]),
    { kind: 'own', name: null, price },
  ]
  const prices = marks.map((mark) => mark.price)
  const [low, high] = [Math.min(...prices), Math.max(...prices)]
  return marks.map((mark) => ({ ...mark, at: high === low ? 0.5 : (mark.price - low) / (high - low) }))
}
