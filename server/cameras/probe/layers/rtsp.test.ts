import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '#contract/probing.ts'
import { listen, type Listening } from '../../../../e2e/parts/index.ts'
import { allowedNetworks } from '../allowed.ts'
import { check } from '../check.ts'
import type { Credentials } from '../types.ts'

const started: Listening[] = []
afterEach(() => Promise.all(started.splice(0).map((server) => server.stop())))

const SDP = 'v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=control:track1\r\n'
const SHA = 'WWW-Authenticate: Digest realm="cam", nonce="n1", qop="auth", algorithm=SHA-256'
const credentials: Credentials = { username: 'admin', password: 'secret' }

interface Asked {
  method: string
  url: string
  head: string
}
type Answers = (asked: Asked) => string | Buffer | null

/** A device that answers as it is told: what real servers do too rarely to be waited for. */
async function device(answers: Answers) {
  const asked: Asked[] = []
  const server = await listen((socket) =>
    socket.on('data', (chunk: Buffer) => {
      for (const head of chunk.toString('utf8').split('\r\n\r\n').filter(Boolean)) {
        const [method = '', url = ''] = head.split(' ')
        asked.push({ method, url, head })
        const answer = answers({ method, url, head })
        if (answer !== null) socket.write(answer)
      }
    }),
  )
  started.push(server)
  return { url: `rtsp://127.0.0.1:${server.port}/live`, asked }
}
const answer = (status: number, lines: string[] = [], body = '') =>
  [`RTSP/1.0 ${status} x`, ...lines, `Content-Length: ${body.length}`, '', body].join('\r\n')
const frame = (timestamp: number) => {
  const packet = Buffer.alloc(16)
  packet.set([0x24, 0, 0, 12, 0x80, 96])
  packet.writeUInt32BE(timestamp, 8)
  return packet
}
const playing: Answers = ({ method }) => {
  switch (method) {
    case 'DESCRIBE':
      return answer(200, [], SDP)
    case 'SETUP':
      return answer(200, ['Session: 77;timeout=60', 'Transport: RTP/AVP/TCP;interleaved=0-1'])
    case 'PLAY':
      return Buffer.concat([Buffer.from(answer(200)), frame(1), frame(1), frame(2)])
    default:
      return answer(200)
  }
}
const ask = async (rtsp: string, signIn: Credentials | null = null, timeoutMs = 3_000) => {
  const probed = { targets: { rtsp }, credentials: signIn, settings: { ...DEFAULT_SETTINGS, timeoutMs } }
  const deps = {
    allowed: allowedNetworks(['127.0.0.0/8']),
    now: Date.now,
    signal: new AbortController().signal,
  }
  const { failed } = (await check(probed, {}, deps)).result
  return failed === null ? '' : `${failed.layer} ${failed.fault} ${failed.detail}`.trim()
}

describe('an RTSP device', () => {
  it('is asked in order, and told goodbye', async () => {
    const { url, asked } = await device(playing)
    expect(await ask(url)).toBe('')
    expect(asked.map(({ method }) => method)).toEqual(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY', 'TEARDOWN'])
    expect(asked[2]?.url).toBe(`${url}/track1`)
    expect(asked[4]?.head).toContain('Session: 77')
  })

  it('is told goodbye even where no packets come', async () => {
    const { url, asked } = await device((each) =>
      each.method === 'PLAY' ? Buffer.concat([Buffer.from(answer(200)), frame(1), frame(1)]) : playing(each),
    )
    expect(await ask(url, null, 400)).toBe('stream no-packets')
    await expect.poll(() => asked.at(-1)?.method).toBe('TEARDOWN')
  })

  it('that wants SHA-256 gets it, with each request', async () => {
    const hash = (text: string) => createHash('sha256').update(text).digest('hex')
    const fits = ({ method, url, head }: Asked) => {
      const [, nc = '', cnonce = ''] = /nc=(\w+), cnonce="(\w+)"/.exec(head) ?? []
      const response = hash(`${hash('admin:cam:secret')}:n1:${nc}:${cnonce}:auth:${hash(`${method}:${url}`)}`)
      return head.includes(`response="${response}"`)
    }
    const { url, asked } = await device((each) => (fits(each) ? playing(each) : answer(401, [SHA])))
    expect(await ask(url, credentials)).toBe('')
    expect(asked.filter(({ head }) => !head.includes('Authorization'))).toHaveLength(1)
  })

  it('that calls a nonce stale is asked once more', async () => {
    const { url } = await device((each) => {
      if (each.head.includes('nonce="n2"')) return playing(each)
      const nonce = each.method === 'OPTIONS' ? SHA : SHA.replace('n1', 'n2') + ', stale=true'
      return each.method === 'OPTIONS' && each.head.includes('nonce="n1"')
        ? answer(200)
        : answer(401, [nonce])
    })
    expect(await ask(url, credentials)).toBe('')
  })

  it('that redirects is followed, without the sign-in where it leads to another host', async () => {
    const other = await device((each) => (each.method === 'OPTIONS' ? answer(200) : answer(401, [SHA])))
    const { url } = await device(({ method }) =>
      method === 'OPTIONS'
        ? answer(200)
        : answer(302, [`Location: ${other.url.replace('127.0.0.1', '127.0.0.2')}`]),
    )
    // The listener is at 127.0.0.1 only; the other address refuses.
    expect(await ask(url, credentials)).toBe('protocol refused')
    const same = await device((each) =>
      each.method === 'OPTIONS' ? answer(200) : answer(301, [`Location: ${other.url}`]),
    )
    expect(await ask(same.url, credentials)).toBe('protocol sign-in 401')
    expect(other.asked.some(({ head }) => head.includes('Authorization'))).toBe(true)
  })

  it.each<[what: string, answers: Answers, failure: string]>([
    ['redirects outside', () => answer(302, ['Location: rtsp://192.0.2.1/live']), 'protocol not-allowed'],
    ['redirects to a page', () => answer(302, ['Location: http://127.0.0.1/']), 'protocol redirect 302'],
    ['redirects nowhere', () => answer(302), 'protocol status 302'],
    ['describes nothing', () => answer(200, [], 'nothing'), 'protocol bad-sdp'],
    ['describes sound', () => answer(200, [], SDP.replace('video', 'audio')), 'protocol no-video audio'],
    ['is overloaded', () => answer(503), 'protocol status 503'],
    ['answers without end', () => 'x'.repeat(100_000), 'protocol not-rtsp'],
    [
      'wants a sign-in that nobody knows',
      () => answer(401, ['WWW-Authenticate: Bearer x']),
      'protocol sign-in 401',
    ],
  ])('that %s: "%s"', async (_what, answers, failure) => {
    const { url } = await device((each) => (each.method === 'OPTIONS' ? answer(200) : answers(each)))
    expect(await ask(url, credentials)).toBe(failure)
  })

  it('that redirects for ever is left', async () => {
    const looping = await device(({ method, url }) =>
      method === 'OPTIONS' ? answer(200) : answer(302, [`Location: ${url}`]),
    )
    expect(await ask(looping.url)).toBe('protocol redirect too many')
  })

  it('whose track cannot be set up over TCP says so', async () => {
    const { url } = await device((each) => (each.method === 'SETUP' ? answer(461) : playing(each)))
    expect(await ask(url)).toBe('stream status 461 SETUP')
  })
})
