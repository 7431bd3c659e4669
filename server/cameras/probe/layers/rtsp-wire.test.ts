import { describe, expect, it } from 'vitest'
import { ProbeFault } from '../types.ts'
import { RtspReader } from './rtsp-wire.ts'

function read(chunks: Buffer[]) {
  const seen: unknown[] = []
  const reader = new RtspReader({
    response: ({ status, body }) => seen.push([status, body]),
    packet: (channel, payload) => seen.push([channel, payload.toString()]),
  })
  try {
    for (const chunk of chunks) reader.push(chunk)
  } catch (error) {
    seen.push(error instanceof ProbeFault ? error.fault : error)
  }
  return seen
}
const packet = (channel: number, text: string) =>
  Buffer.concat([Buffer.of(0x24, channel, 0, text.length), Buffer.from(text)])
const answer = Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 3\r\n\r\nabc')
const all = Buffer.concat([
  packet(0, 'frame'),
  answer,
  packet(1, '$RTSP'),
  Buffer.from('\r\nRTSP/1.0 404 Not Found\r\n\r\n'),
  Buffer.from('OPTIONS rtsp://x RTSP/1.0\r\nCSeq: 9\r\n\r\n'),
  packet(0, 'last'),
])
const seenOfAll = [
  [0, 'frame'],
  [200, 'abc'],
  [1, '$RTSP'],
  [404, ''],
  [0, 'last'],
]

describe('what a device sends', () => {
  it.each([1, 2, 7, 1_000])('is cut right when it comes in chunks of %i', (size) => {
    const chunks: Buffer[] = []
    for (let at = 0; at < all.length; at += size) chunks.push(all.subarray(at, at + size))
    expect(read(chunks)).toEqual(seenOfAll)
  })

  it('says nothing in a header that would be another one where it is said again', () => {
    const sessions: unknown[] = []
    const reader = new RtspReader({
      response: ({ headers }) => sessions.push(headers.get('session'), headers.get('location')),
      packet: () => undefined,
    })
    reader.push(Buffer.from('RTSP/1.0 200 OK\r\nSession: 1\nLocation: rtsp://10.0.0.7/\r\n\r\n'))
    expect(sessions).toEqual([['1 Location: rtsp://10.0.0.7/'], undefined])
  })

  it.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a long line', 'A'.repeat(2_000)],
    ['binary', '\u0001\u0002'],
    ['an endless head', `RTSP/1.0 200 OK\r\n${'X: y\r\n'.repeat(4_000)}`],
    ['a body without measure', 'RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n'],
    ['a negative length', 'RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n'],
  ])('is not RTSP: %s', (_case, text) => {
    expect(read([Buffer.from(text)])).toEqual(['not-rtsp'])
  })
})
