import type { Ceiling } from '#contract/price.ts'

/** The city's price of a day, as `quote_day_city` has it. */
export interface CityDay {
  day: string
  median: number
}
/** City medians of a calendar month up to the day asked for: how many, their sum, the sum of their squares. */
export interface MonthTotals {
  /** YYYY-MM */
  month: string
  days: number
  total: number
  squares: number
}
/** Days before the one asked for that are given: two Lebarans and what stands between. */
export const INPUT_DAYS = 800
/** A producer's price stands for so many days. */
export const PRODUCER_CARRY_DAYS = 7

/** All that the indicators of one commodity as of one day are counted from. */
export interface IndicatorInputs {
  commodity: string
  day: string
  /** the last `INPUT_DAYS` up to the day, which is the last one; only days with a price, in order */
  days: readonly CityDay[]
  /** all months with a price, in order; of the last one the days up to `day` */
  months: readonly MonthTotals[]
  /** the city's trimmed mean of the day; null: no market reported and no portal told one */
  trimmed: number | null
  /** what counts of each market on the day, rupiah, without what was imputed */
  markets: readonly number[]
  /** median of producers, not older than `PRODUCER_CARRY_DAYS`; undefined: nothing to compare with, null: none reported */
  producer: number | null | undefined
  /** the rule in force on a day in the city's zone */
  ceilingOn: (day: string) => Ceiling | null
  /** first days of Lebaran, in order */
  lebaran: readonly string[]
}
