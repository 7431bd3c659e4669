import type { Quote } from '#contract/price.ts'
import type { PriceBoard } from '#contract/price-board.ts'

export const cellOf = ({ commodity, market }: Pick<Quote, 'commodity' | 'market'>): string =>
  `${commodity} ${market}`

/** Cells whose price is another than it was; on the same day a new revision or report counts as well. */
export function movedSince(before: PriceBoard, after: PriceBoard): Set<string> {
  const said = (quote: Quote) =>
    before.day === after.day ? `${quote.price} ${quote.status} ${quote.revision}` : String(quote.price)
  const known = new Map(before.rows.flatMap((row) => row.quotes.map((quote) => [cellOf(quote), said(quote)])))
  return new Set(
    after.rows
      .flatMap((row) => row.quotes)
      .filter((quote) => known.get(cellOf(quote)) !== said(quote))
      .map(cellOf),
  )
}
