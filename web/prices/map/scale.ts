/** Shares off the city's median at which a class begins: nearer than the first is about the same. */
const STEPS = [0.03, 0.1] as const

/** -2 .. 2: how far a market's price lies below or above the city's median. */
export type Shade = -2 | -1 | 0 | 1 | 2
export const SHADES: readonly Shade[] = [-2, -1, 0, 1, 2]

/** @returns null where either is not known */
export function shadeOf(price: number | null, median: number | null): Shade | null {
  if (price === null || median === null || median === 0) return null
  const off = Math.abs(price - median) / median
  const step = STEPS.filter((one) => off >= one).length
  return (price < median ? -step || 0 : step) as Shade
}

/**
 * Blue below and orange above, told apart by most who are colour-blind; with the ink that is read on it.
 * The lightness falls to both ends, so that they differ from the middle without any colour, too.
 */
export const COLORS: Record<Shade, { fill: string; ink: string }> = {
  [-2]: { fill: '#1f5a94', ink: '#ffffff' },
  [-1]: { fill: '#a5cbe8', ink: '#10202c' },
  [0]: { fill: '#f2f0ea', ink: '#10202c' },
  [1]: { fill: '#f6c28b', ink: '#10202c' },
  [2]: { fill: '#a3480b', ink: '#ffffff' },
}

/** The shares that a class reaches from and to, for its legend; null: no end. */
export function rangeOf(shade: Shade): { from: number | null; to: number | null } {
  const edges = [null, -STEPS[1], -STEPS[0], STEPS[0], STEPS[1], null]
  return { from: edges[shade + 2] ?? null, to: edges[shade + 3] ?? null }
}
