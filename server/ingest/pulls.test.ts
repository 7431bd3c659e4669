import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cameraFeeds } from '../cameras/feeds/index.ts'
import { loadPack } from '../cities/index.ts'
import { loadCity } from '../cities/load.ts'
import { readConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { testDatabase } from '../database/testing/index.ts'
import { Bus } from '../live/bus.ts'
import { priceFeeds } from '../prices/feeds/index.ts'
import { listFeeds, listRuns } from './feeds-store.ts'
import { listRejects } from './rejects-store.ts'
import { createIngest } from './index.ts'
import type { ConfiguredPull, Pulls } from './pull/index.ts'
import { startFeeds } from './pulls.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let portal: Server
let pulls: Pulls
let context: Context
let now = new Date('2026-11-24T03:00:00Z')
const answers = { cameras: '', bapanas: '', markets: '', table: '' }

const recorded = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const whole = JSON.parse(recorded('../cameras/feeds/recorded/malang-get-cameras-2026-06.json')) as Record<
  string,
  { msg_detail: { list_data: { stream_id: string; status: string }[] } }
>

beforeAll(async () => {
  database = await testDatabase()
  const pack = await loadPack('malang')
  answers.cameras = JSON.stringify(whole)
  answers.markets = recorded('../prices/feeds/recorded/siskaperbapo-markets.shape.json')
  answers.table = recorded('../prices/feeds/recorded/siskaperbapo-table.shape.html')
  answers.bapanas = recorded('../prices/feeds/recorded/bapanas.shape.json').replace('12-9-2025', '23-11-2026')
  portal = createServer((request, response) => {
    const asked = request.url ?? ''
    const body = asked.includes('get-cameras')
      ? answers.cameras
      : asked.includes('pasar.json')
        ? answers.markets
        : asked.includes('tabel')
          ? answers.table
          : answers.bapanas
    if (body === 'broken') response.writeHead(503).end()
    else response.end(body)
  }).listen(0, '127.0.0.1')
  await once(portal, 'listening')
  const address = portal.address()
  const url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
  context = {
    config: readConfig({}),
    pool: database.pool,
    clock: () => now,
    pack,
    bus: new Bus(),
    log: pino({ level: 'silent' }),
  }
  await loadCity(database.pool, pack, () => undefined)
  const pull = (id: string, feed: ConfiguredPull['feed'] | undefined, options: object): ConfiguredPull => {
    if (feed === undefined) throw new Error(`no feed ${id}`)
    return {
      id,
      title: id,
      source: url,
      demo: false,
      feed,
      options,
      schedule: '0 0 1 1 *',
      jitterMs: 0,
      timeoutMs: 5_000,
      maxBytes: 1_000_000,
      runAtStart: false,
    }
  }
  const ingest = createIngest(context, { feedOfKey: async () => null })
  pulls = await startFeeds(context, ingest, [
    pull('cctv', cameraFeeds['malang-cameras'], { url, districts: ['1'] }),
    pull('table', priceFeeds['siskaperbapo-table'], {
      url,
      city: 'malangkota',
      days: 1,
      timezone: 'Asia/Jakarta',
    }),
    pull('bapanas', priceFeeds.bapanas, {
      url,
      province: '15',
      city: '264',
      market: 'kota-malang',
      level: 3,
      timezone: 'Asia/Jakarta',
    }),
  ])
})
afterAll(async () => {
  await pulls.stop()
  portal.close()
  await database.drop()
})

it('stores what a portal says, and tells unchanged from changed and from refused', async () => {
  await pulls.run('cctv')
  expect((await listRuns(database.pool, 'cctv', 1))[0]).toMatchObject({
    outcome: 'ok',
    received: 253,
    accepted: 253,
    rejected: 0,
  })
  now = new Date(now.getTime() + 30_000)
  const first = whole['1']?.msg_detail.list_data
  if (first?.[0] === undefined || first[1] === undefined) throw new Error('the recording is empty')
  first[0].status = '0'
  first[1].status = 'x'
  answers.cameras = JSON.stringify(whole)
  await pulls.run('cctv')
  expect((await listRuns(database.pool, 'cctv', 1))[0]).toMatchObject({
    received: 253,
    accepted: 1,
    unchanged: 251,
    rejected: 1,
  })
  expect(await listRejects(database.pool, 'cctv', { limit: 10 })).toMatchObject([
    {
      field: 'status',
      reason: 'unknown-status',
      payload: { part: { district: '1' }, source: { msg_detail: { list_data: [{ status: 'x' }] } } },
    },
  ])
  const cameras = await database.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM camera')
  expect(cameras.rows[0]?.count).toBe(253)
})

it('registers a camera that the portal lists for the first time, and tells the open pages', async () => {
  const [known] = whole['1']?.msg_detail.list_data ?? []
  if (known === undefined) throw new Error('the recording is empty')
  let listed = 0
  const stop = context.bus.on('cameras:listed', () => (listed += 1))
  const more = structuredClone(whole)
  more['1']?.msg_detail.list_data.push({ ...known, stream_id: 'a-new-pole' })
  answers.cameras = JSON.stringify(more)
  now = new Date(now.getTime() + 30_000)
  await pulls.run('cctv')
  now = new Date(now.getTime() + 30_000)
  await pulls.run('cctv')
  stop()
  expect(listed).toBe(1)
  expect((await listRuns(database.pool, 'cctv', 1))[0]).toMatchObject({ received: 254 })
})

it('records a failure, and the other feed goes on', async () => {
  answers.cameras = 'broken'
  now = new Date(now.getTime() + 30_000)
  await Promise.all([pulls.run('cctv'), pulls.run('bapanas')])
  expect((await listRuns(database.pool, 'cctv', 1))[0]).toMatchObject({
    outcome: 'failed',
    error: expect.stringContaining('503'),
  })
  expect((await listRuns(database.pool, 'bapanas', 1))[0]).toMatchObject({
    outcome: 'ok',
    received: 3,
    accepted: 2,
    notReported: 1,
  })
  const states = new Map((await listFeeds(database.pool, now)).map((feed) => [feed.id, feed.state]))
  expect([states.get('cctv'), states.get('bapanas')]).toEqual(['failing', 'ok'])
  const quotes = await database.pool.query(
    `SELECT commodity, price FROM quote WHERE day = '2026-11-23' ORDER BY commodity`,
  )
  expect(quotes.rows).toHaveLength(2)
})

it('tells a price that did not change from one that was not reported, and both from one sent twice', async () => {
  await pulls.run('bapanas')
  const run = async () => (await listRuns(database.pool, 'bapanas', 1))[0]
  expect(await run()).toMatchObject({ received: 3, accepted: 0, unchanged: 0, duplicate: 2, notReported: 1 })
  answers.bapanas = answers.bapanas.replace('23-11-2026', '24-11-2026').replace('"16500"', '0')
  now = new Date(now.getTime() + 60_000)
  await pulls.run('bapanas')
  expect(await run()).toMatchObject({ received: 3, accepted: 0, unchanged: 1, duplicate: 0, notReported: 2 })
  answers.bapanas = answers.bapanas.replace('"today":14950', '"today":15000')
  now = new Date(now.getTime() + 60_000)
  await pulls.run('bapanas')
  expect(await run()).toMatchObject({ received: 3, accepted: 1, unchanged: 0, duplicate: 0, notReported: 2 })
})

it('takes a camera that two districts name as one', async () => {
  const [first] = whole['1']?.msg_detail.list_data ?? []
  if (first === undefined) throw new Error('the recording is empty')
  whole['2']?.msg_detail.list_data.push(structuredClone(first))
  answers.cameras = JSON.stringify(whole)
  now = new Date(now.getTime() + 60_000)
  await pulls.run('cctv')
  expect((await listRuns(database.pool, 'cctv', 1))[0]).toMatchObject({
    outcome: 'ok',
    received: 254,
    duplicate: 1,
    rejected: 1,
  })
})

it("asks each market that the portal lists, and keeps today's prices by our names", async () => {
  await pulls.run('table')
  expect((await listRuns(database.pool, 'table', 1))[0]).toMatchObject({
    outcome: 'ok',
    received: 14,
    accepted: 8,
    notReported: 4,
    rejected: 2,
  })
  const markets = await database.pool.query(
    `SELECT DISTINCT market FROM quote WHERE feed = (SELECT number FROM feed WHERE id = 'table') ORDER BY market`,
  )
  expect(markets.rows).toEqual([{ market: 'pasar-besar' }, { market: 'pasar-blimbing' }])
})

it('counts every row that a wrong mapping refuses, and keeps as many as a replay reads', async () => {
  const list = Array.from({ length: 6_000 }, (_, index) => ({
    stream_id: `s${index}`,
    name: 'A',
    status: '?',
  }))
  answers.cameras = JSON.stringify({ msg_detail: { list_data: list } })
  now = new Date(now.getTime() + 60_000)
  await pulls.run('cctv')
  expect((await listRuns(database.pool, 'cctv', 1))[0]).toMatchObject({ received: 6_000, rejected: 6_000 })
  const kept = await database.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM reject WHERE feed_id = 'cctv' AND last_at = $1`,
    [now],
  )
  expect(kept.rows[0]?.count).toBe(5_000)
})

it('accounts for every row of every run', async () => {
  const runs = await Promise.all(['cctv', 'bapanas', 'table'].map((id) => listRuns(database.pool, id, 100)))
  expect(runs.flat().length).toBeGreaterThanOrEqual(8)
  for (const run of runs.flat())
    expect(run.received).toBe(run.accepted + run.unchanged + run.duplicate + run.notReported + run.rejected)
})
