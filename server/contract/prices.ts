/**
 * What server and web agree on about prices beyond the board of a day: the market, the map, the heat map, the ceiling
 * watch, sources beside each other, corrections, closed months, settings.
 * Prices are rupiah per canonical unit, changes and shares are 0.05 for 5 %.
 */
import { Type, type Static } from 'typebox'
import { closed, Day, Nullable, Reason, Time } from './basic.ts'
import { Ceiling, CityPrice, Commodity, Market, QuoteStatus } from './price.ts'

/** Of a commodity, a market or a feed. */
export const Code = Type.String({ maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })
export const Month = Type.String({ pattern: '^(19|20)\\d{2}-(0[1-9]|1[0-2])$' })
export const Rupiah = Type.Integer({ minimum: 1, maximum: 10_000_000 })

/** All commodities of the city, in its order. */
export const CommodityList = Type.Object({
  commodities: Type.Array(Commodity),
  /** codes of those that the city's own surveys ask for */
  surveyed: Type.Array(Type.String()),
})
export type CommodityList = Static<typeof CommodityList>

// A market, the map, the heat map -----------------------------------------------------------------

/** The price of a commodity that counts at a market on a day. */
export const MarketPrice = Type.Object({
  commodity: Commodity,
  /** older than the page's day where it is carried */
  day: Day,
  price: Type.Integer(),
  status: QuoteStatus,
  feed: Type.String(),
  demo: Type.Boolean(),
  before: Nullable(Type.Integer()),
  lastWeek: Nullable(Type.Integer()),
  /** city median of the page's day */
  city: Nullable(Type.Integer()),
  ceiling: Nullable(Ceiling),
  /** open flags of this very price */
  flags: Type.Integer(),
  sparkline: Type.Array(Nullable(Type.Integer())),
})
export const MarketPage = Type.Object({
  market: Market,
  latitude: Nullable(Type.Number()),
  longitude: Nullable(Type.Number()),
  positionAccuracy: Nullable(Type.String()),
  district: Nullable(Type.String()),
  day: Day,
  latestDay: Nullable(Day),
  prices: Type.Array(MarketPrice),
  /** due here by the survey's list and without a price of this day */
  missing: Type.Array(Commodity),
  notSold: Type.Array(Commodity),
  /** the day by whose end all of it had been received; null: as it is known now */
  known: Nullable(Day),
  demo: Type.Boolean(),
})
export type MarketPage = Static<typeof MarketPage>

export const PriceMap = Type.Object({
  commodity: Commodity,
  day: Day,
  city: Nullable(CityPrice),
  ceiling: Nullable(Ceiling),
  places: Type.Array(
    Type.Object({
      market: Market,
      latitude: Nullable(Type.Number()),
      longitude: Nullable(Type.Number()),
      positionAccuracy: Nullable(Type.String()),
      /** null: nothing within the carry limit */
      quote: Nullable(Type.Object({ day: Day, price: Type.Integer(), status: QuoteStatus })),
    }),
  ),
  /** the day by whose end all of it had been received; null: as it is known now */
  known: Nullable(Day),
  demo: Type.Boolean(),
})
export type PriceMap = Static<typeof PriceMap>

/** City medians, commodity by day. */
export const PriceHeat = Type.Object({
  from: Day,
  to: Day,
  rows: Type.Array(
    Type.Object({
      commodity: Commodity,
      /** median of the year that ends with the last day; what a day is compared with */
      usual: Nullable(Type.Integer()),
      /** one a day from `from` to `to`; null: not reported */
      medians: Type.Array(Nullable(Type.Integer())),
    }),
  ),
  /** the day by whose end all of it had been received; null: as it is known now */
  known: Nullable(Day),
  demo: Type.Boolean(),
})
export type PriceHeat = Static<typeof PriceHeat>

export const CeilingRow = Type.Object({
  commodity: Commodity,
  /** the rule of that day in the city's zone */
  ceiling: Ceiling,
  median: Nullable(Type.Integer()),
  /** (median - ceiling) / ceiling; negative: below */
  excess: Nullable(Type.Number()),
  /** days above in the 30 days to this one, each judged by its own rule, of so many with a price */
  daysAbove: Type.Integer(),
  daysKnown: Type.Integer(),
  /** the first day of the run above that reaches this day */
  aboveSince: Nullable(Day),
  /** markets above it on this day */
  markets: Type.Array(Type.Object({ market: Market, price: Type.Integer(), excess: Type.Number() })),
  marketsKnown: Type.Integer(),
  /** excess a day of the last 30; null: no rule or no price */
  trend: Type.Array(Nullable(Type.Number())),
})
export const CeilingWatch = Type.Object({
  day: Day,
  zone: Type.String(),
  rows: Type.Array(CeilingRow),
  /** rules that end or begin within a year around the day */
  changes: Type.Array(
    Type.Object({
      commodity: Commodity,
      kind: Type.Union([Type.Literal('HET'), Type.Literal('HAP')]),
      price: Type.Integer(),
      before: Nullable(Type.Integer()),
      from: Day,
      regulation: Type.String(),
    }),
  ),
  /** the day by whose end all of it had been received; null: as it is known now */
  known: Nullable(Day),
  demo: Type.Boolean(),
})
export type CeilingWatch = Static<typeof CeilingWatch>

/** What charts mark: seasons and feasts. */
export const Holiday = Type.Object({
  kind: Type.Union([
    Type.Literal('ramadan'),
    Type.Literal('lebaran'),
    Type.Literal('idul-adha'),
    Type.Literal('christmas'),
    Type.Literal('new-year'),
  ]),
  from: Day,
  to: Day,
  /** not decreed yet: counted by the calendar */
  expected: Type.Boolean(),
})
export type Holiday = Static<typeof Holiday>

// Sources -----------------------------------------------------------------------------------------

export const PriceSource = Type.Object({
  feed: Type.String(),
  title: Type.String(),
  kind: Type.String(),
  priority: Type.Integer(),
  demo: Type.Boolean(),
  firstDay: Nullable(Day),
  latestDay: Nullable(Day),
})
export type PriceSource = Static<typeof PriceSource>

/** What each source says of a commodity, beside the figure that counts. */
export const SourceComparison = Type.Object({
  commodity: Commodity,
  from: Day,
  to: Day,
  sources: Type.Array(
    Type.Object({
      source: PriceSource,
      level: Type.String(),
      /** the source's median over the city's markets, or its own figure of the level */
      points: Type.Array(Type.Object({ day: Day, price: Type.Integer(), markets: Type.Integer() })),
      /** of the newest day that it shares with the figure that counts */
      latest: Nullable(
        Type.Object({ day: Day, price: Type.Integer(), counts: Type.Integer(), difference: Type.Number() }),
      ),
      /** mean of (source - counts) / counts over the days that both have */
      meanDifference: Nullable(Type.Number()),
      daysShared: Type.Integer(),
      /** days on which it is what counts in at least one market, or for the city */
      daysCounting: Type.Integer(),
    }),
  ),
})
export type SourceComparison = Static<typeof SourceComparison>

// History and corrections -------------------------------------------------------------------------

export const PriceRevision = Type.Object({
  feed: Type.String(),
  feedTitle: Type.String(),
  revision: Type.Integer(),
  price: Type.Integer(),
  status: QuoteStatus,
  void: Type.Boolean(),
  author: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  reportedAt: Nullable(Time),
  receivedAt: Time,
  /** what counts of this market and day */
  counts: Type.Boolean(),
})
export type PriceRevision = Static<typeof PriceRevision>
/** All that was ever said of a commodity at a market on a day, oldest first. */
export const PriceRevisions = Type.Object({
  commodity: Commodity,
  market: Market,
  day: Day,
  locked: Type.Boolean(),
  revisions: Type.Array(PriceRevision),
})
export type PriceRevisions = Static<typeof PriceRevisions>

export const Correction = Type.Object(
  {
    commodity: Code,
    market: Code,
    day: Day,
    /** the source whose word is corrected */
    feed: Code,
    /** the revision that was seen: another one meanwhile is a conflict (409) */
    revision: Type.Integer({ minimum: 1 }),
    /** null: withdrawn, there is no price */
    price: Nullable(Rupiah),
    reason: Reason,
  },
  closed,
)
export type Correction = Static<typeof Correction>

export const PriceLock = Type.Object({
  id: Type.Integer(),
  month: Month,
  lockedAt: Time,
  lockedBy: Type.String(),
  reason: Type.String(),
  unlockedAt: Nullable(Time),
  unlockedBy: Nullable(Type.String()),
  unlockReason: Nullable(Type.String()),
})
export type PriceLock = Static<typeof PriceLock>

// Settings ----------------------------------------------------------------------------------------

export const PriceSettings = Type.Object(
  {
    /** HH:MM of the city's clock by which surveys are due */
    deadline: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
    /** a reminder begins so long before it */
    reminderMinutes: Type.Integer({ minimum: 0, maximum: 720 }),
    /** verified entries are published at once, or by a step of its own */
    publish: Type.Union([Type.Literal('on-verification'), Type.Literal('by-hand')]),
    /** the index's base: 100 in that month; null: the first month in which enough of the basket has prices */
    baseMonth: Nullable(Month),
    /** pages without sign-in */
    publicPage: Type.Boolean(),
    tvPage: Type.Boolean(),
  },
  closed,
)
export type PriceSettings = Static<typeof PriceSettings>
export const DEFAULT_PRICE_SETTINGS: PriceSettings = {
  deadline: '09:00',
  reminderMinutes: 60,
  publish: 'on-verification',
  baseMonth: null,
  publicPage: false,
  tvPage: false,
}

// What anyone may see -----------------------------------------------------------------------------

export const PublicPrices = Type.Object({
  city: Type.String(),
  day: Day,
  /** the days with a price */
  firstDay: Nullable(Day),
  latestDay: Nullable(Day),
  market: Nullable(Market),
  markets: Type.Array(Market),
  rows: Type.Array(
    Type.Object({
      commodity: Commodity,
      price: Type.Integer(),
      day: Day,
      status: QuoteStatus,
      /** against the day before and seven days before; null where either is missing */
      change: Nullable(Type.Number()),
      weekChange: Nullable(Type.Number()),
      ceiling: Nullable(Ceiling),
      /** titles of the sources behind it */
      sources: Type.Array(Type.String()),
    }),
  ),
  demo: Type.Boolean(),
})
export type PublicPrices = Static<typeof PublicPrices>
