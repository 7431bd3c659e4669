import type { ForecastMethod } from '#contract/indicators.ts'
import { holt } from './holt.ts'
import { holtWinters } from './holt-winters.ts'
import { drift, naive, seasonalNaive } from './naive.ts'
import { regression } from './regression.ts'

export const HORIZON_DAYS = 14
/** What a forecast is made of at most: older days change nothing. */
export const KNOWN_DAYS = 1_120

/**
 * The next `horizon` days after the last of `known` (rupiah a day, NaN where there is none, never the last), or undefined
 * where history does not suffice. A method knows nothing but these days.
 */
export type Method = (known: Float64Array, horizon: number) => Float64Array | undefined

/** In the order in which they are tried; of two that do equally well the first, simpler one is taken. */
export const METHODS: Readonly<Record<ForecastMethod, Method>> = {
  naive,
  drift,
  'seasonal-naive': seasonalNaive,
  holt,
  'holt-winters': holtWinters,
  regression,
}
export const METHOD_NAMES = Object.keys(METHODS) as ForecastMethod[]
