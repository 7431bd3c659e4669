import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { CameraStatus } from '#contract/camera.ts'
import { withTransaction } from '../../database/pool.ts'
import { testDatabase, type TestDatabase } from '../../database/testing/index.ts'
import { defineFeed, findFeed } from '../../ingest/feeds-store.ts'
import { Bus } from '../../live/bus.ts'
import { markJudged } from '../settings/judged.ts'
import { storeObservations } from '../store.ts'
import { Prober, type ProberOptions } from './prober.ts'
import type { Finding, Probed } from './types.ts'

/** What each address answers now; nothing: all is well. */
const answers = new Map<string, Finding>()
const REFUSED: Finding = { layer: 'network', fault: 'refused', detail: '' }
const clock = () => new Date()

let database: TestDatabase
let feed = 0
let probers: Prober[] = []
let bus = new Bus()

beforeAll(async () => {
  database = await testDatabase()
  for (const id of ['probe', 'portal'])
    await defineFeed(database.pool, { id, domain: 'cameras', mode: 'pull', kind: 'test', title: id })
  feed = (await findFeed(database.pool, 'probe'))?.number ?? 0
})
afterAll(() => database.drop())
beforeEach(() => {
  bus = new Bus()
  answers.clear()
})
afterEach(async () => {
  await Promise.all(probers.splice(0).map((prober) => prober.close()))
  await database.pool.query('TRUNCATE camera, node, incident, prober, setting, maintenance CASCADE')
  await database.pool.query('TRUNCATE camera_transition, camera_check, camera_check_hour, camera_observation')
})

async function startProber(more: Partial<ProberOptions> = {}): Promise<Prober> {
  const prober = new Prober({
    pool: database.pool,
    bus,
    log: pino({ level: 'silent' }),
    clock,
    feed,
    canaries: [],
    rhythms: { beat: 50, plan: 60_000, surroundings: 50 },
    probedOf: ({ targets, settings }) => ({ targets, settings, credentials: null }),
    check: ({ targets }: Probed) =>
      Promise.resolve({
        result: { failed: answers.get(targets.tcp ?? '') ?? null, degraded: null, latencyMs: 3, tookMs: 3 },
        memory: {},
      }),
    planned: () => Promise.resolve(new Map()),
    ...more,
  })
  probers.push(prober)
  await prober.start()
  return prober
}

async function addCamera(name: string, more: { site?: string; parent?: number } = {}): Promise<number> {
  return withTransaction(database.pool, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO camera (stream_id, name, site, parent_id, targets, settings)
       VALUES ($1, $1, $2, $3, $4, '{"intervalSeconds": 0.2, "failures": 3, "recoveries": 2, "flapHigh": 1}') RETURNING id`,
      [name, more.site ?? name, more.parent ?? null, { tcp: `${name}.test:554` }],
    )
    const id = rows[0]?.id ?? 0
    await markJudged(client, [id])
    return id
  })
}
const addNode = async (code: string, parent: number | null = null, probed = true): Promise<number> => {
  const { rows } = await database.pool.query<{ id: number }>(
    `INSERT INTO node (code, name, kind, parent_id, targets) VALUES ($1, $1, 'switch', $2, $3) RETURNING id`,
    [code, parent, probed ? { tcp: `${code}.test:80` } : {}],
  )
  return rows[0]?.id ?? 0
}
const fail = (...names: string[]) =>
  names.forEach((name) => answers.set(`${name}.test:${name.startsWith('switch') ? 80 : 554}`, REFUSED))
const mend = (...names: string[]) =>
  names.forEach((name) => answers.delete(`${name}.test:${name.startsWith('switch') ? 80 : 554}`))

/** Resolves when every one of them has been told to be in the state. */
function told(ids: readonly number[], state: CameraStatus['state'], on = bus): Promise<CameraStatus[]> {
  const seen = new Map<number, CameraStatus>()
  return new Promise((resolve) => {
    const stop = on.on('cameras:changed', (statuses) => {
      for (const status of statuses) if (ids.includes(status.id)) seen.set(status.id, status)
      if (ids.every((id) => seen.get(id)?.state === state)) {
        stop()
        resolve([...seen.values()])
      }
    })
  })
}
const outages = async () =>
  (
    await database.pool.query<{
      camera_id: number
      started_at: Date
      ended_at: Date | null
      planned: boolean
      layer: string
      fault: string
    }>(`SELECT * FROM outage ORDER BY camera_id, started_at`)
  ).rows

it('opens an outage at the first failed check and closes it at the first good one', async () => {
  const id = await addCamera('kayutangan')
  const works = told([id], 'up')
  await startProber()
  await works
  const dead = told([id], 'down')
  fail('kayutangan')
  const [status] = await dead
  expect(status).toMatchObject({ layer: 'network', fault: 'refused', flapping: false })
  const back = told([id], 'up')
  mend('kayutangan')
  await back
  const checks = await database.pool.query<{ at: Date; ok: boolean }>(
    'SELECT at, ok FROM camera_check ORDER BY at',
  )
  const firstBad = checks.rows.findIndex(({ ok }) => !ok)
  const firstGood = checks.rows.findIndex(({ ok }, index) => ok && index > firstBad)
  expect(firstGood - firstBad).toBeGreaterThanOrEqual(3)
  expect(await outages()).toMatchObject([
    {
      camera_id: id,
      started_at: checks.rows[firstBad]?.at,
      ended_at: checks.rows[firstGood]?.at,
      planned: false,
      layer: 'network',
      fault: 'refused',
    },
  ])
  const hours = await database.pool.query<{ checks: number; failures: number }>(
    'SELECT sum(checks)::int AS checks, sum(failures)::int AS failures FROM camera_check_hour',
  )
  expect(hours.rows[0]).toEqual({
    checks: checks.rows.length,
    failures: checks.rows.filter(({ ok }) => !ok).length,
  })
})

it('tells one failed switch from five cameras, and each comes back right', async () => {
  const node = await addNode('switch-1')
  const names = ['a', 'b', 'c', 'd', 'e']
  const ids: number[] = []
  for (const name of names) ids.push(await addCamera(name, { parent: node }))
  await database.pool.query(
    `INSERT INTO setting (scope, value, updated_by) VALUES ('all', '{"intervalSeconds": 0.2}', 'test')`,
  )
  const works = told(ids, 'up')
  await startProber()
  await works
  const lost = told(ids, 'unreachable')
  fail('switch-1', ...names)
  await lost
  const { rows } = await database.pool.query('SELECT kind, subject, cameras, ended_at FROM incident')
  expect(rows).toEqual([{ kind: 'node', subject: 'switch-1', cameras: ids, ended_at: null }])
  expect(await outages()).toEqual([])

  const back = told(ids.slice(1), 'up')
  mend('switch-1', ...names.slice(1))
  await back
  const ended = await database.pool.query('SELECT ended_at FROM incident')
  expect(ended.rows).toHaveLength(1)
  const held = await database.pool.query<{ state: string }>(
    'SELECT DISTINCT state FROM camera_transition WHERE camera_id = ANY($1::int[]) ORDER BY state',
    [ids.slice(1)],
  )
  expect(held.rows.map(({ state }) => state)).toEqual(['up', 'unreachable'])
})

it('keeps what fails in a maintenance window as planned', async () => {
  const id = await addCamera('dinoyo')
  let window = new Map<number, number>()
  const works = told([id], 'up')
  await startProber({ planned: () => Promise.resolve(window) })
  await works
  const begun = Date.now()
  const planned = told([id], 'maintenance')
  window = new Map([[id, begun]])
  await planned
  fail('dinoyo')
  await expect.poll(async () => (await outages()).length, { timeout: 10_000 }).toBe(1)
  expect(await outages()).toMatchObject([{ camera_id: id, planned: true, ended_at: null }])
  const failing = told([id], 'down')
  window = new Map()
  await failing
  expect((await outages()).map(({ planned, ended_at }) => [planned, ended_at !== null])).toEqual([
    [true, true],
    [false, false],
  ])
})

it('knows nothing while its own uplink is lost, and nobody is down for it', async () => {
  const canary: Server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await once(canary, 'listening')
  const { port } = canary.address() as { port: number }
  const id = await addCamera('sukun')
  const works = told([id], 'up')
  // A name that does not exist stands for a network that is gone: being refused would be an answer.
  const canaries = [`127.0.0.1:${port}`]
  const prober = await startProber({ canaries })
  await works
  canaries[0] = 'canary.invalid:7'
  const cut = told([id], 'unknown')
  fail('sukun')
  await cut
  expect(await outages()).toEqual([])
  const probing = await database.pool.query<{ uplink: boolean }>('SELECT uplink FROM prober WHERE id = $1', [
    prober.id,
  ])
  expect(probing.rows).toHaveLength(1)
  const back = told([id], 'up')
  canaries[0] = `127.0.0.1:${port}`
  mend('sukun')
  await back
  expect(await outages()).toEqual([])
  canary.close()
}, 40_000)

it('shares the cameras out, and takes over what one that is gone checked', async () => {
  const ids: number[] = []
  for (let index = 0; index < 12; index += 1) ids.push(await addCamera(`camera-${index}`))
  const works = told(ids, 'up')
  const [one, two] = [await startProber(), await startProber()]
  await works
  await expect.poll(() => one.figures().subjects + two.figures().subjects, { timeout: 10_000 }).toBe(12)
  expect(one.figures().subjects).toBeGreaterThan(0)
  expect(two.figures().subjects).toBeGreaterThan(0)
  await two.close()
  probers = probers.filter((prober) => prober !== two)
  await expect.poll(() => one.figures().subjects, { timeout: 10_000 }).toBe(12)
  const dead = told(ids, 'down')
  fail(...ids.map((_id, index) => `camera-${index}`))
  await dead
}, 30_000)

it('goes on where an earlier start stopped', async () => {
  const id = await addCamera('klojen')
  const dead = told([id], 'down')
  fail('klojen')
  const first = await startProber()
  await dead
  await first.close()
  probers = []
  const before = await outages()
  await startProber()
  const back = told([id], 'up')
  mend('klojen')
  await back
  expect(await outages()).toEqual([{ ...before[0], ended_at: expect.any(Date) as Date }])
})

it('takes what a source says of a probed camera for a claim', async () => {
  const id = await addCamera('blimbing')
  const works = told([id], 'up')
  await startProber()
  await works
  const portal = (await findFeed(database.pool, 'portal'))?.number ?? 0
  const at = clock()
  const row = {
    cameraId: id,
    at,
    state: 'down',
    feed: portal,
    holdSeconds: 60,
    latencyMs: null,
    reason: 'mati',
  } as const
  const stored = await withTransaction(database.pool, (client) => storeObservations(client, [row], at))
  expect(stored).toEqual({ outcomes: ['accepted'], changed: [] })
  const again = await withTransaction(database.pool, (client) => storeObservations(client, [row], at))
  expect(again.outcomes).toEqual(['duplicate'])
  const { rows } = await database.pool.query('SELECT state, reason FROM camera_claim WHERE camera_id = $1', [
    id,
  ])
  expect(rows).toEqual([{ state: 'down', reason: 'mati' }])
  const current = await database.pool.query('SELECT state FROM camera_current WHERE camera_id = $1', [id])
  expect(current.rows).toEqual([{ state: 'up' }])
})
