/** One measured figure beside its limit, which was measured in the same run where it is a machine's. */
export interface Figure {
  bench: string
  figure: string
  value: number
  unit: string
  /** what the figure is held against, in the same unit; null: told for information */
  limit: number | null
  /** value / limit */
  ratio: number | null
  goal: string
  ok: boolean
}
export type Bench = (report: (figure: Omit<Figure, 'bench' | 'ratio'>) => void) => Promise<void>

/** The value below which `share` (0..1) of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN
}
export const median = (values: readonly number[]) => quantile(values, 0.5)

/** Milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
