import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS, type Targets } from '#contract/probing.ts'
import { listen, type Part } from '../../../e2e/parts/index.ts'
import { allowedNetworks } from './allowed.ts'
import { check, type CheckDeps } from './check.ts'
import type { StreamMemory } from './types.ts'

const parts: Part[] = []
afterAll(() => Promise.all(parts.map((part) => part.stop())))

interface Asked {
  memory?: StreamMemory
  timeoutMs?: number
  deps?: Partial<CheckDeps>
}
const ask = (targets: Targets, { memory = {}, timeoutMs = 3_000, deps = {} }: Asked = {}) =>
  check({ targets, credentials: null, settings: { ...DEFAULT_SETTINGS, timeoutMs } }, memory, {
    allowed: allowedNetworks(['127.0.0.0/8']),
    signal: new AbortController().signal,
    now: Date.now,
    ...deps,
  })
async function using<T extends Part>(part: Promise<T>): Promise<T> {
  const started = await part
  parts.push(started)
  return started
}

describe('one check', () => {
  it('connects once to each place', async () => {
    let connections = 0
    const server = createServer((_request, response) => response.end('ok'))
    server.on('connection', () => (connections += 1))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { result } = await ask({ tcp: `127.0.0.1:${port}`, http: `http://127.0.0.1:${port}/` })
    expect(result).toMatchObject({ failed: null, degraded: null })
    expect(result.latencyMs).toBeGreaterThan(0)
    expect(connections).toBe(1)
    server.close()
  })

  it('ends at once, with all that it opened, when it is aborted', async () => {
    const accepted: Promise<unknown>[] = []
    const stop = new AbortController()
    const server = await using(
      listen((socket: Socket) => {
        accepted.push(once(socket, 'close'))
        socket.once('data', () => stop.abort())
      }),
    )
    const { result } = await ask(
      { rtsp: `rtsp://127.0.0.1:${server.port}/live` },
      { deps: { signal: stop.signal }, timeoutMs: 60_000 },
    )
    expect(result.inconclusive).toBe('aborted')
    await Promise.all(accepted)
    expect(accepted).toHaveLength(1)
    const again = await ask({ tcp: `127.0.0.1:${server.port}` }, { deps: { signal: stop.signal } })
    expect(again.result.inconclusive).toBe('aborted')
  })

  it('leaves nothing open, whatever it met', async () => {
    const closed: Promise<unknown>[] = []
    const hanging = await using(listen((socket) => void closed.push(once(socket, 'close'))))
    const place = `127.0.0.1:${hanging.port}`
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        ask(index % 2 === 0 ? { rtsp: `rtsp://${place}/` } : { http: `https://${place}/`, tcp: place }, {
          timeoutMs: 400,
        }),
      ),
    )
    expect(results.every(({ result }) => result.failed?.fault === 'silent')).toBe(true)
    expect(closed).toHaveLength(40)
    await Promise.all(closed)
  })

  it('does not blame the camera for what the prober lacks', async () => {
    const lacking = Object.assign(new Error('connect EMFILE 10.0.0.7:80'), { code: 'EMFILE' })
    const allowed = { resolve: () => Promise.reject(lacking) }
    const { result } = await ask({ tcp: '127.0.0.1:80' }, { deps: { allowed } })
    expect(result.inconclusive).toBe('EMFILE')
  })

  it('asks nothing where there is nothing to ask', async () => {
    const { result, memory } = await ask({ whep: 'https://127.0.0.1/whep' }, { memory: { sequence: 7 } })
    expect(result).toMatchObject({ failed: null, degraded: null, latencyMs: null })
    expect(memory).toEqual({ sequence: 7 })
  })
})
