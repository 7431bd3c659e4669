import { expect, it } from 'vitest'
import { shadeOf, stripes } from './shade.ts'

it.each([
  [100, 100, 0],
  [104, 100, 0],
  [105, 100, 1],
  [110, 100, 2],
  [120, 100, 3],
  [200, 100, 4],
  [96, 100, 0],
  [94, 100, -1],
  [60, 100, -4],
  [null, 100, null],
  [100, null, null],
])('%s where %s is usual has the shade %s', (median, usual, shade) => {
  expect(shadeOf(median, usual)).toBe(shade)
})

it.each([
  [['red'], 'red 0% 100%'],
  [['red', 'red', 'blue', 'red'], 'red 0% 50%, blue 50% 75%, red 75% 100%'],
  [['a', 'b', 'b'], 'a 0% 33.3333%, b 33.3333% 100%'],
])('%j is drawn as %s', (colors, stops) => {
  expect(stripes(colors)).toBe(`linear-gradient(to right, ${stops})`)
})
