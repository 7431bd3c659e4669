import { expect, it } from 'vitest'
import { fit } from './photo.ts'

it.each([
  [4000, 3000, 1600, 1200],
  [3000, 4000, 1200, 1600],
  [800, 600, 800, 600],
  [20_000, 1, 1600, 1],
])('%d x %d is drawn as %d x %d', (width, height, w, h) =>
  expect(fit(width, height)).toEqual({ width: w, height: h }),
)
