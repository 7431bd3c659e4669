import type { Market, QuoteStatus } from '#contract/price.ts'
import type { BoardRow, PriceBoard } from '#contract/price-board.ts'

const MOST = 5

/** The rows that a bulletin prints: what has a figure of the day, or is due and has none. */
export const printed = ({ rows }: PriceBoard): BoardRow[] =>
  rows.filter(({ city, missing, yesterday }) => city !== null || missing.length > 0 || yesterday !== null)

/** (today - yesterday) / yesterday; null where either is missing. */
export const changeOf = ({ city, yesterday }: BoardRow): number | null =>
  city === null || yesterday === null ? null : (city.median - yesterday) / yesterday

/** What moved most in a direction, the largest first. */
export function movers(rows: readonly BoardRow[], direction: 1 | -1): { row: BoardRow; change: number }[] {
  return rows
    .flatMap((row) => {
      const change = changeOf(row)
      return change === null || change * direction <= 0 ? [] : [{ row, change }]
    })
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
    .slice(0, MOST)
}

/** How far the median stands above the ceiling of its day, a share; null where it does not. */
export const overOf = ({ city, ceiling }: BoardRow): number | null =>
  city === null || ceiling === null || city.median <= ceiling.price ? null : city.median / ceiling.price - 1

/** Markets that gave no price at all of the board's own day: told once below the table, not beside every row. */
export function silentIn({ rows, day, markets }: PriceBoard): Market[] {
  const heard = new Set(
    rows.flatMap(({ quotes }) => quotes.filter((quote) => quote.day === day).map(({ market }) => market)),
  )
  return markets.filter(({ code }) => !heard.has(code))
}

/** Markets whose price of this row came about in such a way, but for those that were silent. */
export const countOf = ({ quotes }: BoardRow, status: QuoteStatus, silent: readonly Market[]): number =>
  heardOf(
    quotes.filter((quote) => quote.status === status).map(({ market }) => market),
    silent,
  ).length

/** Those of some markets' codes that were not silent. */
export const heardOf = (codes: readonly string[], silent: readonly Market[]): string[] =>
  codes.filter((code) => silent.every((market) => market.code !== code))
