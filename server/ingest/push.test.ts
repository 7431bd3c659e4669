import { Readable } from 'node:stream'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadPack, type CityPack } from '../cities/index.ts'
import { loadCity } from '../cities/load.ts'
import { readConfig } from '../config.ts'
import type { App, Context } from '../context.ts'
import { testDatabase } from '../database/testing/index.ts'
import { handleError } from '../errors.ts'
import { Bus, type Facts } from '../live/bus.ts'
import { compileValidator } from '../validation.ts'
import { defineFeed, findFeed, listRuns } from './feeds-store.ts'
import { listRejects } from './rejects-store.ts'
import { createIngest, type Ingest } from './index.ts'
import { pushRoutes } from './push.ts'
import { replayRejects } from './replay.ts'

const NOW = new Date('2026-11-24T03:00:00Z')
let database: Awaited<ReturnType<typeof testDatabase>>
let app: App
let pack: CityPack
let context: Context
let deps: Ingest
const told: Facts['cameras:changed'][] = []

beforeAll(async () => {
  database = await testDatabase()
  pack = await loadPack('malang')
  app = Fastify().withTypeProvider<TypeBoxTypeProvider>() as unknown as App
  app.setErrorHandler(handleError)
  app.setValidatorCompiler(compileValidator)
  const bus = new Bus()
  bus.on('cameras:changed', (statuses) => told.push(statuses))
  context = {
    config: { ...readConfig({}), ingestMaxRows: 2_500, ingestMaxBytes: 400_000 },
    pool: database.pool,
    clock: () => NOW,
    pack,
    bus,
    log: app.log,
  }
  await loadCity(database.pool, pack, () => undefined)
  await defineFeed(database.pool, {
    id: 'cctv',
    domain: 'cameras',
    mode: 'push',
    kind: 'push',
    title: 'CCTV',
  })
  await defineFeed(database.pool, {
    id: 'survey',
    domain: 'prices',
    mode: 'push',
    kind: 'push',
    title: 'Survey',
  })
  deps = createIngest(context, { feedOfKey: async () => null })
  pushRoutes(app, context, {
    ...deps,
    feedOfKey: async (text) => (text === undefined ? null : { feedId: text.replace('Bearer ', '') }),
  })
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await database.drop()
})
beforeEach(() => told.splice(0))

const send = (url: string, payload: unknown, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url,
    headers: {
      authorization: url.includes('prices') ? 'Bearer survey' : 'Bearer cctv',
      'content-type': 'application/json',
      ...headers,
    },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  })
const camera = (index: number) => pack.cameras[index]?.streamId ?? ''
const at = (minutesAgo: number) => new Date(NOW.getTime() - minutesAgo * 60_000).toISOString()

describe('POST /api/ingest/camera-status', () => {
  it('keeps the good rows of a batch with bad ones and names each bad row and field', async () => {
    const answer = await send('/api/ingest/camera-status', [
      { cameraId: camera(0), state: 'down', at: at(3), reason: 'no signal' },
      { cameraId: camera(1), state: 'broken', at: at(3) },
      { cameraId: 'nobody', state: 'up' },
      { cameraId: camera(2), state: 'up', at: at(-10) },
      { cameraId: camera(2), state: 'up', at: '2020-01-01T00:00:00Z' },
      { cameraId: camera(2), state: 'up', at: '2026-11-24 10:00' },
      { cameraId: camera(2), state: 'up', extra: 1 },
      null,
      { at: at(3) },
    ])
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ received: 9, accepted: 1, unchanged: 0, duplicate: 0, rejected: 8 })
    expect(
      answer
        .json()
        .rejects.map((reject: { row: number; field: string; reason: string }) => [
          reject.row,
          reject.field,
          reject.reason,
        ]),
    ).toEqual([
      [2, 'state', 'unknown-status'],
      [3, 'cameraId', 'unknown-camera'],
      [4, 'at', 'future'],
      [5, 'at', 'too-old'],
      [6, 'at', 'not-a-time'],
      [7, 'extra', 'shape'],
      [8, '', 'shape'],
      [9, 'cameraId', 'missing'],
    ])
    expect(answer.json().rejects[7]).toMatchObject({ expected: 'the fields cameraId, state' })
    expect(told.flat()).toMatchObject([{ state: 'down', reason: 'no signal', feed: 'cctv' }])
    expect((await listRejects(database.pool, 'cctv', { limit: 50 })).length).toBe(8)
    expect((await listRuns(database.pool, 'cctv', 5))[0]).toMatchObject({
      received: 9,
      accepted: 1,
      rejected: 8,
    })
  })

  it('tells a reason that changed while the state stays', async () => {
    const row = { cameraId: camera(3), state: 'down', reason: 'no signal' }
    await send('/api/ingest/camera-status', [{ ...row, at: at(3) }])
    told.splice(0)
    await send('/api/ingest/camera-status', [{ ...row, at: at(2) }])
    expect(told).toEqual([])
    await send('/api/ingest/camera-status', [{ ...row, at: at(1), reason: 'no power' }])
    expect(told.flat()).toMatchObject([{ state: 'down', since: at(3), reason: 'no power' }])
  })

  it('changes nothing when the same batch comes again', async () => {
    const rows = pack.cameras
      .slice(10, 60)
      .map(({ streamId }) => ({ cameraId: streamId, state: 'up', at: at(2) }))
    expect((await send('/api/ingest/camera-status', rows)).json()).toMatchObject({
      accepted: 50,
      duplicate: 0,
    })
    told.splice(0)
    expect((await send('/api/ingest/camera-status', rows)).json()).toMatchObject({
      accepted: 0,
      unchanged: 0,
      duplicate: 50,
    })
    expect(told).toEqual([])
  })

  it('shares commits between small requests and still answers each for itself', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        send('/api/ingest/camera-status', [
          {
            cameraId: camera(100 + (index % 30)),
            state: index < 30 ? 'up' : 'down',
            at: at(index < 30 ? 2 : 1),
          },
        ]),
      ),
    )
    expect(answers.every((answer) => answer.json().accepted === 1)).toBe(true)
  })

  it('reads NDJSON as it comes, a broken line being one reject', async () => {
    const lines = [
      JSON.stringify({ cameraId: camera(70), state: 'up' }),
      '{"cameraId":',
      '',
      JSON.stringify({ cameraId: camera(71), state: 'up' }),
    ]
    const answer = await app.inject({
      method: 'POST',
      url: '/api/ingest/camera-status',
      headers: { authorization: 'Bearer cctv', 'content-type': 'application/x-ndjson' },
      payload: Readable.from([Buffer.from(lines.join('\n'))]),
    })
    expect(answer.json()).toMatchObject({ received: 3, accepted: 2, rejected: 1 })
  })

  it('refuses text that the store cannot keep row by row, not the batch', async () => {
    const rows = `[
      {"cameraId":"${camera(72)}","state":"up"},
      {"cameraId":"${camera(73)}","state":"up","reason":"a\\u0000b"},
      {"cameraId":"\\u0000","state":"up"},
      {"cameraId":"\\ud800","state":"up"},
      {"cameraId":"a\\\\u0000b","state":"up"},
      {"cameraId":"x","state":"up","\\u0000\\ud800${'f'.repeat(10_000)}":1},
      {"cameraId":"x","state":"up","extra":${'['.repeat(20_000)}${']'.repeat(20_000)}},
      {"cameraId":"${camera(74)}","state":"up","latencyMs":1e-46},
      {"cameraId":"${camera(75)}","state":"up","reason":"half a \\ud83d"},
      {"cameraId":"${camera(76)}","state":"up","at":"2026-11-31T00:00:00Z"}
    ]`
    const answer = await send('/api/ingest/camera-status', rows)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ received: 10, accepted: 3, rejected: 7 })
    expect(
      answer.json().rejects.map(({ row, reason }: { row: number; reason: string }) => `${row} ${reason}`),
    ).toEqual([
      '2 not-text',
      '3 unknown-camera',
      '4 unknown-camera',
      '5 unknown-camera',
      '6 shape',
      '7 shape',
      '10 not-a-time',
    ])
    const kept = await listRejects(database.pool, 'cctv', { limit: 7 })
    const ids = kept.map((reject) => (reject.payload as { cameraId?: string }).cameraId)
    expect(ids).toContain('a\\u0000b')
    expect(ids.filter((id) => id === '\uFFFD')).toHaveLength(2)
  })

  it('passes over the rest of a line that is too long', async () => {
    const good = (index: number) => JSON.stringify({ cameraId: camera(index), state: 'up' })
    const long = Buffer.from('x'.repeat(16_384))
    const answer = await app.inject({
      method: 'POST',
      url: '/api/ingest/camera-status',
      headers: { authorization: 'Bearer cctv', 'content-type': 'application/x-ndjson' },
      payload: Readable.from([
        Buffer.from(`${good(77)}\n`),
        ...Array.from({ length: 12 }, () => long),
        Buffer.from(`x\n${good(78)}\n`),
        ...Array.from({ length: 6 }, () => long),
      ]),
    })
    expect(answer.json()).toMatchObject({
      received: 4,
      accepted: 2,
      rejects: [
        { row: 2, reason: 'not-json' },
        { row: 4, reason: 'not-json' },
      ],
    })
  })

  it('answers 413 with the limit for too many rows and too many bytes', async () => {
    const rows = Array.from({ length: 2_501 }, () => ({ cameraId: 'x', state: 'up' }))
    expect((await send('/api/ingest/camera-status', rows)).json()).toMatchObject({
      error: 'too-large',
      limit: 2_500,
    })
    expect((await send('/api/ingest/camera-status', JSON.stringify('x'.repeat(500_000)))).statusCode).toBe(
      413,
    )
  })

  it('opens only to a key of its own domain', async () => {
    const bare = await app.inject({ method: 'POST', url: '/api/ingest/camera-status', payload: [] })
    expect(bare.statusCode).toBe(401)
    expect((await send('/api/ingest/camera-status', [], { authorization: 'Bearer survey' })).statusCode).toBe(
      403,
    )
    expect((await send('/api/ingest/camera-status', '{"a":1}')).statusCode).toBe(400)
  })
})

describe('POST /api/ingest/prices', () => {
  const quote = (price: unknown, more: object = {}) => ({
    market: 'Pasar Besar',
    commodity: 'bawang-merah',
    day: '2026-11-24',
    price,
    ...more,
  })
  it('keeps revisions, tells unchanged from duplicate, and renews the city figure', async () => {
    expect((await send('/api/ingest/prices', [quote(40_000, { day: '2026-11-23' })])).json()).toMatchObject({
      accepted: 1,
    })
    expect((await send('/api/ingest/prices', [quote(40_000)])).json()).toMatchObject({
      accepted: 0,
      unchanged: 1,
    })
    expect((await send('/api/ingest/prices', [quote(40_000)])).json()).toMatchObject({ duplicate: 1 })
    expect((await send('/api/ingest/prices', [quote(42_000), quote(43_000)])).json()).toMatchObject({
      accepted: 2,
    })
    const kept = await database.pool.query(
      `SELECT revision, price FROM quote WHERE day = '2026-11-24' ORDER BY revision`,
    )
    expect(kept.rows).toEqual(
      [40_000, 42_000, 43_000].map((price, index) => ({ revision: index + 1, price })),
    )
    const city = await database.pool.query(
      `SELECT median, markets FROM quote_day_city WHERE day = '2026-11-24' AND commodity = 'bawang-merah'`,
    )
    expect(city.rows).toEqual([{ median: 43_000, markets: 1 }])
  })

  it('refuses what cannot be, with the reason', async () => {
    const answer = await send('/api/ingest/prices', [
      quote(0),
      quote('40000'),
      quote(40_000, { day: '2026-11-25' }),
      quote(40_000, { day: '2026-02-30' }),
      quote(40_000, { market: 'Pasar Entah' }),
      quote(40_000, { commodity: 'emas' }),
      quote(null),
      quote(40_000, { at: '9999-12-31T23:59:59Z' }),
      quote(40_000, { at: '0000-01-01T00:00:00Z' }),
    ])
    expect(
      answer
        .json()
        .rejects.map((reject: { field: string; reason: string }) => `${reject.field} ${reject.reason}`),
    ).toEqual([
      'price out-of-range',
      'price shape',
      'day future',
      'day not-a-day',
      'market unknown-market',
      'commodity unknown-commodity',
      'price shape',
      'at future',
      'at too-old',
    ])
  })

  it('reads a reject again after what was wrong is mended', async () => {
    await send('/api/ingest/camera-status', [{ cameraId: 'new-camera', state: 'up', at: at(1) }])
    const [reject] = (await listRejects(database.pool, 'cctv', { limit: 100 })).filter((one) =>
      JSON.stringify(one.payload).includes('new-camera'),
    )
    const ids = [reject?.id ?? 0]
    expect(await replayRejects(context, deps, 'cctv', ids)).toMatchObject({
      replayed: 0,
      accepted: 0,
      rejected: 1,
      rejects: [{ id: ids[0], field: 'cameraId', reason: 'unknown-camera' }],
    })
    await database.pool
      .query(`WITH c AS (INSERT INTO camera (stream_id, name) VALUES ('new-camera', 'New') RETURNING id)
      INSERT INTO camera_current (camera_id, state, since, at, silent_after) SELECT id, 'unknown', now(), '-infinity', '-infinity' FROM c`)
    await deps.ids.renew()
    expect(await replayRejects(context, deps, 'cctv', ids)).toEqual({
      replayed: 1,
      accepted: 1,
      rejected: 0,
      rejects: [],
    })
    expect((await findFeed(database.pool, 'cctv'))?.domain).toBe('cameras')
  })
})
