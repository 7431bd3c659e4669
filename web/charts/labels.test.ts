import { expect, it } from 'vitest'
import { lineFor } from './labels.ts'

const lines = (labels: readonly [start: number, width: number][]): number[] => {
  const ends: number[] = []
  return labels.map(([start, width]) => lineFor(ends, start, width))
}

it.each([
  [
    'far apart: all on the first',
    [
      [0, 20],
      [40, 20],
      [80, 20],
    ],
    [0, 0, 0],
  ],
  [
    'a second that lies over the first',
    [
      [0, 40],
      [12, 40],
    ],
    [0, 1],
  ],
  [
    'as near as the room between allows',
    [
      [0, 40],
      [46, 40],
      [91, 10],
    ],
    [0, 0, 1],
  ],
  [
    'three over each other, then room on the first again',
    [
      [0, 40],
      [5, 80],
      [10, 40],
      [60, 10],
    ],
    [0, 1, 2, 0],
  ],
] as const)('%s', (_what, labels, expected) => {
  expect(lines(labels.map(([start, width]) => [start, width]))).toEqual(expected)
})
