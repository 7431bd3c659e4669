import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { allowedNetworks } from '../cameras/probe/allowed.ts'
import { HlsProxy } from './hls-proxy.ts'
import { Portal } from './portal.ts'

let server: Server
let answer: (response: ServerResponse) => void
beforeAll(async () => {
  server = createServer((_request, response) => answer(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  vi.useRealTimers()
  server.closeAllConnections()
})
afterAll(() => server.close())

const portalOf = () => {
  const hls = `http://127.0.0.1:${(server.address() as AddressInfo).port}/live.m3u8`
  const reach = { allowed: allowedNetworks(['127.0.0.0/8']), now: () => Date.now() }
  return new Portal({ targets: { hls }, credentials: null }, reach)
}

it('a playlist that drips is given up', async () => {
  answer = (response) => response.writeHead(200).write('#EXTM3U\n')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const portal = portalOf()
  const open = vi.spyOn(portal, 'open')
  const failed = expect(portal.readPlaylist(portal.playlist)).rejects.toMatchObject({ fault: 'timeout' })
  const { response } = (await open.mock.results[0]?.value) as Awaited<ReturnType<Portal['open']>>
  await vi.advanceTimersByTimeAsync(10_000)
  await failed
  expect(response.destroyed).toBe(true)
})

it('a server that says nothing holds eight requests for a video and no more', async () => {
  answer = () => undefined
  const proxy = new HlsProxy(portalOf())
  const asked = Array.from({ length: 10 }, () => proxy.playlist())
  const ends = Promise.allSettled(asked)
  await Promise.all(asked.slice(8).map((one) => expect(one).rejects.toMatchObject({ kind: 'too-many' })))
  await vi.waitFor(() => expect(openSockets()).resolves.toBe(8))
  server.closeAllConnections()
  await ends
  answer = (response) => response.writeHead(200).end('#EXTM3U\n#EXTINF:2,\na.ts\n')
  await expect(proxy.playlist()).resolves.toContain('part.ts?u=')
})

const openSockets = () =>
  new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)))
