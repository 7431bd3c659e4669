import { describe, expect, it } from 'vitest'
import { clean, press, priceOf, type Key } from './digits.ts'

const typed = (...keys: Key[]) => keys.reduce(press, '')

describe('the keypad', () => {
  it.each<[Key[], string]>([
    [['1', '6', '5', '00'], '16500'],
    [['3', '2', '000'], '32000'],
    [['0', '00', '000', '5'], '5'],
    [['1', '6', 'back', 'back', 'back'], ''],
    [['1', '0', '000', '000'], '10000000'],
    [['1', '1', '000', '000'], '11000'],
    [['9', '9', '9', '9', '9', '9', '9', '9'], '9999999'],
  ])('%j gives %s', (keys, digits) => expect(typed(...keys)).toBe(digits))
})

it.each([
  ['Rp 16.500', '16500'],
  ['0016', '16'],
  ['harga', ''],
  ['123456789', '77'],
])('reads %s as %s', (text, digits) => expect(clean(text, '77')).toBe(digits))

it('knows nothing typed from a price', () => {
  expect(priceOf('')).toBeNull()
  expect(priceOf('500')).toBe(500)
})
