import { expect, it } from 'vitest'
import { rewritePlaylist } from './playlist.ts'
import { Seals } from './seals.ts'

const BASE = new URL('http://stream.example/live/cam/index.m3u8?key=1')
const rewrite = (lines: string[]) =>
  rewritePlaylist(['#EXTM3U', ...lines].join('\n'), BASE, (kind, url) => `${kind}(${url.href})`)
    .split('\n')
    .slice(1, -1)

const CASES: [name: string, given: string[], expected: string[]][] = [
  [
    'a relative segment',
    ['#EXTINF:2.0,', 'a.ts'],
    ['#EXTINF:2.0,', 'part(http://stream.example/live/cam/a.ts)'],
  ],
  [
    'an absolute one',
    ['#EXTINF:2,', 'https://cdn.example/a.ts?x=1'],
    ['#EXTINF:2,', 'part(https://cdn.example/a.ts?x=1)'],
  ],
  ['one from the root', ['#EXTINF:2,', '/a.ts'], ['#EXTINF:2,', 'part(http://stream.example/a.ts)']],
  ['one of another host', ['#EXTINF:2,', '//b.example/a.ts'], ['#EXTINF:2,', 'part(http://b.example/a.ts)']],
  [
    'a variant',
    ['#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1,mp4a"', 'low.m3u8'],
    ['#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1,mp4a"', 'list(http://stream.example/live/cam/low.m3u8)'],
  ],
  [
    'a rendition',
    ['#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="b",URI="a/b.m3u8",DEFAULT=YES'],
    [
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="b",URI="list(http://stream.example/live/cam/a/b.m3u8)",DEFAULT=YES',
    ],
  ],
  [
    'a rendition without one',
    ['#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="b"'],
    ['#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="b"'],
  ],
  [
    'pictures for seeking',
    ['#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="i.m3u8"'],
    ['#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="list(http://stream.example/live/cam/i.m3u8)"'],
  ],
  [
    'a key',
    ['#EXT-X-KEY:METHOD=AES-128,URI="/key?id=1",IV=0x01'],
    ['#EXT-X-KEY:METHOD=AES-128,URI="part(http://stream.example/key?id=1)",IV=0x01'],
  ],
  ['no key', ['#EXT-X-KEY:METHOD=NONE'], ['#EXT-X-KEY:METHOD=NONE']],
  ['an address twice', ['#EXT-X-KEY:METHOD=AES-128,URI="/key",URI="http://10.0.0.7/"'], []],
  ['an address without quotes', ['#EXT-X-MAP:URI=http://10.0.0.7/init.mp4'], []],
  ['an address behind a space', ['#EXT-X-MAP:URI ="http://10.0.0.7/init.mp4"'], []],
  ['a key of a rights manager', ['#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://key"'], []],
  [
    'an initialization',
    ['#EXT-X-MAP:URI="init.mp4",BYTERANGE="700@0"'],
    ['#EXT-X-MAP:URI="part(http://stream.example/live/cam/init.mp4)",BYTERANGE="700@0"'],
  ],
  [
    'a part of a file',
    ['#EXTINF:2,', '#EXT-X-BYTERANGE:100@0', 'all.ts'],
    ['#EXTINF:2,', '#EXT-X-BYTERANGE:100@0', 'part(http://stream.example/live/cam/all.ts)'],
  ],
  [
    'a title, which may name an address',
    ['#EXTINF:2.5,http://inside.example', 'a.ts'],
    ['#EXTINF:2.5,', 'part(http://stream.example/live/cam/a.ts)'],
  ],
  ['a comment', ['# made by http://10.0.0.7/'], []],
  ['an extension', ['#EXT-X-DATERANGE:ID="1",X-ASSET-URI="http://10.0.0.7/"'], []],
  ['steering', ['#EXT-X-CONTENT-STEERING:SERVER-URI="http://10.0.0.7/"'], []],
  ['low latency', ['#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES', '#EXT-X-PART:DURATION=0.3,URI="p.ts"'], []],
  [
    'what it needs to go on',
    [
      '#EXT-X-VERSION:7',
      '#EXT-X-TARGETDURATION:2',
      '#EXT-X-MEDIA-SEQUENCE:12',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-ENDLIST',
    ],
    [
      '#EXT-X-VERSION:7',
      '#EXT-X-TARGETDURATION:2',
      '#EXT-X-MEDIA-SEQUENCE:12',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-ENDLIST',
    ],
  ],
]
it.each(CASES)('of a playlist, %s', (_name, given, expected) => {
  expect(rewrite(given)).toEqual(expected)
})

it('takes any line ends and a byte order mark', () => {
  const given = '\uFEFF#EXTM3U\r\n#EXTINF:2,\r\n\r\na.ts \r\n'
  expect(rewritePlaylist(given, BASE, (_kind, url) => url.pathname)).toBe(
    '#EXTM3U\n#EXTINF:2,\n/live/cam/a.ts\n',
  )
})

it.each([
  ['a page', '<html></html>'],
  ['nothing', ''],
  ['a file of this machine', '#EXTM3U\nfile:///etc/passwd'],
  ['a script', '#EXTM3U\njavascript:alert(1)'],
  ['variables', '#EXTM3U\n#EXT-X-DEFINE:NAME="h",VALUE="10.0.0.7"\n{$h}/a.ts'],
])('refuses %s', (_name, text) => {
  expect(() => rewritePlaylist(text, BASE, () => '')).toThrow(/bad-playlist/)
})

it('takes no longer for spaces without end than for anything else', () => {
  const text = `#EXTM3U${' '.repeat(200_000)}x\n#EXTINF:2,\na.ts`
  const begun = performance.now()
  expect(() => rewritePlaylist(text, BASE, () => '')).toThrow(/bad-playlist/)
  // a pattern that tries each of them anew takes half a minute
  expect(performance.now() - begun).toBeLessThan(2_000)
})

it('seals an address to the same text, unreadable, and opens nothing else', () => {
  const seals = new Seals()
  const url = new URL('http://10.0.0.7/live/a.ts?key=secret')
  const sealed = seals.seal('part', url)
  expect(sealed).toBe(seals.seal('part', url))
  expect(sealed).not.toBe(seals.seal('list', url))
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toMatch(/10\.0|secret/)
  expect(seals.open(sealed)).toEqual({ kind: 'part', url })
  const changed = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA')
  for (const other of [changed, new Seals().seal('part', url), '', 'AAAA', url.href])
    expect(seals.open(other)).toBeNull()
})
