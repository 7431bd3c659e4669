import { expect, it } from 'vitest'
import { spread, type Point } from './spread.ts'

const SIZE = { width: 80, height: 26 }
const overlaps = (points: readonly Point[]) =>
  points.flatMap((a, index) =>
    points
      .slice(index + 1)
      .filter((b) => Math.abs(a.x - b.x) < SIZE.width && Math.abs(a.y - b.y) < SIZE.height - 1),
  ).length

it.each<[string, Point[]]>([
  [
    'two at one place',
    [
      { x: 0, y: 0 },
      { x: 0, y: 0 },
    ],
  ],
  ['a row too narrow', [0, 40, 80, 120].map((x) => ({ x, y: 0 }))],
  [
    'a heap of fourteen',
    Array.from({ length: 14 }, (_, index) => ({ x: (index * 37) % 90, y: (index * 13) % 60 })),
  ],
])('%s is drawn apart', (_name, points) => {
  expect(overlaps(points)).toBeGreaterThan(0)
  const placed = spread(points, SIZE)
  expect(overlaps(placed)).toBe(0)
  expect(placed.map(({ x }) => x)).toEqual(points.map(({ x }) => x))
})

it('leaves alone what has room', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 0, y: 30 },
  ]
  expect(spread(points, SIZE)).toEqual(points)
})
