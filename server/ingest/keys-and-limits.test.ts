import { PassThrough, Readable } from 'node:stream'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAccess, type Access } from '../access/index.ts'
import { loadPack, type CityPack } from '../cities/index.ts'
import { loadCity } from '../cities/load.ts'
import { readConfig } from '../config.ts'
import type { App, Context } from '../context.ts'
import { testDatabase } from '../database/testing/index.ts'
import { handleError } from '../errors.ts'
import { Bus } from '../live/bus.ts'
import { compileValidator } from '../validation.ts'
import { defineFeed, findFeed } from './feeds-store.ts'
import { dropOldRejects, keepRejects, listRejects } from './rejects-store.ts'
import { createIngest, type Ingest } from './index.ts'
import type { Parcel } from './intake.ts'

/** What a source may send: with which key, how much, and what its faults cost others. */
const START = Date.parse('2026-11-24T03:00:00Z')
const ROWS = 2_500
const BYTES = 400_000
const DAY = 86_400_000
let time = START
let database: Awaited<ReturnType<typeof testDatabase>>
let app: App
let access: Access
let ingest: Ingest
let pack: CityPack
let key: { id: number; key: string }

beforeAll(async () => {
  database = await testDatabase()
  pack = await loadPack('malang')
  await loadCity(database.pool, pack, () => undefined)
  for (const [id, domain] of [
    ['cctv', 'cameras'],
    ['survey', 'prices'],
  ] as const)
    await defineFeed(database.pool, { id, domain, mode: 'push', kind: 'push', title: id })
  app = Fastify().withTypeProvider<TypeBoxTypeProvider>() as unknown as App
  app.setErrorHandler(handleError)
  app.setValidatorCompiler(compileValidator)
  const context: Context = {
    config: { ...readConfig({}), ingestMaxRows: ROWS, ingestMaxBytes: BYTES },
    pool: database.pool,
    clock: () => new Date(time),
    pack,
    bus: new Bus(),
    log: app.log,
  }
  access = createAccess(context)
  ingest = createIngest(context, access)
  ingest.routes(app)
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await database.drop()
})
beforeEach(async () => {
  time += 60_000
  key = await access.keys.create('cctv', 'test', 'test')
})

const row = (camera: number) => ({
  cameraId: pack.cameras[camera % pack.cameras.length]?.streamId,
  state: 'up',
})
const lines = (count: number) =>
  Array.from({ length: count }, (_, index) => `${JSON.stringify(row(index))}\n`).join('')
const send = (payload: unknown, type = 'application/json') =>
  app.inject({
    method: 'POST',
    url: '/api/ingest/camera-status',
    headers: { authorization: `Bearer ${key.key}`, 'content-type': type },
    payload: typeof payload === 'string' || payload instanceof Readable ? payload : JSON.stringify(payload),
  })
const received = async () =>
  (
    await database.pool.query<{ n: number }>(
      `SELECT coalesce(sum(received), 0)::int AS n FROM feed_run WHERE feed_id = 'cctv'`,
    )
  ).rows[0]?.n ?? 0

describe('a key', () => {
  it('is refused as soon as it is revoked, in the middle of a stream too', async () => {
    expect((await send([row(0)])).statusCode).toBe(200)
    const before = await received()
    const body = new PassThrough()
    const answer = send(body, 'application/x-ndjson')
    body.write(lines(1_000))
    await expect.poll(received).toBe(before + 1_000)
    await access.keys.revoke('cctv', key.id, 'test')
    body.end(lines(1_000))
    expect((await answer).statusCode).toBe(401)
    expect((await send([row(0)])).statusCode).toBe(401)
    expect(await received()).toBe(before + 1_000)
  })

  it('opens its feed as it is now: what changed or was switched off is noticed', async () => {
    const silentAfter = async () =>
      (
        await database.pool.query<{ hold: number }>(
          `SELECT extract(epoch FROM silent_after - at)::int AS hold FROM camera_current c JOIN camera m ON m.id = c.camera_id WHERE m.stream_id = $1`,
          [row(0).cameraId],
        )
      ).rows[0]?.hold
    await send([row(0)])
    expect(await silentAfter()).toBe(180)
    await database.pool.query(`UPDATE feed SET hold_seconds = 600 WHERE id = 'cctv'`)
    time += 6_000
    await send([row(0)])
    expect(await silentAfter()).toBe(600)
    await database.pool.query(`UPDATE feed SET enabled = false WHERE id = 'cctv'`)
    time += 6_000
    expect((await send([row(0)])).json()).toMatchObject({ error: 'forbidden' })
    await database.pool.query(`UPDATE feed SET enabled = true WHERE id = 'cctv'`)
    time += 6_000
    expect((await send([row(0)])).statusCode).toBe(200)
  })
})

describe('a limit is answered with 413 and told', () => {
  it.each([
    [
      'rows of an array',
      () => Array.from({ length: ROWS + 1 }, (_, index) => row(index)),
      'application/json',
      ROWS,
      () => 0,
    ],
    ['bytes of an array', () => `["${'x'.repeat(BYTES)}"]`, 'application/json', BYTES, () => 0],
    ['rows of a stream', () => lines(ROWS + 1), 'application/x-ndjson', ROWS, () => ROWS],
    [
      'bytes of a stream',
      () =>
        Readable.from(
          [lines(1_000), ...Array.from({ length: 400 }, () => `${'x'.repeat(1_000)}\n`)].map((text) =>
            Buffer.from(text),
          ),
        ),
      'application/x-ndjson',
      BYTES,
      () => 1_000 + Math.floor((BYTES - lines(1_000).length) / 1_001),
    ],
  ] satisfies [string, () => unknown, string, number, () => number][])(
    '%s',
    async (_name, payload, type, limit, stored) => {
      const before = await received()
      const rows = stored()
      const answer = await send(payload(), type)
      expect(answer.statusCode).toBe(413)
      expect(answer.json()).toMatchObject({ error: 'too-large', limit })
      expect(answer.json().message).toMatch(
        rows === 0 ? 'nothing of it was stored' : 'rows before were stored',
      )
      expect(await received()).toBe(before + rows)
    },
  )
})

describe('refused rows', () => {
  const refused = (payload: unknown) => ({
    row: 1,
    field: 'state',
    reason: 'shape' as const,
    expected: 'x',
    payload,
  })

  it('are kept up to a number and an age, a feed for itself', async () => {
    await defineFeed(database.pool, {
      id: 'other',
      domain: 'cameras',
      mode: 'push',
      kind: 'push',
      title: 'other',
    })
    await database.pool.query('DELETE FROM reject')
    const at = (days: number) => new Date(time - days * DAY)
    await keepRejects(database.pool, 'cctv', [refused('old')], at(91))
    await keepRejects(database.pool, 'cctv', [1, 2, 3, 4, 5].map(refused), at(2))
    await keepRejects(database.pool, 'cctv', [refused('new')], at(1))
    await keepRejects(database.pool, 'other', [refused('only')], at(3))
    expect(await dropOldRejects(database.pool, new Date(time), { days: 90, most: 4 })).toBe(3)
    const left = async (feed: string) =>
      (await listRejects(database.pool, feed, { limit: 50 })).map(({ payload }) => payload)
    expect(await left('cctv')).toEqual(['new', 5, 4, 3])
    expect(await left('other')).toEqual(['only'])
    expect(await dropOldRejects(database.pool, new Date(time), { days: 90, most: 4 })).toBe(0)
  })
})

it("stores what shares a commit with another request's fault", async () => {
  const feed = await findFeed(database.pool, 'survey')
  if (feed === undefined) throw new Error('no feed')
  const parcel = (price: number): Parcel => ({
    feed,
    quotes: [
      {
        market: 'pasar-besar',
        commodity: `commodity ${price}`,
        day: '2026-11-24',
        price,
        status: 'reported',
        feed: feed.number,
        reportedAt: null,
      },
    ],
    rejects: [],
    notReported: 0,
    received: 1,
    startedAt: new Date(time),
    push: true,
    recordsRun: true,
  })
  // The first has a commit of its own; the others wait for it and share the next. The store takes no price below 1.
  const outcomes = await Promise.allSettled([1, 2, -3, 4].map((price) => ingest.intake.store(parcel(price))))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  const kept = await database.pool.query(
    `SELECT price FROM quote WHERE commodity LIKE 'commodity%' ORDER BY price`,
  )
  expect(kept.rows).toEqual([{ price: 1 }, { price: 2 }, { price: 4 }])
})
