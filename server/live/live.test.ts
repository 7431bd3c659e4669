import { EventEmitter, once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { io, type Socket } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type {
  ClientEvents,
  Heartbeat,
  Room,
  RoomDelta,
  ServerEvents,
  SubscribeAnswer,
} from '#contract/live.ts'
import type { CameraStatus } from '#contract/camera.ts'
import type { Context } from '../context.ts'
import { testDatabase, type TestDatabase } from '../database/testing/index.ts'
import { Bus } from './bus.ts'
import { startLive, type Live, type LiveDeps } from './index.ts'

type Client = Socket<ServerEvents, ClientEvents>
let database: TestDatabase
let bus: Bus
let server: Server
let live: Live
let url: string
const clients: Client[] = []
const viewerNamed = async (name: string | undefined) =>
  name === undefined
    ? null
    : { kind: 'guest' as const, name, role: 'viewer' as const, accountId: null, key: name }
let looks: LiveDeps['viewerOf']

const status = (id: number, state: CameraStatus['state'], since: string): CameraStatus => ({
  id,
  state,
  since,
  at: since,
  reason: null,
  feed: null,
  demo: false,
  flapping: false,
  layer: null,
  fault: null,
})
const CAMERAS = 3
const NOON = '2026-11-24T05:00:00.000Z'

beforeAll(async () => {
  database = await testDatabase()
  await database.pool.query(
    `INSERT INTO camera (stream_id, name) SELECT 'c' || n, 'C' FROM generate_series(1, $1) n`,
    [CAMERAS],
  )
  await database.pool.query(
    `INSERT INTO camera_current (camera_id, state, since, at, silent_after) SELECT id, 'up', $1, $1, 'infinity' FROM camera`,
    [NOON],
  )
})
afterAll(() => database.drop())

beforeEach(async () => {
  bus = new Bus()
  looks = viewerNamed
  server = createServer()
  const context = {
    pool: database.pool,
    bus,
    clock: () => new Date(NOON),
    log: { warn: () => undefined },
  } as unknown as Context
  live = startLive(server, context, {
    viewerOf: (cookie) => looks(cookie),
    version: '1.2.3',
    originAllowed: (origin) => origin !== 'http://evil.example',
  })
  await live.reload()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  clients.splice(0).forEach((client) => client.close())
  await live.close()
})

function client(cookie: string | null = 'ratna', headers: Record<string, string> = {}): Client {
  const made: Client = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { ...headers, ...(cookie === null ? {} : { cookie }) },
  })
  clients.push(made)
  return made
}
const subscribe = (to: Client, rooms: Room[], protocol = 1): Promise<SubscribeAnswer> =>
  new Promise((resolve) => to.emit('rooms:subscribe', { protocol, rooms }, resolve))
const delta = (of: Client): Promise<RoomDelta> => new Promise((resolve) => of.once('room:changed', resolve))
const snapshotOf = (answer: SubscribeAnswer) => {
  if (!answer.ok) throw new Error(answer.error)
  const [snapshot] = answer.snapshots
  if (snapshot === undefined) throw new Error('no snapshot')
  return snapshot
}

it('answers with a snapshot, then tells what changed, each with the next sequence number', async () => {
  const one = client()
  const snapshot = snapshotOf(await subscribe(one, ['cameras']))
  expect(snapshot.data).toHaveLength(CAMERAS)
  const next = delta(one)
  bus.tell('cameras:changed', [status(1, 'down', '2026-11-24T05:00:01.000Z')])
  expect(await next).toMatchObject({
    room: 'cameras',
    epoch: snapshot.epoch,
    seq: snapshot.seq + 1,
    data: { changed: [{ id: 1, state: 'down' }], listed: false },
  })
  // A client that missed it asks again, and gets what the others have.
  const again = snapshotOf(await subscribe(client('budi'), ['cameras']))
  expect(again).toMatchObject({ seq: snapshot.seq + 1 })
  expect(again.data).toContainEqual(expect.objectContaining({ id: 1, state: 'down' }))
})

it('tells a room only to those who asked for it, until they leave', async () => {
  const [prices, cameras] = [client('a'), client('b')]
  const got: string[] = []
  prices.on('room:changed', ({ room }) => got.push(room))
  await subscribe(prices, ['prices'])
  await subscribe(cameras, ['cameras', 'feeds'])
  const arrived = delta(cameras)
  bus.tell('cameras:changed', [status(2, 'down', '2026-11-24T05:00:02.000Z')])
  await arrived
  await new Promise<void>((resolve) =>
    cameras.emit('rooms:unsubscribe', { rooms: ['cameras'] }, () => resolve()),
  )
  cameras.on('room:changed', ({ room }) => got.push(`left ${room}`))
  bus.tell('cameras:changed', [status(2, 'up', '2026-11-24T05:00:03.000Z')])
  // What was sent to them before this answer has arrived by then.
  await Promise.all([subscribe(prices, ['prices']), subscribe(cameras, ['feeds'])])
  expect(got).toEqual([])
})

it.each([
  ['nothing', undefined],
  ['no list', { protocol: 1, rooms: 'cameras' }],
  ['an unknown room', { protocol: 1, rooms: ['cameras', 'secrets'] }],
  ['too many', { protocol: 1, rooms: ['cameras', 'prices', 'alerts', 'feeds', 'cameras'] }],
])('refuses a request of %s', async (_name, request) => {
  const one = client()
  const answer = await new Promise((resolve) =>
    (one as unknown as { emit: (name: string, ...words: unknown[]) => void }).emit(
      'rooms:subscribe',
      request,
      resolve,
    ),
  )
  expect(answer).toEqual({ ok: false, error: 'bad-input' })
})

it('refuses a page of another protocol', async () => {
  expect(await subscribe(client(), ['cameras'], 99)).toEqual({ ok: false, error: 'protocol' })
})

it('lets nobody in without a session, and no page of another site', async () => {
  const failure = (of: Client) =>
    new Promise<string>((resolve) => of.once('connect_error', (error) => resolve(error.message)))
  expect(await failure(client(null))).toBe('not-signed-in')
  expect(await failure(client('ratna', { origin: 'http://evil.example' }))).toMatch(/websocket/)
})

it('sends those away whose session ended, and only those', async () => {
  const [ratna, budi] = [client('ratna'), client('budi')]
  await Promise.all([subscribe(ratna, ['feeds']), subscribe(budi, ['feeds'])])
  const told = new Promise<void>((resolve) => ratna.once('session:ended', () => resolve()))
  const gone = new Promise<string>((resolve) => ratna.once('disconnect', resolve))
  bus.tell('session:ended', { viewer: 'ratna' })
  await told
  expect(await gone).toBe('io server disconnect')
  expect(snapshotOf(await subscribe(budi, ['cameras'])).room).toBe('cameras')
})

it('beats with the time, the version and the last sequence of every room', async () => {
  const one = client()
  const beat = await new Promise<Heartbeat>((resolve) => one.once('heartbeat:beaten', resolve))
  expect(beat).toMatchObject({ now: Date.parse(NOON), version: '1.2.3', database: true })
  expect(Object.keys(beat.seq).sort()).toEqual(['alerts', 'cameras', 'feeds', 'prices'])
})

it('publishes what the database says differently after it was away', async () => {
  const one = client()
  await subscribe(one, ['cameras'])
  await database.pool.query(
    `UPDATE camera_current SET state = 'down', since = '2026-11-24T05:10:00Z' WHERE camera_id = 3`,
  )
  const next = delta(one)
  bus.tell('database:returned', null)
  expect((await next).data).toMatchObject({ changed: [{ id: 3, state: 'down' }] })
})

it('publishes what was committed while every answer was lost, once the database is back', async () => {
  const one = client()
  await subscribe(one, ['cameras'])
  // What a restart does to the product: every session of its pool ends, the idle ones too.
  const other = new pg.Client({ connectionString: database.url })
  await other.connect()
  await other.query(
    `UPDATE camera_current SET state = 'degraded', since = '2026-11-24T05:20:00Z' WHERE camera_id = 3`,
  )
  const next = delta(one)
  await other.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  )
  await other.end()
  expect((await next).data).toMatchObject({ changed: [{ id: 3, state: 'degraded' }] })
})

it('tells that the list of cameras changed', async () => {
  const one = client()
  await subscribe(one, ['cameras'])
  const next = delta(one)
  bus.tell('cameras:listed', null)
  expect((await next).data).toEqual({ changed: [], listed: true })
})

it('lets nobody stay whose session ended while it was asked who they are', async () => {
  const gate = new EventEmitter()
  const asked = once(gate, 'asked')
  let ended = false
  looks = async (cookie) => {
    if (ended) return null
    const answered = once(gate, 'answer')
    gate.emit('asked')
    await answered
    return viewerNamed(cookie)
  }
  const failed = new Promise<string>((resolve) =>
    client('ratna').once('connect_error', ({ message }) => resolve(message)),
  )
  await asked
  ended = true
  bus.tell('session:ended', { viewer: 'ratna' })
  gate.emit('answer')
  expect(await failed).toBe('not-signed-in')
})

it('answers no end of requests from one client', async () => {
  const one = client()
  const answers: SubscribeAnswer[] = []
  for (let turn = 0; turn < 31; turn += 1) answers.push(await subscribe(one, ['alerts']))
  expect(answers.map(({ ok }) => ok).lastIndexOf(true)).toBe(29)
  expect(answers[30]).toEqual({ ok: false, error: 'too-many' })
})
