import type { Lack, Measure } from '#contract/indicators.ts'

export const value = (of: number): Measure => ({ value: of })
export const lacks = (what: Lack['what'], have: number, need: number): Measure => ({
  lacks: { what, have, need },
})
/** Undefined where it lacks something. */
export const numberOf = (measure: Measure): number | undefined =>
  'value' in measure ? measure.value : undefined

/** Of at least one value. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / values.length

/** Sample standard deviation (n - 1), of at least two values. */
export function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (values.length - 1))
}
