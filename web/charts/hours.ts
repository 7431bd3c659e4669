const HOUR = 3_600_000
const STEPS = [1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 720]

/**
 * Round hours of the city's clock to mark between two moments (ms), at most about `most`; `days`: they are midnights.
 * @param hourOf the hour of the city's clock, 0..23, at a moment
 */
export function hourTicks(
  from: number,
  to: number,
  most: number,
  hourOf: (ms: number) => number,
): { days: boolean; at: number[] } {
  const hours = (to - from) / HOUR
  const step = STEPS.find((one) => hours / one <= most) ?? 720
  const first = Math.ceil(from / HOUR) * HOUR
  const all = Array.from(
    { length: Math.max(0, Math.floor((to - first) / HOUR) + 1) },
    (_, index) => first + index * HOUR,
  )
  const round = all.filter((ms) => hourOf(ms) % Math.min(step, 24) === 0)
  const every = Math.max(1, step / 24)
  return { days: step >= 24, at: round.filter((_, index) => index % every === 0) }
}
