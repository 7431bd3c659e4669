import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Type } from 'typebox'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CameraReading, Feed, PriceReading } from '../reading.ts'
import { hostsOf, startPulls, type AnyFeed, type ConfiguredPull, type Pulls } from './schedule.ts'

let server: Server
let url: string
let answer: RequestListener
let pulls: Pulls
let now: number
let events: string[]
let storeFails: boolean

const rows = (payload: unknown) => (Array.isArray(payload) ? (payload as never[]) : [])
const reader = (domain: 'cameras' | 'prices', accepts: 'json' | 'text' = 'json'): AnyFeed => {
  const feed: Feed<CameraReading & PriceReading, { url: string; paths: string[] }> = {
    kind: 'test',
    domain,
    accepts,
    options: Type.Object({}),
    requests: (options) => options.paths.map((path) => ({ url: `${options.url}${path}` })),
    read: (payload) => ({
      rows: rows(payload),
      sources: rows(payload),
      rejects: [],
      notReported: 0,
      received: rows(payload).length,
    }),
  }
  return feed as unknown as AnyFeed
}
const pull = (id: string, change: Partial<ConfiguredPull> & { paths?: string[] } = {}): ConfiguredPull => ({
  id,
  title: id,
  source: '',
  demo: false,
  feed: reader('cameras'),
  options: { url, paths: change.paths ?? [`/${id}`] },
  schedule: '0 0 1 1 *',
  jitterMs: 0,
  timeoutMs: 10_000,
  maxBytes: 10_000,
  runAtStart: false,
  ...change,
})
const start = (...configured: ConfiguredPull[]) => {
  pulls = startPulls(configured, {
    timezone: 'Asia/Jakarta',
    userAgent: 'test',
    clock: () => new Date(now),
    random: () => 1,
    store: async ({ id }, readings) => {
      if (storeFails) throw new Error('the disk is full')
      events.push(`${id} stored ${readings.map(({ reading }) => reading.rows.length).join('+')}`)
    },
    notModified: async ({ id }, readings) => void events.push(`${id} not modified, ${readings.length} kept`),
    failed: async ({ id }, _startedAt, _tookMs, message) => void events.push(`${id} failed: ${message}`),
    log: { warn: () => undefined },
  })
  return pulls
}
const drain = () => events.splice(0)

beforeEach(async () => {
  now = Date.parse('2026-11-24T03:00:00Z')
  events = []
  storeFails = false
  answer = (_request, response) => response.end('[1,2]')
  server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  await pulls.stop()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe('a run', () => {
  it('asks part after part and stores them together', async () => {
    await start(pull('a', { paths: ['/1', '/2'] })).run('a')
    expect(drain()).toEqual(['a stored 2+2'])
  })
  it('begins by itself at the start and on the schedule', async () => {
    const met = new Promise<void>((resolve) => {
      let count = 0
      answer = (_request, response) => {
        response.end('[]')
        if ((count += 1) === 2) resolve()
      }
    })
    start(pull('a', { runAtStart: true, schedule: '* * * * * *' }))
    await met
  })
  it('is one at a time', async () => {
    let asked = 0
    answer = (_request, response) => {
      asked += 1
      response.end('[]')
    }
    start(pull('a'))
    await Promise.all([pulls.run('a'), pulls.run('a'), pulls.run('a')])
    expect(asked).toBe(1)
  })
  it('says what came instead of JSON', async () => {
    answer = (_request, response) => response.end('<html> Sedang\n dalam perbaikan')
    await start(pull('a', { options: { url, paths: ['/a?key=secret'] } })).run('a')
    expect(drain()).toEqual([
      `a failed: ${new URL(url).host}/a did not answer with JSON but with "<html> Sedang dalam perbaikan"`,
    ])
  })
  it('never touches another feed', async () => {
    answer = (request, response) => {
      if (request.url === '/bad') response.writeHead(500).end()
      else response.end('[1]')
    }
    start(pull('bad'), pull('good'))
    await Promise.all([pulls.run('bad'), pulls.run('good')])
    expect(drain().sort()).toEqual([`bad failed: ${new URL(url).host}/bad answered 500`, 'good stored 1'])
  })
})

describe('after a failure', () => {
  it('a feed waits longer and longer, and is as new after a success', async () => {
    answer = (_request, response) => response.writeHead(500).end()
    start(pull('a'))
    await pulls.run('a')
    for (const wait of [5_000, 10_000, 20_000, 40_000]) {
      expect(drain()).toHaveLength(1)
      now += wait - 1
      await pulls.run('a')
      expect(drain()).toEqual([])
      now += 1
      await pulls.run('a')
    }
    answer = (_request, response) => response.end('[]')
    now += 3_600_000
    drain()
    await pulls.run('a')
    await pulls.run('a')
    expect(drain()).toEqual(['a stored 0', 'a stored 0'])
  })
  it('Retry-After is obeyed', async () => {
    answer = (_request, response) => response.writeHead(429, { 'retry-after': '100' }).end()
    await start(pull('a')).run('a')
    drain()
    answer = (_request, response) => response.end('[]')
    now += 99_000
    await pulls.run('a')
    expect(drain()).toEqual([])
    now += 2_000
    await pulls.run('a')
    expect(drain()).toEqual(['a stored 0'])
  })
})

describe('an answer that is not modified', () => {
  beforeEach(() => {
    answer = (request, response) => {
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end()
      else response.writeHead(200, { etag: '"1"' }).end('[1]')
    }
  })
  it('confirms cameras; a price that was read stays', async () => {
    start(pull('cameras'), pull('prices', { feed: reader('prices') }))
    for (const id of ['cameras', 'prices', 'cameras', 'prices']) await pulls.run(id)
    expect(drain()).toEqual([
      'cameras stored 1',
      'prices stored 1',
      'cameras not modified, 1 kept',
      'prices not modified, 0 kept',
    ])
  })
  it('is asked for only once the answer before it is on disk', async () => {
    storeFails = true
    await start(pull('a')).run('a')
    expect(drain()).toEqual(['a failed: the disk is full'])
    storeFails = false
    now += 60_000
    await pulls.run('a')
    expect(drain()).toEqual(['a stored 1'])
  })
})

describe('stop', () => {
  it('breaks off a hanging source, waits, and lets nothing begin', async () => {
    const asked = new Promise<void>((resolve) => (answer = () => resolve()))
    start(pull('a'))
    const run = pulls.run('a')
    await asked
    await pulls.stop()
    await run
    await pulls.run('a')
    expect(drain()).toEqual([])
  })
})

it('hosts are those that the options name', () => {
  expect(hostsOf({ url: 'http://a.example:81/x', more: ['https://b.example'] }, [])).toEqual([
    'a.example:81',
    'b.example',
  ])
  expect(hostsOf({ days: 7 }, [{ url: 'https://c.example/x' }])).toEqual(['c.example'])
})
