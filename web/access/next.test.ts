import { expect, test } from 'vitest'
import { homeOf, safeNext } from './next.ts'

test.each([
  [null, '/'],
  ['', '/'],
  ['/feeds?feed=a#x', '/feeds?feed=a#x'],
  ['/prices', '/prices'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/..//evil.example', '/'],
  ['https://evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['feeds', '/'],
  ['/sign-in?next=/feeds', '/'],
  ['/setup/abc', '/'],
])('%j leads to %s', (next, expected) => {
  expect(safeNext(next)).toBe(expected)
})

test.each([
  ['leader', '/summary'],
  ['market-officer', '/prices'],
  ['operator', '/'],
  [undefined, '/'],
] as const)('%s begins at %s', (role, path) => expect(homeOf(role)).toBe(path))
