import { expect, it } from 'vitest'
import { COLORS, rangeOf, SHADES, shadeOf, type Shade } from './scale.ts'

it.each<[number | null, number | null, Shade | null]>([
  [100, 100, 0],
  [102, 100, 0],
  [98, 100, 0],
  [103, 100, 1],
  [97, 100, -1],
  [109, 100, 1],
  [110, 100, 2],
  [90, 100, -2],
  [1, 100, -2],
  [null, 100, null],
  [100, null, null],
  [100, 0, null],
])('%j beside a median of %j is %j', (price, median, shade) => {
  expect(shadeOf(price, median)).toBe(shade)
})

it('is the same above and below', () => {
  for (let price = 50; price <= 150; price += 1)
    expect(Math.abs(shadeOf(price, 100) ?? 9)).toBe(Math.abs(shadeOf(200 - price, 100) ?? 8))
})

it('reaches from end to end without a hole', () => {
  const ranges = SHADES.map(rangeOf)
  expect([ranges[0]?.from, ranges.at(-1)?.to]).toEqual([null, null])
  ranges.slice(1).forEach(({ from }, index) => expect(from).toBe(ranges[index]?.to))
})

it('is read on each of its colours: contrast 4.5 at least', () => {
  const light = (hex: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5]
      .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  for (const { fill, ink } of Object.values(COLORS)) {
    const [low = 0, high = 0] = [light(fill), light(ink)].sort((a, b) => a - b)
    expect((high + 0.05) / (low + 0.05)).toBeGreaterThan(4.5)
  }
})
