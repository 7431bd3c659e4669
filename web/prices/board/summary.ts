import type { BoardRow } from '#contract/price-board.ts'

/** What a morning asks first. */
export const VIEWS = ['rose', 'fell', 'het', 'hap', 'missing', 'flagged'] as const
export type View = (typeof VIEWS)[number]

/** (now - before) / before; null where either is missing. */
export const changeOf = (now: number | null | undefined, before: number | null): number | null =>
  now === null || now === undefined || before === null || before === 0 ? null : (now - before) / before

/** (median - ceiling) / ceiling by the rule of the board's day; null without a rule or a median. */
export const excessOf = ({ city, ceiling }: Pick<BoardRow, 'city' | 'ceiling'>): number | null =>
  ceiling === null ? null : changeOf(city?.median, ceiling.price)

/** How much a row belongs to a view, in the view's own measure; 0: not at all. */
export function weight(row: BoardRow, view: View): number {
  const change = changeOf(row.city?.median, row.yesterday) ?? 0
  switch (view) {
    case 'rose':
      return Math.max(0, change)
    case 'fell':
      return Math.max(0, -change)
    case 'het':
    case 'hap':
      return row.ceiling?.kind === view.toUpperCase() ? Math.max(0, excessOf(row) ?? 0) : 0
    case 'missing':
      return row.missing.length
    case 'flagged':
      return row.flagged.length
  }
}

/** The rows of a view, the gravest first. */
export const rowsOf = (rows: readonly BoardRow[], view: View): BoardRow[] =>
  rows.filter((row) => weight(row, view) > 0).sort((a, b) => weight(b, view) - weight(a, view))
