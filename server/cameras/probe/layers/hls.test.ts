import { types } from 'hls-parser'
import { describe, expect, it } from 'vitest'
import { ProbeFault, type StreamMemory } from '../types.ts'
import { follow, read } from './hls.ts'

const media = (sequence: number, ...more: string[]) =>
  [
    '#EXTM3U',
    '#EXT-X-TARGETDURATION:6',
    `#EXT-X-MEDIA-SEQUENCE:${sequence}`,
    '#EXTINF:6,',
    'a.ts',
    '#EXTINF:6,',
    'b.ts',
    ...more,
  ].join('\n')
const faultOf = (text: string) => {
  try {
    return read(text)
  } catch (error) {
    return error instanceof ProbeFault ? error.fault : error
  }
}

describe('a playlist', () => {
  it('is read as a master or as media', () => {
    expect(read('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\nlow.m3u8')).toBeInstanceOf(types.MasterPlaylist)
    expect(read(media(0))).toBeInstanceOf(types.MediaPlaylist)
    expect(read(`\uFEFF${media(0)}`)).toBeInstanceOf(types.MediaPlaylist)
  })

  it.each([
    ['nothing', ''],
    ['a page', '<!doctype html><title>x</title>'],
    ['no head', '#EXT-X-TARGETDURATION:6\n#EXTINF:6,\na.ts'],
    ['no target duration', '#EXTM3U\n#EXTINF:6,\na.ts'],
    ['only a head', '#EXTM3U'],
    ['more variants than any has', `#EXTM3U\n${'#EXT-X-STREAM-INF:BANDWIDTH=1\na\n'.repeat(201)}`],
    ['both kinds', `${media(0)}\n#EXT-X-STREAM-INF:BANDWIDTH=1000\nlow.m3u8`],
  ])('of %s is refused', (_case, text) => {
    expect(faultOf(text)).toBe('bad-playlist')
  })
})

describe('the media sequence', () => {
  const seen = (secondsAgo: number): StreamMemory => ({
    sequence: 41,
    sequenceSince: 1_000_000 - secondsAgo * 1_000,
    targetDuration: 6,
  })
  // The newest of two segments from 40 on is 41; the target is 6 s.
  it.each<
    [what: string, text: string, memory: StreamMemory, outcome: [stuck: string | null, late: string | null]]
  >([
    ['is seen for the first time', media(40), {}, [null, null]],
    ['advanced', media(41), seen(300), [null, null]],
    ['began anew', media(0), seen(300), [null, null]],
    ['stands still, not due yet', media(40), seen(9), [null, null]],
    ['is late', media(40), seen(10), [null, 'sequence 41 for 10 s']],
    ['is late by three segments', media(40), seen(18), [null, 'sequence 41 for 18 s']],
    ['is stuck', media(40), seen(42), ['sequence 41 for 42 s', 'sequence 41 for 42 s']],
    [
      'has a clock that runs on',
      media(40, '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:42Z', '#EXTINF:6,', 'c.ts').replace(':40', ':39'),
      seen(42),
      ['sequence 41 for 42 s', 'sequence 41 for 42 s'],
    ],
    ['belongs to a recording', media(40, '#EXT-X-ENDLIST'), seen(300), [null, null]],
    ['belongs to one that says so', `${media(40)}\n#EXT-X-PLAYLIST-TYPE:VOD`, seen(300), [null, null]],
    ['grows at the end only', media(39, '#EXTINF:6,', 'c.ts', '#EXTINF:6,', 'd.ts'), seen(300), [null, null]],
  ])('%s', (_what, text, memory, [stuck, late]) => {
    const playlist = read(text)
    if (playlist instanceof types.MasterPlaylist) throw new Error('not a media playlist')
    expect(follow(playlist, memory, 1_000_000)).toMatchObject({ stuck, late })
  })

  it('is remembered with the moment at which it was first seen', () => {
    const playlist = read(media(40)) as types.MediaPlaylist
    const first = follow(playlist, {}, 5_000).memory
    expect(first).toEqual({ sequence: 41, sequenceSince: 5_000, targetDuration: 6 })
    expect(follow(playlist, first, 9_000).memory).toEqual(first)
  })
})
