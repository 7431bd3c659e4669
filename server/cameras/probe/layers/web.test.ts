import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS, type Targets } from '#contract/probing.ts'
import { allowedNetworks } from '../allowed.ts'
import { check } from '../check.ts'

const servers: Server[] = []
afterEach(() =>
  Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections()
      return new Promise((closed) => server.close(closed))
    }),
  ),
)
async function serve(listener: RequestListener, host = '127.0.0.1') {
  const server = createServer(listener).listen(0, host)
  servers.push(server)
  await once(server, 'listening')
  return `http://${host}:${(server.address() as AddressInfo).port}`
}
const ask = async (targets: Targets, clockDriftSeconds = 0, now = Date.now) => {
  const settings = { ...DEFAULT_SETTINGS, timeoutMs: 3_000, clockDriftSeconds }
  const credentials = { username: 'admin', password: 'secret' }
  const deps = { allowed: allowedNetworks(['127.0.0.0/8']), now, signal: new AbortController().signal }
  return (await check({ targets, credentials, settings }, {}, deps)).result
}
const secretsOf = ({ headers }: IncomingMessage) => ({
  signed: headers.authorization?.split(' ')[0],
  cookie: headers.cookie,
  referer: headers.referer,
})

describe('HTTP', () => {
  it('signs in where it was sent, and takes sign-in and cookie nowhere else', async () => {
    const seen: unknown[] = []
    const elsewhere = await serve((request, response) => {
      seen.push(secretsOf(request))
      response.writeHead(401, { 'www-authenticate': 'Basic' }).end()
    }, '127.0.0.2')
    const camera = await serve((request, response) => {
      seen.push(secretsOf(request))
      if (request.url === '/portal') {
        const cookies = ['a=1; Path=/', 'b=old']
        return response.writeHead(302, { location: '/home', 'set-cookie': cookies }).end()
      }
      if (request.url === '/home') return response.setHeader('set-cookie', 'b=2; Secure').end()
      if (request.headers.authorization === undefined)
        return response.writeHead(401, { 'www-authenticate': 'Basic realm="cam"' }).end()
      return response.writeHead(302, { location: `${elsewhere}/` }).end()
    })
    const { failed } = await ask({
      http: `${camera}/`,
      cookieFrom: `${camera}/portal`,
      referer: `${camera}/page`,
    })
    expect(failed).toEqual({ layer: 'protocol', fault: 'sign-in', detail: '401' })
    const referer = `${camera}/page`
    expect(seen).toEqual([
      { signed: undefined, cookie: undefined, referer: undefined },
      { signed: undefined, cookie: undefined, referer: undefined },
      { signed: undefined, cookie: 'a=1; b=2', referer },
      { signed: 'Basic', cookie: 'a=1; b=2', referer },
      { signed: undefined, cookie: undefined, referer },
    ])
  })

  it('takes a head and leaves an endless body', async () => {
    const url = await serve((_request, response) => {
      const more = () => response.write('x'.repeat(65_536), (error) => (error ? undefined : more()))
      more()
    })
    expect(await ask({ http: url })).toMatchObject({ failed: null })
    const { failed } = await ask({ hls: url })
    expect(failed).toEqual({ layer: 'protocol', fault: 'bad-playlist', detail: 'larger than 1 MiB' })
  })

  it('fills the sign-in into an address that wants it there', async () => {
    const asked: (string | undefined)[] = []
    const url = await serve((request, response) => {
      asked.push(request.url)
      response.end()
    })
    expect((await ask({ http: `${url}/?u={username}&p={password}` })).failed).toBeNull()
    expect(asked).toEqual(['/?u=admin&p=secret'])
  })
})

describe('ONVIF', () => {
  const clock = (time: Date) =>
    `<e:Envelope xmlns:e="x"><e:Body><GetSystemDateAndTimeResponse><UTCDateTime><Time><Hour>${time.getUTCHours()}</Hour><Minute>${time.getUTCMinutes()}</Minute><Second>${time.getUTCSeconds()}</Second></Time><Date><Year>${time.getUTCFullYear()}</Year><Month>${time.getUTCMonth() + 1}</Month><Day>${time.getUTCDate()}</Day></Date></UTCDateTime></GetSystemDateAndTimeResponse></e:Body></e:Envelope>`
  const now = () => Date.UTC(2026, 10, 7, 3, 0, 0)
  const device = async (offSeconds: number) => {
    let body = ''
    const url = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const asked = body.includes('GetSystemDateAndTime') && request.method === 'POST'
        response.end(asked ? clock(new Date(now() + offSeconds * 1_000)) : 'what?')
      })
    })
    return `${url}/onvif/device_service`
  }

  it.each([
    [0, 60, null],
    [59, 60, null],
    [-95, 60, '-95 s'],
    [3_600, 60, '3600 s'],
    [3_600, 0, null],
  ])('a clock that is %i s off, where %i are allowed: %s', async (off, allowed, detail) => {
    const result = await ask({ onvif: await device(off) }, allowed, now)
    expect(result.failed).toBeNull()
    const drift = { layer: 'protocol', fault: 'clock-drift' }
    if (detail === null) expect(result.degraded).toBeNull()
    else {
      expect(result.degraded).toMatchObject(drift)
      expect(Math.abs(parseInt(result.degraded?.detail ?? '') - off)).toBeLessThanOrEqual(1)
    }
  })

  it('is told from a web page', async () => {
    const url = await serve((_request, response) => response.end('<html>login</html>'))
    expect((await ask({ onvif: url })).failed).toMatchObject({ layer: 'protocol', fault: 'not-onvif' })
  })
})
