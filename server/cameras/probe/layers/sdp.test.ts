import { describe, expect, it } from 'vitest'
import { ProbeFault } from '../types.ts'
import { controlUrl, parseSdp } from './sdp.ts'

const sdp = (...lines: string[]) => ['v=0', 'o=- 0 0 IN IP4 10.0.0.7', 's=x', 't=0 0', ...lines].join('\r\n')
const faultOf = (text: string) => {
  try {
    return parseSdp(text)
  } catch (error) {
    return error instanceof ProbeFault ? [error.fault, error.detail] : error
  }
}

describe('an SDP', () => {
  it.each([
    ['one track', sdp('m=video 0 RTP/AVP 96', 'a=control:trackID=1'), [null, 'trackID=1']],
    [
      'sound before video',
      sdp('a=control:*', 'm=audio 0 RTP/AVP 8', 'a=control:a', 'm=video 0 RTP/AVP 96', 'a=control:v'),
      ['*', 'v'],
    ],
    ['no control', sdp('m=video 0 RTP/AVP 26'), [null, null]],
    ['bare line feeds', sdp('m=video 0 RTP/AVP 96', 'a=control:v').replaceAll('\r\n', '\n'), [null, 'v']],
  ])('with %s', (_case, text, [control, videoControl]) => {
    expect(parseSdp(text)).toEqual({ control, videoControl })
  })

  it.each([
    ['only sound', sdp('m=audio 0 RTP/AVP 8', 'a=control:a'), ['no-video', 'audio']],
    ['no media', sdp(), ['no-video', '']],
    ['nothing', '', ['bad-sdp', '']],
    ['a page', '<html></html>', ['bad-sdp', '']],
    ['another version', 'v=1\r\nm=video 0 RTP/AVP 96', ['bad-sdp', '']],
    ['a broken line', sdp('m=video 0 RTP/AVP 96', 'garbage'), ['bad-sdp', '']],
  ])('of %s is refused', (_case, text, fault) => {
    expect(faultOf(text)).toEqual(fault)
  })
})

it.each([
  ['rtsp://cam/live', null, 'rtsp://cam/live'],
  ['rtsp://cam/live', '*', 'rtsp://cam/live'],
  ['rtsp://cam/live/', 'trackID=1', 'rtsp://cam/live/trackID=1'],
  ['rtsp://cam/live', 'trackID=1', 'rtsp://cam/live/trackID=1'],
  ['rtsp://cam/live', 'rtsp://cam/other/track1', 'rtsp://cam/other/track1'],
])('of %s the control %s is %s', (base, control, url) => {
  expect(controlUrl(base, control)).toBe(url)
})
