import { expect, it } from 'vitest'
import { isQuiet, shownUrl } from './log.ts'

it.each([
  ['/setup/abc-DEF_123', '/setup/…'],
  ['/setup/abc?x=1', '/setup/…?…'],
  ['/api/cameras?q=secret', '/api/cameras?…'],
  ['/prices/bawang-merah', '/prices/bawang-merah'],
  ['/api/video/AAAA-bbb/part?u=xyz', '/api/video/…/part?…'],
])('%s is logged as %s', (url, shown) => expect(shownUrl(url)).toBe(shown))

it('is quiet about what is asked all the time', () => {
  expect(['/api/ingest/prices', '/metrics', '/api/cameras'].map((url) => isQuiet({ url }))).toEqual([
    true,
    true,
    false,
  ])
})
