import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cameraFeeds, cameraListPresets } from '../cameras/feeds/index.ts'
import { loadPack, type CityPack } from '../cities/index.ts'
import { loadCity } from '../cities/load.ts'
import { readConfig } from '../config.ts'
import type { App, Context } from '../context.ts'
import { testDatabase } from '../database/testing/index.ts'
import { handleError } from '../errors.ts'
import { Bus } from '../live/bus.ts'
import { priceFeeds } from '../prices/feeds/index.ts'
import { defineFeed, listRuns } from './feeds-store.ts'
import { keepRejects, listRejects } from './rejects-store.ts'
import { createIngest, type Ingest } from './index.ts'
import type { ConfiguredPull, Pulls } from './pull/index.ts'
import { startFeeds } from './pulls.ts'
import { replayRejects } from './replay.ts'
import { compileValidator } from '../validation.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let portal: Server
let context: Context
let pack: CityPack
let url: string
let answer: string
let pulls: Pulls | undefined
let now: Date

beforeAll(async () => {
  database = await testDatabase()
  pack = await loadPack('malang')
  await loadCity(database.pool, pack, () => undefined)
  portal = createServer((_request, response) => response.end(answer)).listen(0, '127.0.0.1')
  await once(portal, 'listening')
  const address = portal.address()
  url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
})
beforeEach(() => {
  now = new Date('2026-11-24T03:00:00Z')
  context = {
    config: readConfig({}),
    pool: database.pool,
    clock: () => now,
    pack,
    bus: new Bus(),
    log: pino({ level: 'silent' }),
  }
})
afterAll(async () => {
  await pulls?.stop()
  portal.close()
  await database.drop()
})

/** The product started anew with this feed: its options are those of the feeds file now. */
async function configured(
  id: string,
  kind: string,
  options: object,
  names: Partial<CityPack> = {},
): Promise<Ingest> {
  await pulls?.stop()
  const feed = { ...cameraFeeds, ...priceFeeds }[kind]
  if (feed === undefined) throw new Error(`no feed kind ${kind}`)
  context = { ...context, pack: { ...pack, ...names } }
  const ingest = createIngest(context, { feedOfKey: async () => null })
  const pull: ConfiguredPull = {
    id,
    title: id,
    source: url,
    demo: false,
    feed,
    options: { url, ...options },
    schedule: '0 0 1 1 *',
    jitterMs: 0,
    timeoutMs: 5_000,
    maxBytes: 1_000_000,
    runAtStart: false,
    holdSeconds: 60,
  }
  pulls = await startFeeds(context, ingest, [pull])
  return ingest
}
const lastRun = async (id: string) => (await listRuns(database.pool, id, 1))[0]
const open = async (id: string) =>
  (await listRejects(database.pool, id, { limit: 50 })).filter(({ replayedAt }) => replayedAt === null)
const observed = async (streamId: string) =>
  (
    await database.pool.query<{ at: Date; state: string }>(
      `SELECT o.at, o.state FROM camera_observation o JOIN camera c ON c.id = o.camera_id WHERE c.stream_id = $1 ORDER BY o.at`,
      [streamId],
    )
  ).rows
const quotes = async (feed: string) =>
  (
    await database.pool.query<{ market: string; commodity: string; day: string; price: number }>(
      `SELECT market, commodity, day::text AS day, price FROM quote WHERE feed = (SELECT number FROM feed WHERE id = $1) ORDER BY commodity, day`,
      [feed],
    )
  ).rows

describe('a status that the mapping did not know', () => {
  const camera = { id: 'r1', name: 'Jl. Baru', lat: -7.97, lng: 112.63, status: 'rusak' }
  const mapping = {
    ...cameraListPresets.bengkulu,
    format: 'json',
    status: [{ path: 'status', words: { online: 'up' } }],
  }
  const mended = { ...mapping, status: [{ path: 'status', words: { online: 'up', rusak: 'down' } }] }

  it('is read by the mended one, at the moment when it was refused, once', async () => {
    answer = JSON.stringify([camera, { ...camera, id: 'r2', status: 'entah' }])
    await configured('list', 'camera-list', mapping)
    await pulls?.run('list')
    now = new Date('2026-11-24T03:00:30Z')
    await pulls?.run('list')
    expect(await lastRun('list')).toMatchObject({ outcome: 'ok', received: 2, rejected: 2, accepted: 0 })
    expect(await open('list')).toMatchObject([
      { row: 2, seen: 2, reason: 'unknown-status', payload: { part: {}, source: [{ id: 'r2' }] } },
      { row: 1, seen: 2, reason: 'unknown-status', payload: { part: {}, source: [{ id: 'r1' }] } },
    ])

    now = new Date('2026-11-24T04:00:00Z')
    const ingest = await configured('list', 'camera-list', mended)
    const [still] = await open('list')
    expect(await replayRejects(context, ingest, 'list', undefined)).toEqual({
      replayed: 1,
      accepted: 1,
      rejected: 1,
      rejects: [
        { id: still?.id, field: 'status', reason: 'unknown-status', expected: 'one of online, rusak' },
      ],
    })
    expect(await observed('r1')).toEqual([{ at: new Date('2026-11-24T03:00:30Z'), state: 'down' }])
    expect(await open('list')).toMatchObject([{ row: 2 }])
    expect(await replayRejects(context, ingest, 'list', undefined)).toMatchObject({
      replayed: 0,
      rejected: 1,
    })
    expect(await observed('r1')).toHaveLength(1)
  })
  it('is open again when it comes again', async () => {
    await configured('list', 'camera-list', mapping)
    await pulls?.run('list')
    expect((await open('list')).map(({ row, seen }) => [row, seen])).toEqual([
      [2, 3],
      [1, 3],
    ])
  })
  it('renews no camera that is known, and places one that is not', async () => {
    answer = JSON.stringify([{ ...camera, id: 'r3', name: 'Lama' }])
    await configured('places', 'camera-list', { ...mended, latitude: 'lng', longitude: 'lat' })
    answer = JSON.stringify([{ ...camera, id: 'r3', name: 'Lama', lng: 112.63 }])
    await pulls?.run('places')
    expect(await open('places')).toMatchObject([{ field: 'lng', reason: 'out-of-range' }])
    const ingest = await configured('places', 'camera-list', mended)
    expect(await replayRejects(context, ingest, 'places', undefined)).toMatchObject({ replayed: 1 })
    const places = await database.pool.query(`SELECT latitude, district FROM camera WHERE stream_id = 'r3'`)
    expect(places.rows).toEqual([{ latitude: -7.97, district: expect.any(String) }])
  })
  it('brings in a whole list that a wrong word kept out, new cameras and all', async () => {
    const list = Array.from({ length: 500 }, (_, index) => ({ ...camera, id: `w${index}`, status: 'hidup' }))
    answer = JSON.stringify(list)
    await configured('whole', 'camera-list', mapping)
    await pulls?.run('whole')
    expect(await lastRun('whole')).toMatchObject({ received: 500, rejected: 500 })
    const words = { hidup: 'up' }
    const ingest = await configured('whole', 'camera-list', {
      ...mapping,
      status: [{ path: 'status', words }],
    })
    expect(await replayRejects(context, ingest, 'whole', undefined)).toEqual({
      replayed: 500,
      accepted: 500,
      rejected: 0,
      rejects: [],
    })
    expect(await observed('w499')).toEqual([{ at: now, state: 'up' }])
  })
  it('stays when it is too old by now', async () => {
    answer = JSON.stringify([{ ...camera, id: 'r4', status: 'mati' }])
    await configured('old', 'camera-list', mapping)
    await pulls?.run('old')
    now = new Date('2026-12-24T03:00:00Z')
    const words = { mati: 'down' }
    const ingest = await configured('old', 'camera-list', { ...mapping, status: [{ path: 'status', words }] })
    expect(await replayRejects(context, ingest, 'old', undefined)).toMatchObject({
      replayed: 0,
      rejects: [{ field: 'at', reason: 'too-old' }],
    })
  })
})

describe('prices', () => {
  const recorded = (name: string) =>
    readFileSync(new URL(`../prices/feeds/recorded/${name}`, import.meta.url), 'utf8')
  const place = { province: '35', city: '3573', market: 'kota-malang', timezone: 'Asia/Jakarta' }
  const table = (market: string) => ({
    city: 'malangkota',
    markets: [{ id: '22', market }],
    days: 1,
    timezone: 'Asia/Jakarta',
  })
  /** What each portal sends, and what is refused of it with a market that the pack does not know. */
  it.each([
    ['siskaperbapo-table', table('pasar-entah'), table('pasar-besar'), 'siskaperbapo-table.shape.html', 4],
    [
      'siskaperbapo-map',
      { ...table('x'), markets: undefined, market: 'entah', commodities: ['2'] },
      { ...table('x'), markets: undefined, market: 'kota-malang', commodities: ['2'] },
      'siskaperbapo-map.shape.json',
      1,
    ],
    [
      'pihps',
      { province: '16', priceType: 1, days: 7, market: 'entah', timezone: 'Asia/Jakarta' },
      { province: '16', priceType: 1, days: 7, market: 'jawa-timur', timezone: 'Asia/Jakarta' },
      'pihps.shape.json',
      3,
    ],
    [
      'sp2kp-daily',
      { ...place, days: 7, market: 'entah' },
      { ...place, days: 7 },
      'sp2kp-daily.shape.json',
      3,
    ],
    [
      'sp2kp-comparison',
      { ...place, days: 7, market: 'entah' },
      { ...place, days: 7 },
      'sp2kp-comparison-2026-07-13.json',
      10,
    ],
    ['bapanas', { ...place, level: 3, market: 'entah' }, { ...place, level: 3 }, 'bapanas.shape.json', 2],
  ])(
    '%s: a misspelled market is mended, and every row comes in',
    async (kind, wrong, right, file, atLeast) => {
      answer = recorded(file).replace('12-9-2025', '23-11-2026')
      await configured(kind, kind, wrong)
      await pulls?.run(kind)
      const before = await lastRun(kind)
      expect(before?.received).toBe((before?.rejected ?? 0) + (before?.notReported ?? 0))
      const refused = (await open(kind)).filter(({ reason }) => reason === 'unknown-market')
      expect(refused.length).toBeGreaterThanOrEqual(atLeast)
      const ingest = await configured(kind, kind, right)
      const ids = refused.map(({ id }) => id)
      const replayed = await replayRejects(context, ingest, kind, ids)
      // Names that nobody gave an alias for stay; all others are in.
      const unknown = replayed.rejects.filter(({ reason }) => reason === 'unknown-commodity').length
      expect(replayed).toMatchObject({ replayed: ids.length - unknown, rejected: unknown })
      expect(replayed.replayed).toBeGreaterThan(0)
      expect(await quotes(kind)).toHaveLength(replayed.accepted)
      expect(await replayRejects(context, ingest, kind, ids)).toMatchObject({ replayed: 0, accepted: 0 })
    },
  )

  it('a commodity that got an alias since, on the day and market it was asked for', async () => {
    answer = recorded('siskaperbapo-table.shape.html').replace('Gula Kristal Putih', 'Gula Rafinasi Baru')
    await configured('alias', 'siskaperbapo-table', table('pasar-besar'))
    await pulls?.run('alias')
    const [unread, unknown] = await open('alias')
    expect([unread?.reason, unknown?.reason].sort()).toEqual(['not-a-number', 'unknown-commodity'])
    // a day later the day that is asked for is another one
    now = new Date('2026-11-25T03:00:00Z')
    const alias = {
      feedKind: 'siskaperbapo',
      sourceName: 'Gula Rafinasi Baru',
      commodityCode: 'gula-kristal-putih',
    }
    const ingest = await configured('alias', 'siskaperbapo-table', table('pasar-besar'), {
      aliases: [...pack.aliases, alias as CityPack['aliases'][number]],
    })
    expect(await replayRejects(context, ingest, 'alias', undefined)).toMatchObject({
      replayed: 1,
      accepted: 1,
      rejects: [{ field: 'HARGA SEKARANG', reason: 'not-a-number' }],
    })
    expect((await quotes('alias')).filter(({ commodity }) => commodity === 'gula-kristal-putih')).toEqual([
      { market: 'pasar-besar', commodity: 'gula-kristal-putih', day: '2026-11-24', price: 16_500 },
    ])
  })
  it('what was kept by its beginning only is refused in so many words', async () => {
    answer = JSON.stringify({ pesan: 'x'.repeat(5_000) })
    const ingest = await configured('cut', 'bapanas', { ...place, level: 3 })
    await pulls?.run('cut')
    expect(await lastRun('cut')).toMatchObject({
      outcome: 'failed',
      received: 1,
      rejected: 1,
      error: expect.stringContaining('but not with data[] with an entry per commodity'),
    })
    expect(await open('cut')).toMatchObject([{ payload: { cut: true } }])
    expect(await replayRejects(context, ingest, 'cut', undefined)).toMatchObject({
      replayed: 0,
      rejects: [{ reason: 'cut', expected: expect.stringContaining('only its beginning was kept') }],
    })
    expect(await open('cut')).toHaveLength(1)
  })
})

it('is asked for over the API, which says what still does not fit', async () => {
  answer = JSON.stringify({
    data: [
      { name: 'Beras Premium', today: 14_950 },
      { name: 'Beras', today: 'x' },
    ],
  })
  const place = { province: '15', city: '264', level: 3, timezone: 'Asia/Jakarta' }
  await configured('api', 'bapanas', { ...place, market: 'entah' })
  await pulls?.run('api')
  const ingest = await configured('api', 'bapanas', { ...place, market: 'kota-malang' })
  const app = Fastify().withTypeProvider<TypeBoxTypeProvider>() as unknown as App
  app.setErrorHandler(handleError)
  app.setValidatorCompiler(compileValidator)
  app.decorateRequest('viewer', null)
  ingest.routes(app)
  const replay = (id: string) =>
    app.inject({ method: 'POST', url: `/api/feeds/${id}/rejects/replay`, payload: {} })
  expect((await replay('api')).json()).toEqual({
    replayed: 1,
    accepted: 1,
    rejected: 1,
    rejects: [
      { id: expect.any(Number), field: 'today', reason: 'not-a-number', expected: 'a price in rupiah' },
    ],
  })
  expect((await replay('list')).statusCode).toBe(409)
  expect((await replay('nobody')).statusCode).toBe(404)
  await app.close()
})

describe('what can not be read again says so', () => {
  it('a feed that is not configured any more', async () => {
    const ingest = await configured('other', 'bapanas', {})
    await expect(replayRejects(context, ingest, 'list', undefined)).rejects.toMatchObject({
      kind: 'conflict',
    })
    await expect(replayRejects(context, ingest, 'nobody', undefined)).rejects.toMatchObject({
      kind: 'not-found',
    })
  })
  it('a row without the part that it came from', async () => {
    const ingest = await configured('early', 'malang-records', {})
    const reject = {
      row: 1,
      field: 'status',
      reason: 'unknown-status' as const,
      expected: '',
      payload: { status: '1' },
    }
    await keepRejects(database.pool, 'early', [reject], now)
    expect(await replayRejects(context, ingest, 'early', undefined)).toMatchObject({
      replayed: 0,
      rejects: [{ reason: 'not-kept' }],
    })
  })
  it('a pushed status without a time speaks of when it was refused', async () => {
    await defineFeed(database.pool, {
      id: 'pushed',
      domain: 'cameras',
      mode: 'push',
      kind: 'push',
      title: 'p',
    })
    const reject = {
      row: 1,
      field: 'cameraId',
      reason: 'unknown-camera' as const,
      expected: '',
      payload: { cameraId: 'r1', state: 'degraded' },
    }
    await keepRejects(database.pool, 'pushed', [reject], new Date('2026-11-24T02:00:00Z'))
    const ingest = createIngest(context, { feedOfKey: async () => null })
    expect(await replayRejects(context, ingest, 'pushed', undefined)).toMatchObject({
      replayed: 1,
      accepted: 1,
    })
    expect(await observed('r1')).toContainEqual({ at: new Date('2026-11-24T02:00:00Z'), state: 'degraded' })
  })
})
