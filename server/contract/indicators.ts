/**
 * What server and web agree on about indicators. A figure that history does not suffice for says what it lacks and is
 * never a number.
 */
import { Type, type Static } from 'typebox'
import { closed, Day, Nullable } from './basic.ts'
import { Commodity } from './price.ts'
import { Month } from './prices.ts'

/** have of need: "not enough history (14 of 36 months)" */
export const Lack = Type.Object({
  what: Type.Union([
    Type.Literal('months'),
    Type.Literal('days'),
    Type.Literal('markets'),
    Type.Literal('years'),
    /** the day compared with has no price */
    Type.Literal('comparison'),
    /** the day lies outside the weeks around Lebaran */
    Type.Literal('season'),
    /** no rule is in force */
    Type.Literal('ceiling'),
    /** nothing is recorded of producers */
    Type.Literal('producer'),
    /** what is compared does not vary, so nothing can be told apart */
    Type.Literal('variation'),
    /** the newest month is too old */
    Type.Literal('recent'),
  ]),
  have: Type.Number(),
  need: Type.Number(),
})
export type Lack = Static<typeof Lack>
/** Either a value or what it lacks. */
export const Measure = Type.Union([
  Type.Object({ value: Type.Number() }, closed),
  Type.Object({ lacks: Lack }, closed),
])
export type Measure = Static<typeof Measure>

export const INDICATORS = [
  'change-day',
  'change-week',
  'change-month',
  'change-year',
  'change-lebaran',
  'median',
  'band-low',
  'band-high',
  'trimmed-mean',
  'disparity',
  'margin',
  'variation-30',
  'variation-year',
  'days-above',
  'excess',
  'alps',
  'ifpa',
] as const
export type IndicatorName = (typeof INDICATORS)[number]

export const AlpsClass = Type.Union([
  Type.Literal('normal'),
  Type.Literal('stress'),
  Type.Literal('alert'),
  Type.Literal('crisis'),
])
export type AlpsClass = Static<typeof AlpsClass>
export const IfpaClass = Type.Union([
  Type.Literal('abnormally-high'),
  Type.Literal('moderately-high'),
  Type.Literal('normal'),
  Type.Literal('moderately-low'),
  Type.Literal('abnormally-low'),
])
export type IfpaClass = Static<typeof IfpaClass>

/** All indicators of a commodity as of a day. */
export const CommodityFigures = Type.Object({
  commodity: Type.String(),
  day: Day,
  measures: Type.Record(Type.String(), Measure),
  alpsClass: Nullable(AlpsClass),
  ifpaClass: Nullable(IfpaClass),
  /** of which kind is the ceiling that 'excess' is measured against */
  ceilingKind: Nullable(Type.Union([Type.Literal('HET'), Type.Literal('HAP')])),
})
export type CommodityFigures = Static<typeof CommodityFigures>

/** All commodities, and what they vary by within the year on the average of those that have a figure. */
export const AllFigures = Type.Object({ figures: Type.Array(CommodityFigures), meanVariation: Measure })
export type AllFigures = Static<typeof AllFigures>

/** The same with what a page draws. */
export const CommodityIndicators = Type.Object({
  commodity: Commodity,
  figures: CommodityFigures,
  monthly: Type.Array(
    Type.Object({
      month: Month,
      mean: Nullable(Type.Number()),
      /** what trend and season would have it cost (ALPS) */
      seasonal: Nullable(Type.Number()),
      alps: Nullable(Type.Number()),
      ifpa: Nullable(Type.Number()),
    }),
  ),
  /** coefficient of variation, a year each */
  yearly: Type.Array(Type.Object({ year: Type.Integer(), variation: Measure })),
  /** the days as they were known on it; null: as known now */
  known: Nullable(Day),
})
export type CommodityIndicators = Static<typeof CommodityIndicators>

export const ForecastMethod = Type.Union([
  Type.Literal('naive'),
  Type.Literal('seasonal-naive'),
  Type.Literal('drift'),
  Type.Literal('holt'),
  Type.Literal('holt-winters'),
  /** of the price's way in h days by its last week and by its distance from the mean */
  Type.Literal('regression'),
])
export type ForecastMethod = Static<typeof ForecastMethod>
export const Forecast = Type.Object({
  commodity: Commodity,
  /** the last day that it knows */
  origin: Nullable(Day),
  method: Nullable(ForecastMethod),
  /** mean absolute error over the 14 days, rupiah, by backtest: of the method, and of "same as today" */
  error: Nullable(Type.Number()),
  naiveError: Nullable(Type.Number()),
  /** how many days of the past it was tried at */
  origins: Type.Integer(),
  /** empty where no method beat "same as today"; interval of 80 % from the backtest's errors */
  points: Type.Array(
    Type.Object({ day: Day, price: Type.Integer(), low: Type.Integer(), high: Type.Integer() }),
  ),
  /** why there are no points */
  hidden: Nullable(Type.Union([Type.Object({ lacks: Lack }), Type.Literal('not-better')])),
  backtest: Type.Array(
    Type.Object({
      method: ForecastMethod,
      error: Type.Number(),
      /** of "same as today" at the same origins: not every method could be asked at each */
      naiveError: Type.Number(),
      origins: Type.Integer(),
    }),
  ),
})
export type Forecast = Static<typeof Forecast>

/** The basket's index (Laspeyres): cost of the base period's quantities, base month = 100. */
export const PriceIndex = Type.Object({
  baseMonth: Month,
  from: Day,
  to: Day,
  points: Type.Array(
    Type.Object({
      day: Day,
      value: Type.Number(),
      /** share of the basket's weight whose price is of that very day; the rest is carried */
      completeness: Type.Number(),
    }),
  ),
  /** the first of the days that has an index: what changed is told from it to `to`; null: none has */
  since: Nullable(Day),
  /** what that change is made of: 0.01 is a percentage point; they sum to the change */
  contributions: Type.Array(
    Type.Object({
      commodity: Commodity,
      weight: Type.Number(),
      before: Nullable(Type.Integer()),
      after: Nullable(Type.Integer()),
      change: Nullable(Type.Number()),
      contribution: Nullable(Type.Number()),
    }),
  ),
  change: Measure,
  lacks: Nullable(Lack),
  /** the day by whose end all of it had been received; null: as it is known now */
  known: Nullable(Day),
  demo: Type.Boolean(),
})
export type PriceIndex = Static<typeof PriceIndex>

export const OfficialSeries = Type.Object({
  code: Type.String(),
  title: Type.String(),
  unit: Type.String(),
  source: Type.String(),
  points: Type.Array(
    Type.Object({ day: Day, value: Type.Number(), note: Type.String(), revision: Type.Integer() }),
  ),
})
export type OfficialSeries = Static<typeof OfficialSeries>

/** What a file of an official series brought. */
export const OfficialImport = Type.Object({
  added: Type.Integer(),
  revised: Type.Integer(),
  unchanged: Type.Integer(),
  series: OfficialSeries,
})
export type OfficialImport = Static<typeof OfficialImport>
