/** Shares off the usual price at which a shade begins: the last is the strongest. */
const STEPS = [0.05, 0.1, 0.2, 0.35] as const

/** -4 .. 4: how far a price lies below or above what is usual; 0 is about usual, null is no price. */
export function shadeOf(median: number | null, usual: number | null): number | null {
  if (median === null || usual === null || usual === 0) return null
  const step = STEPS.filter((one) => Math.abs(median - usual) >= one * usual).length
  return median < usual && step > 0 ? -step : step
}

/** The colour of a shade: orange above and blue below, which most who are colour-blind tell apart. */
export const colorOf = (shade: number | null): string =>
  shade === null
    ? 'transparent'
    : shade === 0
      ? 'color-mix(in srgb, var(--muted) 22%, transparent)'
      : `color-mix(in srgb, var(--${shade > 0 ? 'series-2' : 'series-1'}) ${Math.abs(shade) * 24}%, var(--surface))`
