import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { download, type DownloadRequest, type Limits } from './download.ts'
import { isInside } from './inside.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void
let server: Server
let host: string
let answers: Record<string, Answer>
let asked: { url: string; method: string; headers: IncomingMessage['headers']; body: string }[]

beforeEach(async () => {
  answers = {}
  asked = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const { url = '', method = '', headers } = request
      asked.push({ url, method, headers, body })
      const answer = answers[url.split('?')[0] ?? '']
      if (answer === undefined) response.writeHead(404).end()
      else answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const get = (path: string, limits: Partial<Limits> = {}, request: Partial<DownloadRequest> = {}) =>
  download(
    { url: `http://${host}${path}`, ...request },
    { timeoutMs: 20_000, maxBytes: 10_000, allowHosts: [host], userAgent: 'test', ...limits },
  )
const text =
  (body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    response.writeHead(200, headers).end(body)
const redirect =
  (location: string, status = 302): Answer =>
  (_request, response) =>
    response.writeHead(status, { location }).end()

describe('download', () => {
  it('takes plain, gzip and brotli, and says what to send back next time', async () => {
    answers['/plain'] = text('cabai', { etag: '"1"', 'last-modified': 'Tue, 24 Nov 2026 03:00:00 GMT' })
    answers['/gzip'] = text(gzipSync('cabai'), { 'content-encoding': 'gzip' })
    answers['/br'] = text(brotliCompressSync('cabai'), { 'content-encoding': 'br' })
    answers['/latin'] = text(Buffer.from([0xe9]), { 'content-type': 'text/html; charset=iso-8859-1' })
    expect(await get('/plain')).toEqual({
      status: 'ok',
      text: 'cabai',
      etag: '"1"',
      lastModified: 'Tue, 24 Nov 2026 03:00:00 GMT',
    })
    expect(await get('/gzip')).toEqual({ status: 'ok', text: 'cabai' })
    expect(await get('/br')).toEqual({ status: 'ok', text: 'cabai' })
    expect(await get('/latin')).toEqual({ status: 'ok', text: 'é' })
  })
  it('posts a body and asks conditionally', async () => {
    answers['/form'] = text('ok')
    answers['/list'] = (request, response) =>
      response.writeHead(request.headers['if-none-match'] === '"1"' ? 304 : 200).end()
    await get('/form', {}, { method: 'POST', body: 'pasar=22', headers: { 'content-type': 'a/b' } })
    expect(asked[0]).toMatchObject({ method: 'POST', body: 'pasar=22', headers: { 'content-type': 'a/b' } })
    expect(await get('/list', { previous: { etag: '"1"' } })).toEqual({ status: 'not-modified' })
  })
  it('gives up on a source that never answers, and on one that never ends', async () => {
    answers['/hang'] = () => undefined
    answers['/drip'] = (_request, response) => void response.writeHead(200).write('[')
    await expect(get('/hang', { timeoutMs: 50 })).rejects.toMatchObject({ kind: 'timeout' })
    await expect(get('/drip', { timeoutMs: 50 })).rejects.toMatchObject({ kind: 'timeout' })
  })
  it('breaks off when told to', async () => {
    const stop = new AbortController()
    answers['/hang'] = () => stop.abort()
    await expect(get('/hang', { signal: stop.signal })).rejects.toMatchObject({ kind: 'stopped' })
  })
  it('limits the decoded size: announced, streamed, and packed small', async () => {
    answers['/announced'] = text('x'.repeat(10_001))
    answers['/streamed'] = (_request, response) => {
      response.write('x'.repeat(6_000))
      response.end('x'.repeat(6_000))
    }
    const zeros = Buffer.alloc(50_000_000)
    answers['/gzip-bomb'] = text(gzipSync(zeros), { 'content-encoding': 'gzip' })
    answers['/br-bomb'] = text(brotliCompressSync(zeros), { 'content-encoding': 'br' })
    answers['/deflate-bomb'] = text(deflateSync(zeros), { 'content-encoding': 'deflate' })
    answers['/twice'] = text(gzipSync(gzipSync(zeros)), { 'content-encoding': 'gzip, gzip' })
    answers['/fits'] = text('x'.repeat(10_000))
    for (const path of ['/announced', '/streamed'])
      await expect(get(path)).rejects.toMatchObject({ kind: 'too-large' })
    for (const path of ['/gzip-bomb', '/br-bomb', '/deflate-bomb'])
      await expect(get(path, { maxBytes: 60_000 })).rejects.toMatchObject({ kind: 'too-large' })
    await expect(get('/twice')).rejects.toMatchObject({ kind: 'network' })
    expect(await get('/fits')).toMatchObject({ status: 'ok' })
  })
  it.each([
    [429, '120', 120_000, ': it is asked too often'],
    [503, '7', 7_000, ''],
    [503, undefined, undefined, ''],
    [500, 'soon', undefined, ''],
    [404, undefined, undefined, ': there is no such page, its address has changed'],
    [401, undefined, undefined, ': it lets nobody in now, or wants a sign-in'],
    [403, undefined, undefined, ': it refuses this machine, or wants a sign-in'],
    [304, undefined, undefined, ' to a question that had no condition'],
  ])('status %i with Retry-After %s', async (status, header, wait, meaning) => {
    answers['/busy'] = (_request, response) =>
      response.writeHead(status, header === undefined ? {} : { 'retry-after': header }).end('no')
    await expect(get('/busy?token=secret')).rejects.toMatchObject({
      kind: 'status',
      retryAfterMs: wait,
      message: `${host}/busy answered ${status}${meaning}`,
    })
  })
  it('says what is wrong with a broken answer', async () => {
    answers['/cut'] = (_request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('abc')
      response.destroy()
    }
    answers['/false-gzip'] = text('not gzip', { 'content-encoding': 'gzip' })
    answers['/zstd'] = text('x', { 'content-encoding': 'zstd' })
    for (const path of ['/cut', '/false-gzip', '/zstd'])
      await expect(get(path)).rejects.toMatchObject({ kind: 'network' })
    await expect(
      download(
        { url: 'http://127.0.0.1:9/x?key=secret' },
        { timeoutMs: 20_000, maxBytes: 10, allowHosts: ['127.0.0.1:9'], userAgent: 'test' },
      ),
    ).rejects.toMatchObject({ kind: 'network', message: '127.0.0.1:9/x: refuses connections' })
  })
})

describe('redirects', () => {
  it('are followed on the same host, a POST becoming a GET unless its body is asked for again', async () => {
    answers['/old'] = redirect('/new')
    answers['/keep'] = redirect('/new', 307)
    answers['/new'] = text('here')
    const post = { method: 'POST', body: 'a=1', headers: { 'content-type': 'a/b', cookie: 'c' } } as const
    expect(await get('/old', {}, post)).toMatchObject({ text: 'here' })
    expect(await get('/keep', {}, post)).toMatchObject({ text: 'here' })
    expect(asked.map(({ method, body }) => `${method} ${body}`)).toEqual([
      'POST a=1',
      'GET ',
      'POST a=1',
      'POST a=1',
    ])
    expect(asked[1]?.headers['content-type']).toBeUndefined()
    expect(asked[1]?.headers.cookie).toBe('c')
  })
  it('end after three', async () => {
    answers['/loop'] = redirect('/loop')
    await expect(get('/loop')).rejects.toMatchObject({ kind: 'status' })
    expect(asked).toHaveLength(4)
  })
  it.each(['http://elsewhere.example/', 'file:///etc/passwd', '//169.254.169.254/latest'])(
    'to %s are refused',
    async (location) => {
      answers['/away'] = redirect(location)
      await expect(get('/away')).rejects.toMatchObject({ kind: 'refused-host' })
    },
  )
  it('reach no address inside the network, not even under an allowed name', async () => {
    for (const name of ['localhost', '127.0.0.1', '[::1]']) {
      answers['/inside'] = redirect(`http://${name}:1/`)
      await expect(get('/inside', { allowHosts: [host, `${name}:1`] })).rejects.toMatchObject({
        kind: 'refused-host',
      })
    }
  })
  it('a host that the configuration does not name is never asked', async () => {
    await expect(get('/x', { allowHosts: ['portal.example'] })).rejects.toMatchObject({
      kind: 'refused-host',
    })
    await expect(get('', {}, { url: 'nonsense' })).rejects.toMatchObject({ kind: 'refused-host' })
    expect(asked).toEqual([])
  })
})

it.each([
  ['127.0.0.1', true],
  ['10.1.2.3', true],
  ['172.16.0.1', true],
  ['172.32.0.1', false],
  ['192.168.1.1', true],
  ['169.254.169.254', true],
  ['::1', true],
  ['::ffff:10.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['64:ff9b::7f00:1', true],
  ['2002:7f00:1::', true],
  ['0.0.0.0', true],
  ['::', true],
  ['fd00::1', true],
  ['8.8.8.8', false],
  ['2001:4860:4860::8888', false],
])('%s is inside the network: %s', (address, inside) => expect(isInside(address)).toBe(inside))
