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
      ? 'color-mix(in srgb, var(--muted) 22%, var(--surface))'
      : `color-mix(in srgb, var(--${shade > 0 ? 'series-2' : 'series-1'}) ${Math.abs(shade) * 24}%, var(--surface))`

/**
 * A row of equal cells as one CSS picture: of a year of 40 commodities as many elements as cells would be 14,600, and
 * on a phone each narrower than a pixel. Neighbours of one colour are one stripe.
 */
export function stripes(colors: readonly string[]): string {
  const stops: string[] = []
  colors.forEach((color, at) => {
    if (color === colors[at - 1]) return
    let end = at + 1
    while (colors[end] === color) end += 1
    const [from, to] = [at, end].map((edge) => `${Number(((edge / colors.length) * 100).toFixed(4))}%`)
    stops.push(`${color} ${from} ${to}`)
  })
  return `linear-gradient(to right, ${stops.join(', ')})`
}
