/**
 * What server and web agree on about checks of prices. The checks themselves (`quality/`) are pure and stand beside this
 * file, since a phone without a connection runs the same ones as the server.
 */
import { Type, type Static } from 'typebox'
import { closed, Day, Note, Nullable, Time } from './basic.ts'
import { Commodity, Market } from './price.ts'

export const CHECKS = [
  'range',
  'jump',
  'digit-lost',
  'digit-added',
  'digit-swapped',
  'stuck',
  'outlier',
  'unit',
  'season',
] as const
export type CheckName = (typeof CHECKS)[number]
export const Severity = Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('info')])
export type Severity = Static<typeof Severity>

/** One finding; its sentence is made of the facts, in the reader's language. */
export const Finding = Type.Object({
  check: Type.Unsafe<CheckName>(Type.Union(CHECKS.map((name) => Type.Literal(name)))),
  severity: Severity,
  facts: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
})
export type Finding = Static<typeof Finding>

/** What a value is compared with. */
export const CheckContext = Type.Object({
  /** rupiah per canonical unit that a commodity can cost at all; null: not known */
  range: Nullable(Type.Object({ min: Type.Integer(), max: Type.Integer() })),
  /** earlier prices of the same series (market and source) without those surely wrong, oldest first, at most 400 days back */
  history: Type.Array(Type.Object({ day: Day, price: Type.Integer() })),
  /** of other markets on the same day, or their last within the carry limit */
  others: Type.Array(Type.Object({ market: Type.String(), price: Type.Integer() })),
  /** how many of the other markets' prices changed since this series last did */
  othersMoved: Type.Integer(),
  /** city medians of the same weeks of earlier years (14 days around, Lebaran weeks aligned), one a year */
  season: Type.Array(Type.Integer()),
  /** canonical unit, to know which mistakes are likely: kg may be given per ons (100 g) or per quarter */
  unit: Type.String(),
})
export type CheckContext = Static<typeof CheckContext>

export const Outcome = Type.Union([
  Type.Literal('error'),
  Type.Literal('genuine'),
  Type.Literal('false-alarm'),
])
export type Outcome = Static<typeof Outcome>

/** A finding that was kept, with what became of it. */
export const Flag = Type.Object({
  id: Type.Integer(),
  ...Finding.properties,
  day: Day,
  market: Market,
  commodity: Commodity,
  feed: Type.String(),
  price: Type.Integer(),
  raisedAt: Time,
  outcome: Nullable(Outcome),
  outcomeBy: Nullable(Type.String()),
  outcomeAt: Nullable(Time),
  note: Type.String(),
})
export type Flag = Static<typeof Flag>
export const FlagOutcome = Type.Object({ outcome: Outcome, note: Note }, closed)
export type FlagOutcome = Static<typeof FlagOutcome>

/** How often each check was right. */
export const FlagReport = Type.Object({
  from: Day,
  to: Day,
  checks: Type.Array(
    Type.Object({
      check: Type.String(),
      raised: Type.Integer(),
      open: Type.Integer(),
      error: Type.Integer(),
      genuine: Type.Integer(),
      falseAlarm: Type.Integer(),
    }),
  ),
})
export type FlagReport = Static<typeof FlagReport>
