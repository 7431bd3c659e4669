import { createHash } from 'node:crypto'
import type { ImportMapping } from '#contract/price-import.ts'

/**
 * What tells files of one shape from others: the words of the header. Columns of days count as one, since the next
 * month's file has others.
 */
export function fingerprintOf({ columns, layout }: ImportMapping): string {
  const words = columns.map(({ header, day }) =>
    day === null
      ? header
          .toLowerCase()
          .replace(/[^\p{L}\p{N}]+/gu, ' ')
          .trim()
      : '#day',
  )
  const kept = words.filter((word, at) => word !== '#day' || words[at - 1] !== '#day')
  return createHash('sha256')
    .update(JSON.stringify([layout, kept]))
    .digest('hex')
}

/**
 * The guess of a new file, as a person once mended that of another one of its shape. Where this file's own title names
 * the place, that one counts; a column is for what the column of the same header was for.
 */
export function recalled(remembered: ImportMapping, guess: ImportMapping): ImportMapping {
  const known = remembered.columns.filter(({ day }) => day === null)
  return {
    ...guess,
    layout: remembered.layout,
    vocabulary: remembered.vocabulary,
    dayFirst: remembered.dayFirst,
    decimalsAreImputed: remembered.decimalsAreImputed,
    status: remembered.status,
    source: remembered.source,
    market: guess.market ?? remembered.market,
    commodity: guess.commodity ?? remembered.commodity,
    commodities: { ...guess.commodities, ...remembered.commodities },
    markets: { ...guess.markets, ...remembered.markets },
    columns: guess.columns.map((column, at) => {
      if (column.day !== null) return column
      const turn = guess.columns
        .slice(0, at)
        .filter(({ header, day }) => day === null && header === column.header).length
      return known.filter(({ header }) => header === column.header)[turn] ?? column
    }),
  }
}
