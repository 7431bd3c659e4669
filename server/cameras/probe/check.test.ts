import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS, type ProbeSettings, type Targets } from '#contract/probing.ts'
import {
  closedPort,
  startHanging,
  startHls,
  startResetting,
  startRtspServer,
  startSaying,
  type HlsServer,
  type Part,
  type RtspServer,
} from '../../../e2e/parts/index.ts'
import { allowedNetworks } from './allowed.ts'
import { check, type CheckDeps } from './check.ts'
import { trust } from './layers/tls.ts'
import type { Credentials, StreamMemory } from './types.ts'

let hls: HlsServer
let rtsp: RtspServer
let deps: CheckDeps
const parts: Part[] = []
const LIMIT_MS = 3_000

beforeAll(async () => {
  hls = await startHls()
  parts.push(hls)
  rtsp = await startRtspServer(hls.certificates)
  parts.push(rtsp)
  deps = {
    allowed: allowedNetworks(['127.0.0.0/8']),
    signal: new AbortController().signal,
    now: Date.now,
    trust: trust(hls.certificates.authority),
  }
})
afterAll(() => Promise.all(parts.map((part) => part.stop())))

interface Asked {
  credentials?: Credentials
  memory?: StreamMemory
  settings?: Partial<ProbeSettings>
  deps?: Partial<CheckDeps>
}
const ask = (targets: Targets, asked: Asked = {}) =>
  check(
    {
      targets,
      credentials: asked.credentials ?? null,
      settings: { ...DEFAULT_SETTINGS, timeoutMs: LIMIT_MS, ...asked.settings },
    },
    asked.memory ?? {},
    { ...deps, ...asked.deps },
  )
/** "layer fault detail" of what failed; '' where nothing did. */
const failureOf = async (targets: Targets, asked?: Asked) => {
  const { failed, inconclusive } = (await ask(targets, asked)).result
  expect(inconclusive).toBeUndefined()
  return failed === null ? '' : `${failed.layer} ${failed.fault} ${failed.detail}`.trim()
}
const short = { settings: { timeoutMs: 400 } }
async function using<T extends Part>(part: Promise<T>): Promise<T> {
  const started = await part
  parts.push(started)
  return started
}

describe('RTSP of a real server', () => {
  it.each<[name: keyof RtspServer['urls'], failure: string, asked?: Asked]>([
    ['live', ''],
    ['still', ''],
    ['secure', ''],
    ['silent', 'protocol silent', short],
    ['stops', 'stream no-packets', { settings: { timeoutMs: 1_500 } }],
    ['sound', 'protocol no-video audio'],
    ['missing', 'protocol status 404'],
    ['signed', 'protocol sign-in 401'],
  ])('%s: "%s"', async (name, failure, asked) => {
    expect(await failureOf({ rtsp: rtsp.urls[name] }, asked)).toBe(failure)
  })

  it('signs in by digest, and says where that is refused', async () => {
    const { credentials } = rtsp
    expect(await failureOf({ rtsp: rtsp.urls.signed }, { credentials })).toBe('')
    const wrong = { ...credentials, password: 'wrong' }
    expect(await failureOf({ rtsp: rtsp.urls.signed }, { credentials: wrong })).toBe('protocol sign-in 401')
  })

  it('is asked no further than wanted', async () => {
    const settings = { ...short.settings, timeoutMs: 1_500, layers: ['network', 'protocol'] as const }
    expect(
      await failureOf({ rtsp: rtsp.urls.stops }, { settings: { ...settings, layers: [...settings.layers] } }),
    ).toBe('')
  })
})

describe('HLS of a real server', () => {
  it.each<[name: keyof HlsServer['urls'], failure: string]>([
    ['live', ''],
    ['master', ''],
    ['redirect', ''],
    ['recording', ''],
    ['cookie', 'protocol status 403'],
    ['referer', 'protocol status 403'],
    ['signed', 'protocol sign-in 401'],
    ['missing', 'protocol status 404'],
    ['loop', 'protocol redirect 302'],
    ['away', 'protocol not-allowed'],
    ['html', 'stream bad-playlist'],
    ['empty', 'stream segment status 404'],
  ])('%s: "%s"', async (name, failure) => {
    expect(await failureOf({ hls: hls.urls[name] })).toBe(failure)
  })

  it('gives the portal what it wants', async () => {
    const { cookie, portal, referer, page, signed } = hls.urls
    expect(await failureOf({ hls: cookie, cookieFrom: portal })).toBe('')
    expect(await failureOf({ hls: referer, referer: page })).toBe('')
    expect(await failureOf({ hls: signed }, { credentials: hls.credentials })).toBe('')
  })

  it('advances', async () => {
    const first = await ask({ hls: hls.urls.live })
    await hls.advanced()
    const later = { now: () => Date.now() + 60_000 }
    const second = await ask({ hls: hls.urls.live }, { memory: first.memory, deps: later })
    expect(second.result).toMatchObject({ failed: null, degraded: null })
    expect(second.memory.sequence).toBeGreaterThan(first.memory.sequence as number)
  })

  it('is late first, and then stuck', async () => {
    const started = Date.now()
    const at = (seconds: number) => ({ now: () => started + seconds * 1_000 })
    const { result, memory } = await ask({ hls: hls.urls.stuck }, { deps: at(0) })
    expect(result.failed).toBeNull()
    const late = await ask({ hls: hls.urls.stuck }, { memory, deps: at(2) })
    expect(late.result).toMatchObject({
      failed: null,
      degraded: { layer: 'stream', fault: 'stuck', detail: 'sequence 3 for 2 s' },
    })
    const stuck = await ask({ hls: hls.urls.stuck }, { memory: late.memory, deps: at(42) })
    expect(stuck.result.failed).toEqual({ layer: 'stream', fault: 'stuck', detail: 'sequence 3 for 42 s' })
    expect(stuck.memory).toEqual(memory)
  })

  it.each<[name: keyof HlsServer['secure'], failure: RegExp]>([
    ['good', /^$/],
    ['soon', /^$/],
    ['expired', /^protocol tls-expired \d{4}-\d\d-\d\d$/],
    ['incomplete', /^protocol tls-incomplete$/],
    ['untrusted', /^protocol tls-untrusted$/],
    ['wrongName', /^protocol tls-name$/],
  ])('over TLS with a certificate that is %s', async (name, failure) => {
    expect(await failureOf({ hls: hls.secure[name] })).toMatch(failure)
  })

  it('tells of a certificate that expires soon', async () => {
    const { degraded } = (await ask({ hls: hls.secure.soon })).result
    expect(degraded).toMatchObject({ layer: 'protocol', fault: 'tls-expiring' })
    expect(degraded?.detail).toMatch(/^\d{4}-\d\d-\d\d, [45] days left$/)
  })

  it('trusts nobody else', async () => {
    const { trust: _own, ...usual } = deps
    const { result } = await check(
      { targets: { http: hls.secure.good }, credentials: null, settings: DEFAULT_SETTINGS },
      {},
      usual,
    )
    expect(result.failed).toMatchObject({ layer: 'protocol', fault: 'tls-untrusted' })
  })
})

describe('a server that is something else', () => {
  it('is named by what it does', async () => {
    const [hanging, resetting, ssh] = await Promise.all([
      using(startHanging()),
      using(startResetting()),
      using(startSaying('SSH-2.0-OpenSSH_9.2\r\n')),
    ])
    const at = (scheme: string, { port }: { port: number }) => `${scheme}://127.0.0.1:${port}/`
    expect(await failureOf({ tcp: `127.0.0.1:${hanging.port}` }, short)).toBe('')
    expect(await failureOf({ rtsp: at('rtsp', hanging) }, short)).toBe('protocol silent')
    expect(await failureOf({ rtsp: at('rtsps', hanging) }, short)).toBe('protocol silent')
    expect(await failureOf({ http: at('http', hanging) }, short)).toBe('protocol silent')
    expect(await failureOf({ http: at('https', hanging) }, short)).toBe('protocol silent')
    expect(await failureOf({ rtsp: at('rtsp', resetting) })).toBe('protocol reset')
    expect(await failureOf({ http: at('http', resetting) })).toBe('protocol reset')
    expect(await failureOf({ http: at('https', resetting) })).toBe('protocol reset')
    expect(await failureOf({ rtsp: at('rtsp', ssh) })).toBe('protocol not-rtsp')
    expect(await failureOf({ http: at('http', ssh) })).toBe('protocol not-http')
    expect(await failureOf({ rtsp: hls.urls.live.replace('http', 'rtsp') })).toBe('protocol not-rtsp')
    expect(await failureOf({ http: hls.urls.live.replace('http', 'https') })).toBe(
      'protocol tls wrong version number',
    )
  })

  it('is refused, unknown or outside', async () => {
    const port = await closedPort()
    expect(await failureOf({ tcp: `127.0.0.1:${port}` })).toBe('network refused')
    expect(await failureOf({ rtsp: `rtsp://127.0.0.1:${port}/live` })).toBe('network refused')
    expect(await failureOf({ tcp: '192.0.2.1:80' })).toBe('network not-allowed')
    expect(await failureOf({ ping: '192.0.2.1' })).toBe('network not-allowed')
    const unknown = allowedNetworks(['127.0.0.0/8'], () => Promise.resolve([]))
    expect(await failureOf({ tcp: 'cam.invalid:80' }, { deps: { allowed: unknown } })).toBe('network dns')
  })
})
