export interface Point {
  x: number
  y: number
}
const ROUNDS = 200

/**
 * Where labels stand so that none covers another: at their points where there is room, else moved up or down.
 * @param size width and height of a label, px
 */
export function spread(points: readonly Point[], size: { width: number; height: number }): Point[] {
  const placed = points.map(({ x, y }) => ({ x, y }))
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = false
    for (let first = 0; first < placed.length; first += 1)
      for (let second = first + 1; second < placed.length; second += 1) {
        const [a, b] = [placed[first], placed[second]]
        if (a === undefined || b === undefined || Math.abs(a.x - b.x) >= size.width) continue
        const short = size.height - Math.abs(a.y - b.y)
        if (short <= 0.5) continue
        // The same height: the order decides who goes up, so that each drawing is the same.
        const [upper, lower] = a.y <= b.y ? [a, b] : [b, a]
        upper.y -= short / 2
        lower.y += short / 2
        moved = true
      }
    if (!moved) break
  }
  return placed
}
