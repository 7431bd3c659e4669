/** The board of a day, and a commodity's history. */
import { Type, type Static } from 'typebox'
import { Day, Nullable } from './basic.ts'
import { Ceiling, CityPrice, Commodity, Market, Quote, QuoteStatus } from './price.ts'

export const BoardRow = Type.Object({
  commodity: Commodity,
  city: Nullable(CityPrice),
  /** city median the day before, seven days and a month before the board's day; null where none was reported */
  yesterday: Nullable(Type.Integer()),
  lastWeek: Nullable(Type.Integer()),
  lastMonth: Nullable(Type.Integer()),
  ceiling: Nullable(Ceiling),
  quotes: Type.Array(Quote),
  /** codes of markets where it is due and without a price of that very day */
  missing: Type.Array(Type.String()),
  /** codes of markets where it was not sold on that day */
  notSold: Type.Array(Type.String()),
  /** codes of markets whose price of that day has an open flag */
  flagged: Type.Array(Type.String()),
  /** city medians of the 30 days to the board's day; null is a day without a report */
  sparkline: Type.Array(Nullable(Type.Integer())),
})
export type BoardRow = Static<typeof BoardRow>

/** The table of commodity by market for a day. */
export const PriceBoard = Type.Object({
  day: Day,
  /** newest day with any market's price */
  latestDay: Nullable(Day),
  firstDay: Nullable(Day),
  markets: Type.Array(Market),
  rows: Type.Array(BoardRow),
  /** the day by whose end all of it was known; null: as it is known now */
  known: Nullable(Day),
  demo: Type.Boolean(),
})
export type PriceBoard = Static<typeof PriceBoard>

export const PriceSeries = Type.Object({
  market: Market,
  feed: Type.String(),
  demo: Type.Boolean(),
  points: Type.Array(Type.Object({ day: Day, price: Type.Integer(), status: QuoteStatus })),
})
export type PriceSeries = Static<typeof PriceSeries>

export const CommodityHistory = Type.Object({
  commodity: Commodity,
  from: Day,
  to: Day,
  city: Type.Array(CityPrice),
  /** what counts of each market, or the means of so many days each, from a Monday on */
  series: Type.Array(PriceSeries),
  /** 1; over more than two years 7, over more than five 28 */
  stepDays: Type.Integer(),
  known: Nullable(Day),
  /** ceilings in force within the range, each from a day to a day (null: open) */
  ceilings: Type.Array(Type.Object({ ...Ceiling.properties, from: Day, to: Day })),
})
export type CommodityHistory = Static<typeof CommodityHistory>
