/** A quote is the price of a commodity at a market on a day, from one source. */
import { Type, type Static } from 'typebox'
import { Day, Nullable } from './basic.ts'

export const QuoteStatus = Type.Union([
  Type.Literal('reported'),
  Type.Literal('carried'),
  Type.Literal('imputed'),
  Type.Literal('corrected'),
])
export type QuoteStatus = Static<typeof QuoteStatus>

export const Market = Type.Object({
  code: Type.String(),
  name: Type.String(),
  level: Type.Union([
    Type.Literal('market'),
    Type.Literal('city'),
    Type.Literal('province'),
    Type.Literal('producer'),
  ]),
})
export type Market = Static<typeof Market>

export const Commodity = Type.Object({
  code: Type.String(),
  nameId: Type.String(),
  nameEn: Type.String(),
  unit: Type.String(),
  category: Type.String(),
})
export type Commodity = Static<typeof Commodity>

export const Ceiling = Type.Object({
  kind: Type.Union([Type.Literal('HET'), Type.Literal('HAP')]),
  price: Type.Integer(),
  regulation: Type.String(),
  validFrom: Nullable(Day),
})
export type Ceiling = Static<typeof Ceiling>

export const Quote = Type.Object({
  market: Type.String(),
  commodity: Type.String(),
  /** the day for which it was reported: older than the board's day where it is carried */
  day: Day,
  price: Type.Integer(),
  status: QuoteStatus,
  feed: Type.String(),
  demo: Type.Boolean(),
  revision: Type.Integer(),
})
export type Quote = Static<typeof Quote>

export const CityPrice = Type.Object({
  day: Day,
  median: Type.Integer(),
  low: Type.Integer(),
  high: Type.Integer(),
  markets: Type.Integer(),
  demo: Type.Boolean(),
})
export type CityPrice = Static<typeof CityPrice>
