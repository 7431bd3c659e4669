/** What server and web agree on about the import of price history as offices keep it. */
import { Type, type Static } from 'typebox'
import { closed, Day, Nullable, Time } from './basic.ts'

/** long: a row is one price; by-commodity, by-market: a row is a day, columns are commodities or markets; by-day: columns are days. */
export const Layout = Type.Union([
  Type.Literal('long'),
  Type.Literal('by-commodity'),
  Type.Literal('by-market'),
  Type.Literal('by-day'),
])
export type Layout = Static<typeof Layout>
export const ColumnRole = Type.Union([
  Type.Literal('day'),
  Type.Literal('year'),
  Type.Literal('month'),
  Type.Literal('commodity'),
  Type.Literal('market'),
  Type.Literal('unit'),
  Type.Literal('price'),
  /** of the prices of its row: reported, imputed, corrected */
  Type.Literal('status'),
  Type.Literal('ignored'),
])
export type ColumnRole = Static<typeof ColumnRole>

export const Vocabulary = Type.Union([
  Type.Literal('history'),
  Type.Literal('siskaperbapo'),
  Type.Literal('pihps'),
  Type.Literal('sp2kp'),
  Type.Literal('bapanas'),
])
export type Vocabulary = Static<typeof Vocabulary>

/** How a file is understood; a person may change any of it. Places are counted from 0. */
export const ImportMapping = Type.Object(
  {
    sheet: Type.Integer({ minimum: 0 }),
    /** first line of the header and how many lines it has (merged headers) */
    headerRow: Type.Integer({ minimum: 0 }),
    headerRows: Type.Integer({ minimum: 1, maximum: 4 }),
    layout: Layout,
    columns: Type.Array(
      Type.Object(
        {
          header: Type.String(),
          role: ColumnRole,
          /** of a price column: a name as in the file or a code of ours; null: another column or the whole file says it */
          commodity: Nullable(Type.String()),
          market: Nullable(Type.String()),
          day: Nullable(Day),
        },
        closed,
      ),
    ),
    /** whose names and units the file uses, where sources call different things by one name */
    vocabulary: Vocabulary,
    /** codes, for what no column says it */
    market: Nullable(Type.String()),
    commodity: Nullable(Type.String()),
    /** day/month/year order of ambiguous dates */
    dayFirst: Type.Boolean(),
    /** codes of ours that names of the file mean; null: left out on purpose; a name that is missing here is not known */
    commodities: Type.Record(Type.String(), Nullable(Type.String())),
    markets: Type.Record(Type.String(), Nullable(Type.String())),
    /** values with decimals were estimated by whoever made the file */
    decimalsAreImputed: Type.Boolean(),
    status: Type.Union([Type.Literal('reported'), Type.Literal('imputed')]),
    /** the source's name; each is a feed of its own */
    source: Type.String({ maxLength: 80, pattern: '^(?=\\s*\\S)[^\\u0000-\\u001f\\u007f]*$' }),
  },
  closed,
)
export type ImportMapping = Static<typeof ImportMapping>

export const ImportProblem = Type.Object({
  /** as the spreadsheet counts, from 1 */
  row: Type.Integer(),
  column: Type.String(),
  reason: Type.String(),
  expected: Type.String(),
  value: Type.String(),
})
export type ImportProblem = Static<typeof ImportProblem>

export const ImportCounts = Type.Object({
  rows: Type.Integer(),
  /** cells in which a price could stand: the sum of all below */
  prices: Type.Integer(),
  /** 0, "-", empty: not a price */
  none: Type.Integer(),
  fresh: Type.Integer(),
  unchanged: Type.Integer(),
  /** another value than the one that is stored: a new revision */
  revised: Type.Integer(),
  refused: Type.Integer(),
  /** of names that are left out on purpose, and carried values, which are no prices of their day */
  leftOut: Type.Integer(),
})
export type ImportCounts = Static<typeof ImportCounts>

/** A dry run: how each column was understood, what would happen. */
export const PriceImport = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  sheets: Type.Array(Type.String()),
  /** the mapping comes from an earlier file of that shape */
  remembered: Type.Boolean(),
  mapping: ImportMapping,
  /** the file's first lines as they stand */
  preview: Type.Array(Type.Array(Type.String())),
  /** how each was understood, a few values each */
  samples: Type.Array(
    Type.Object({ column: Type.Integer(), given: Type.String(), understood: Nullable(Type.String()) }),
  ),
  /** names that mean nothing yet, with the likeliest */
  unknown: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('commodity'), Type.Literal('market')]),
      name: Type.String(),
      likely: Nullable(Type.String()),
      rows: Type.Integer(),
    }),
  ),
  counts: ImportCounts,
  firstDay: Nullable(Day),
  lastDay: Nullable(Day),
  problems: Type.Array(ImportProblem),
  /** findings of the quality checks among them, by check */
  flags: Type.Record(Type.String(), Type.Integer()),
  appliedAt: Nullable(Time),
})
export type PriceImport = Static<typeof PriceImport>

/** An import in the list of earlier ones. */
export const ImportListed = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  source: Type.String(),
  createdBy: Type.String(),
  createdAt: Time,
  appliedAt: Nullable(Time),
  counts: ImportCounts,
})
export type ImportListed = Static<typeof ImportListed>
