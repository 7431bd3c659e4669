import type { QuoteStatus } from '#contract/price.ts'
import type { CommodityHistory } from '#contract/price-board.ts'

/** Days since 1970: the x of every point, so that no date library is needed. */
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000)
export const dayOfNumber = (number: number): string =>
  new Date(Math.round(number) * 86_400_000).toISOString().slice(0, 10)

export interface Point {
  x: number
  /** null breaks the line */
  y: number | null
  status?: QuoteStatus
}

/** Points with a null where the next lies more than `step` days on: a gap stays a gap. */
export function withGaps(
  points: readonly { day: string; price: number; status?: QuoteStatus }[],
  step = 1,
): Point[] {
  const line: Point[] = []
  let previous: number | undefined
  for (const { day, price, status } of points) {
    const x = dayNumber(day)
    if (previous !== undefined && x > previous + step) line.push({ x: previous + 1, y: null })
    line.push({ x, y: price, ...(status === undefined ? {} : { status }) })
    previous = x
  }
  return line
}

/** A source's usual pace in days: a portal reports on workdays, a statistics office monthly. */
export function usualStep(points: readonly { day: string }[]): number {
  const steps = points.slice(1).map(({ day }, index) => dayNumber(day) - dayNumber(points[index]?.day ?? day))
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? 1
}

/** A line that leads to such a point is dashed: nobody reported it on that day. */
export const isGuess = (status: QuoteStatus | undefined): boolean =>
  status === 'carried' || status === 'imputed'

/** Points with a gap on either side: a line without markers would not show them. */
export const lonePoints = (points: readonly Point[]): boolean[] =>
  points.map(
    ({ y }, index) =>
      y !== null && (points[index - 1]?.y ?? null) === null && (points[index + 1]?.y ?? null) === null,
  )

/**
 * At most about `limit` points between two days: of each stretch the first, the lowest, the highest and the last, so
 * that no peak is lost. Gaps stay (Chart.js's own decimation takes them for zeros). Fewer points stay as they are.
 */
export function thin(points: readonly Point[], min: number, max: number, limit: number): Point[] {
  const from = points.findIndex((point) => point.x >= min)
  if (from < 0) return []
  const after = points.findIndex((point) => point.x > max)
  // One point further on either side, so that a line runs on to the edge.
  const seen = points.slice(Math.max(0, from - 1), after < 0 ? points.length : after + 1)
  if (seen.length <= limit) return seen
  const size = Math.ceil((seen.length * 4) / limit)
  const kept: Point[] = []
  let stretch: Point[] = []
  const close = () => {
    const [first, last] = [stretch[0], stretch.at(-1)]
    if (first === undefined || last === undefined) return
    let [low, high] = [first, first]
    for (const point of stretch) {
      if ((point.y ?? 0) < (low.y ?? 0)) low = point
      if ((point.y ?? 0) > (high.y ?? 0)) high = point
    }
    kept.push(...[...new Set([first, low, high, last])].sort((a, b) => a.x - b.x))
    stretch = []
  }
  for (const point of seen) {
    if (point.y !== null) stretch.push(point)
    if (point.y === null || stretch.length >= size) close()
    if (point.y === null) kept.push(point)
  }
  close()
  return kept
}

/** Round days to mark between two days, at most about `limit`: days, Mondays, firsts of months or of years. */
export function dayTicks(
  min: number,
  max: number,
  limit: number,
): { unit: 'day' | 'month' | 'year'; days: number[] } {
  const span = max - min
  const step = [1, 2, 7, 14].find((days) => span / days <= limit)
  // 1970-01-01 was a Thursday: weeks start on Monday.
  if (step !== undefined) {
    const first = Math.ceil((min - 4) / step) * step + 4
    const count = Math.max(0, Math.floor((max - first) / step) + 1)
    return { unit: 'day', days: Array.from({ length: count }, (_, index) => first + index * step) }
  }
  const months = [1, 2, 3, 6, 12, 24, 60, 120].find((count) => span / (count * 30.4) <= limit) ?? 240
  const start = new Date(min * 86_400_000)
  let month = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months
  const days: number[] = []
  for (let day = min; day <= max; month += months) {
    day = Date.UTC(Math.floor(month / 12), month % 12, 1) / 86_400_000
    if (day >= min && day <= max) days.push(day)
  }
  return { unit: months < 12 ? 'month' : 'year', days }
}

export interface Lines {
  median: Point[]
  low: Point[]
  high: Point[]
  /** a stepped line; null where none was in force */
  ceiling: Point[]
}

export function linesOf(history: CommodityHistory): Lines {
  const guessed = guessedDays(history)
  const line = (key: 'median' | 'low' | 'high') =>
    withGaps(
      history.city.map((figure) => ({
        day: figure.day,
        price: figure[key],
        ...(guessed.has(figure.day) ? { status: 'carried' as const } : {}),
      })),
    )
  const ceiling = history.ceilings.flatMap(({ from, to, price }) => [
    { x: dayNumber(from), y: price },
    { x: dayNumber(to), y: price },
    { x: dayNumber(to) + 1, y: null },
  ])
  return { median: line('median'), low: line('low'), high: line('high'), ceiling }
}

/** Days on which all that is known of the city's markets is carried or imputed. */
function guessedDays({ series }: CommodityHistory): Set<string> {
  const points = series.flatMap((one) => (one.market.level === 'market' ? one.points : []))
  const reported = new Set(points.filter(({ status }) => !isGuess(status)).map(({ day }) => day))
  return new Set(points.map(({ day }) => day).filter((day) => !reported.has(day)))
}
