import type { CommodityHistory, QuoteStatus } from '#contract/model.ts'

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

/** Points with a null after each day that no report follows: a gap stays a gap. */
export function withGaps(points: readonly { day: string; price: number; status?: QuoteStatus }[]): Point[] {
  const line: Point[] = []
  let previous: number | undefined
  for (const { day, price, status } of points) {
    const x = dayNumber(day)
    if (previous !== undefined && x > previous + 1) line.push({ x: previous + 1, y: null })
    line.push({ x, y: price, ...(status === undefined ? {} : { status }) })
    previous = x
  }
  return line
}

export interface Lines {
  median: Point[]
  low: Point[]
  high: Point[]
  /** a stepped line; null where none was in force */
  ceiling: Point[]
}

export function linesOf(history: CommodityHistory): Lines {
  const line = (key: 'median' | 'low' | 'high') =>
    withGaps(history.city.map((figure) => ({ day: figure.day, price: figure[key] })))
  const ceiling = history.ceilings.flatMap(({ from, to, price }) => [
    { x: dayNumber(from), y: price },
    { x: dayNumber(to), y: price },
    { x: dayNumber(to) + 1, y: null },
  ])
  return { median: line('median'), low: line('low'), high: line('high'), ceiling }
}
