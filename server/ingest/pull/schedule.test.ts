import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Type } from 'typebox'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  readEach,
  wrongShape,
  type CameraReading,
  type Feed,
  type FeedRequest,
  type PriceReading,
} from '../reading.ts'
import { hostsOf } from './gather.ts'
import { startPulls, type AnyFeed, type ConfiguredPull, type Pulls } from './schedule.ts'

let server: Server
let url: string
let answer: RequestListener
let pulls: Pulls
let now: number
let events: string[]
let storeFails: boolean
/** waits that the feeds asked for, and what is to come after them */
let waits: { ms: number; call: () => void; calledOff: boolean }[]

const reader = (domain: 'cameras' | 'prices', accepts: 'json' | 'text' = 'json'): AnyFeed => {
  const feed: Feed<CameraReading & PriceReading, { url: string; paths: string[] }> = {
    kind: 'test',
    domain,
    accepts,
    options: Type.Object({}),
    requests: (options) => options.paths.map((path) => ({ url: `${options.url}${path}` })),
    read: (payload) =>
      Array.isArray(payload)
        ? readEach(
            payload,
            (row) => ({ row: row as never }),
            (row) => [row],
          )
        : wrongShape(payload, 'a list'),
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
    later: (ms, call) => {
      const wait = { ms, call, calledOff: false }
      waits.push(wait)
      return () => void (wait.calledOff = true)
    },
    store: async ({ id }, readings, _startedAt, fault) => {
      if (storeFails) throw new Error('the disk is full')
      const stored = `${id} stored ${readings.map(({ reading }) => reading.rows.length).join('+')}`
      events.push(fault === undefined ? stored : `${stored}, but ${fault.replaceAll(new URL(url).host, '')}`)
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
  waits = []
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
  it('keeps what the parts brought of which one failed, and asks again on its schedule', async () => {
    answer = (request, response) => {
      if (request.url === '/2') response.writeHead(404).end()
      else if (request.url === '/3') response.end('{"error":"x"}')
      else response.end('[1]')
    }
    start(pull('a', { paths: ['/1', '/2', '/3', '/4'] }))
    for (let run = 0; run < 2; run += 1) {
      await pulls.run('a')
      expect(drain()).toEqual([
        'a stored 1+0+1, but 2 of 4 parts failed: /2 answered 404: there is no such page, its address has changed',
      ])
    }
    expect(waits).toEqual([])
  })
  it('with nothing but another shape is a failed one that keeps its rejects', async () => {
    answer = (_request, response) => response.end('{"status":"error"}')
    start(pull('a'))
    await pulls.run('a')
    expect(drain()).toEqual(['a stored 0, but /a answered, but not with a list'])
    await pulls.run('a')
    expect(drain()).toEqual([])
  })
  it('asks what an answer leads to, and no flood of it', async () => {
    const asked: string[] = []
    answer = (request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(200, { etag: '"1"' }).end(request.url === '/many' ? '[1,2,3]' : '[1]')
    }
    const feed = reader('prices')
    const follow = (_payload: unknown, { request }: { request: FeedRequest }) => {
      if (request.url === `${url}/few`) return ['/x', '/y'].map((path) => ({ url: `${url}${path}` }))
      return request.url === `${url}/many` ? Array.from({ length: 2_001 }, () => request) : []
    }
    const leading = { ...feed, follow } as AnyFeed
    start(pull('a', { feed: leading, paths: ['/few', '/many'] }))
    for (let run = 0; run < 2; run += 1) {
      await pulls.run('a')
      expect(asked.splice(0)).toEqual(['/few', '/many', '/x', '/y'])
      expect(drain()).toEqual([
        'a stored 1+3+1+1, but 1 of 4 parts failed: /many leads to more than 2000 requests',
      ])
    }
  })
  it('leaves a source alone that asks for patience, and one that is down', async () => {
    let asked = 0
    answer = (_request, response) => {
      asked += 1
      response.writeHead(asked === 1 ? 200 : 503, asked === 1 ? {} : { 'retry-after': '900' }).end('[1]')
    }
    start(pull('a', { paths: ['/1', '/2', '/3', '/4', '/5'] }))
    await pulls.run('a')
    expect([asked, drain()]).toEqual([2, ['a stored 1, but 1 of 5 parts failed: /2 answered 503']])
    expect(waits[0]?.ms).toBeGreaterThanOrEqual(900_000)
    answer = (_request, response) => {
      asked += 1
      response.destroy()
    }
    asked = 0
    now += 1_000_000
    await pulls.run('a')
    expect(asked).toBe(3)
    expect(drain()).toEqual([expect.stringContaining('a failed: 3 of 5 parts failed: ')])
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
  it('a feed comes back by itself, however rare its schedule', async () => {
    answer = (_request, response) => response.writeHead(500).end()
    start(pull('a'))
    await pulls.run('a')
    drain()
    expect(waits.map(({ ms }) => ms)).toEqual([60_000])
    const again = new Promise<void>((resolve) => {
      answer = (_request, response) => {
        response.end('[1]')
        resolve()
      }
    })
    waits[0]?.call()
    await again
    await pulls.run('a')
    expect(drain()).toContain('a stored 1')
  })
  it('a run on the schedule calls the other one off, and so does the stop', async () => {
    answer = (_request, response) => response.writeHead(500).end()
    start(pull('a'))
    await pulls.run('a')
    now += 30_000
    await pulls.run('a')
    expect(waits.map(({ calledOff }) => calledOff)).toEqual([true, false])
    await pulls.stop()
    expect(waits.map(({ calledOff }) => calledOff)).toEqual([true, true])
    drain()
    waits[1]?.call()
    expect(drain()).toEqual([])
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

describe('the schedule', () => {
  afterEach(() => vi.useRealTimers())
  const asked = (pulled: ConfiguredPull) => {
    let runs = 0
    const feed = reader('cameras')
    const counting = {
      ...feed,
      requests: () => {
        runs += 1
        return []
      },
    }
    start({ ...pulled, feed: counting })
    return () => runs
  }
  it("is in the city's time: nine o'clock in Malang is two in UTC", async () => {
    vi.useFakeTimers({
      now: new Date('2026-11-24T01:59:58Z'),
      toFake: ['Date', 'setTimeout', 'clearTimeout'],
    })
    const runs = asked(pull('a', { schedule: '0 9 * * *' }))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(runs()).toBe(0)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(runs()).toBe(1)
    await vi.advanceTimersByTimeAsync(23 * 3_600_000)
    expect(runs()).toBe(1)
  })
  it('is spread by chance where the configuration says so', async () => {
    vi.useFakeTimers({
      now: new Date('2026-11-24T01:59:58Z'),
      toFake: ['Date', 'setTimeout', 'clearTimeout'],
    })
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const runs = asked(pull('a', { schedule: '0 9 * * *', jitterMs: 60_000 }))
    await vi.advanceTimersByTimeAsync(31_000)
    expect(runs()).toBe(0)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(runs()).toBe(1)
    random.mockRestore()
  })
  it('asks no hanging source a second time', async () => {
    let requests = 0
    const twice = new Promise<void>((resolve) => {
      answer = () => {
        requests += 1
        resolve()
      }
    })
    start(pull('a', { runAtStart: true }))
    await twice
    void pulls.run('a')
    void pulls.run('a')
    await pulls.stop()
    expect(requests).toBe(1)
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
