import type { PoolClient } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '../database/testing/index.ts'
import { storeConfirmations } from './confirm.ts'
import type { Observation } from './store.ts'

/** Known of each camera: up, read at START, which speaks for two minutes. */
const START = Date.UTC(2026, 5, 1)
const SECOND = 1_000
let database: Awaited<ReturnType<typeof testDatabase>>
let client: PoolClient
let feeds: number[] = []
let cameras: number[] = []

beforeAll(async () => {
  database = await testDatabase()
  const made = await database.pool.query<{ number: number }>(
    `INSERT INTO feed (id, domain, mode, kind, title) VALUES ('one', 'cameras', 'push', 'push', 'one'),
       ('other', 'cameras', 'push', 'push', 'other') RETURNING number`,
  )
  feeds = made.rows.map(({ number }) => number)
  const ids = await database.pool.query<{ id: number }>(
    `INSERT INTO camera (stream_id, name) VALUES ('a', 'a'), ('b', 'b'), ('c', 'c') RETURNING id`,
  )
  cameras = ids.rows.map(({ id }) => id)
  await database.pool.query(
    `INSERT INTO camera_current (camera_id, state, since, at, silent_after, feed)
     SELECT id, 'up', $1::timestamptz, $1, $1::timestamptz + interval '2 minutes', $2 FROM camera`,
    [new Date(START), feeds[0]],
  )
})
afterAll(() => database.drop())
beforeEach(async () => {
  client = await database.pool.connect()
  await client.query('BEGIN')
})
afterEach(async () => {
  await client.query('ROLLBACK')
  client.release()
})

const reading = (place: number, change: Partial<Observation> = {}): Observation => ({
  cameraId: cameras[place] ?? 0,
  at: new Date(START + 60 * SECOND),
  state: 'up',
  feed: feeds[0] ?? 0,
  holdSeconds: 120,
  latencyMs: null,
  reason: null,
  ...change,
})
const confirm = (...rows: Observation[]) => storeConfirmations(client, rows, new Date(START + 90 * SECOND))

interface Kept {
  at: Date
  silentAfter: Date
  feed: number
  latency: number | null
}
async function current(place: number): Promise<Kept | undefined> {
  const { rows } = await client.query<Kept>(
    `SELECT at, silent_after AS "silentAfter", feed, latency_ms AS latency FROM camera_current WHERE camera_id = $1`,
    [cameras[place]],
  )
  return rows[0]
}
const history = async () =>
  (await client.query('SELECT * FROM camera_observation ORDER BY camera_id, at')).rows as unknown[]

describe('a reading', () => {
  const later = (seconds: number) => ({ at: new Date(START + seconds * SECOND) })
  const set = (columns: string) => () =>
    client.query(`UPDATE camera_current SET ${columns} WHERE camera_id = $1`, [cameras[0]])
  const silent = set(`state = 'unknown', since = silent_after`)
  const unsure = set(`state = 'unknown'`)
  const asked = set(`reason = 'works'`)

  it.each<[string, Partial<Observation>, (() => Promise<unknown>)?]>([
    ['that says the same again', {}],
    ['in the last moment before silence', later(120)],
    ['of an unknown state that the source itself said', { state: 'unknown' }, unsure],
    ['with the same reason', { reason: 'works' }, asked],
  ])('%s is stored', async (_name, change, before) => {
    await before?.()
    const row = reading(0, { latencyMs: 12.5, ...change })
    expect(await confirm(row)).toEqual([])
    expect(await history()).toEqual([
      {
        at: row.at,
        camera_id: row.cameraId,
        state: row.state,
        feed: row.feed,
        hold: 120,
        received_at: new Date(START + 90 * SECOND),
        latency_ms: 12.5,
        reason: row.reason,
      },
    ])
    expect(await current(0)).toEqual({
      at: row.at,
      silentAfter: new Date(row.at.getTime() + 120 * SECOND),
      feed: row.feed,
      latency: 12.5,
    })
  })

  it.each<[string, Partial<Observation>, (() => Promise<unknown>)?]>([
    ['of another state', { state: 'down' }],
    ['with another reason', { reason: 'works' }],
    ['without the reason', {}, asked],
    ['of a moment that is known', later(0)],
    ['of an earlier moment', later(-1)],
    ['after a silence', later(121)],
    ['that undoes a silence', { state: 'unknown', ...later(120) }, silent],
    ['of a camera that is judged by probing', {}, set('judged = true')],
    ['of a camera in a maintenance window', {}, set('planned = true')],
  ])('%s is left, and nothing of it stored', async (_name, change, before) => {
    await before?.()
    const known = await current(0)
    const row = reading(0, change)
    expect(await confirm(row)).toEqual([row])
    expect(await history()).toEqual([])
    expect(await current(0)).toEqual(known)
  })
})

it('stores what it can of a batch: of several feeds each with its hold, of a repeated camera nothing', async () => {
  const other = reading(1, { feed: feeds[1] ?? 0, holdSeconds: 30 })
  const twice = [reading(2), reading(2, { at: new Date(START + 70 * SECOND) })]
  expect(await confirm(reading(0), ...twice, other)).toEqual(twice)
  expect(await history()).toHaveLength(2)
  expect(await current(1)).toMatchObject({
    feed: feeds[1],
    silentAfter: new Date(other.at.getTime() + 30 * SECOND),
  })
})
