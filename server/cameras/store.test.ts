import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database/testing/index.ts'
import { withTransaction } from '../database/pool.ts'
import { markSilent, readStatuses } from './statuses.ts'
import { storeObservations, type Observation } from './store.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 5, 1)
const END = START + 6 * HOUR
let database: Awaited<ReturnType<typeof testDatabase>>
let feed = 0
let trusted = 0
let cameras = 0

beforeAll(async () => {
  database = await testDatabase()
  const result = await database.pool.query<{ number: number }>(
    `INSERT INTO feed (id, domain, mode, kind, title, priority) VALUES ('test', 'cameras', 'push', 'push', 'test', 50),
       ('trusted', 'cameras', 'push', 'push', 'trusted', 60) RETURNING number`,
  )
  feed = result.rows[0]?.number ?? 0
  trusted = result.rows[1]?.number ?? 0
})
afterAll(() => database.drop())

async function newCamera(): Promise<number> {
  cameras += 1
  const result = await database.pool.query<{ id: number }>(
    `INSERT INTO camera (stream_id, name) VALUES ($1, $1) RETURNING id`,
    [`camera ${cameras}`],
  )
  const id = result.rows[0]?.id ?? 0
  await database.pool.query(
    `INSERT INTO camera_current (camera_id, state, since, at, silent_after) VALUES ($1, 'unknown', $2, '-infinity', '-infinity')`,
    [id, new Date(START)],
  )
  return id
}
const observe = (
  cameraId: number,
  at: number,
  state: Observation['state'],
  holdSeconds = 120,
): Observation => ({
  cameraId,
  at: new Date(at),
  state,
  feed,
  holdSeconds,
  latencyMs: null,
  reason: null,
})
const store = (rows: Observation[], now = END) =>
  withTransaction(database.pool, (client) => storeObservations(client, rows, new Date(now)))

interface Kept {
  transitions: { at: number; state: string }[]
  outages: { from: number; to: number | null }[]
}
async function kept(cameraId: number): Promise<Kept> {
  const transitions = await database.pool.query<{ at: Date; state: string }>(
    `SELECT at, state FROM camera_transition WHERE camera_id = $1 ORDER BY at`,
    [cameraId],
  )
  const outages = await database.pool.query<{ started_at: Date; ended_at: Date | null }>(
    `SELECT * FROM outage WHERE camera_id = $1 ORDER BY started_at`,
    [cameraId],
  )
  return {
    transitions: transitions.rows.map(({ at, state }) => ({ at: at.getTime(), state })),
    outages: outages.rows.map((row) => ({
      from: row.started_at.getTime(),
      to: row.ended_at?.getTime() ?? null,
    })),
  }
}

describe('storing observations', () => {
  it('tells what each row did and publishes only changes', async () => {
    const id = await newCamera()
    const first = await store([
      observe(id, START, 'up'),
      observe(id, START + 60_000, 'up'),
      observe(id, START + 60_000, 'down'),
    ])
    expect(first.outcomes).toEqual(['accepted', 'unchanged', 'duplicate'])
    expect(first.changed).toMatchObject([{ id, state: 'up', since: new Date(START).toISOString() }])
    const again = await store([observe(id, START, 'up'), observe(id, START + 60_000, 'up')])
    expect(again).toEqual({ outcomes: ['duplicate', 'duplicate'], changed: [] })
  })

  it('opens and closes outages, silence included', async () => {
    const id = await newCamera()
    await store([
      observe(id, START, 'down'),
      observe(id, START + 60_000, 'up'),
      observe(id, START + 90_000, 'down'),
    ])
    const silent = await markSilent(database.pool, new Date(START + 10 * 60_000))
    expect(silent).toContainEqual(expect.objectContaining({ id, state: 'unknown' }))
    expect((await kept(id)).outages).toEqual([
      { from: START, to: START + 60_000 },
      { from: START + 90_000, to: START + 210_000 },
    ])
  })

  it('fits a late row into the past, also one that undoes a silence', async () => {
    const id = await newCamera()
    await store([observe(id, START, 'up')])
    await markSilent(database.pool, new Date(START + 200_000))
    const late = await store([observe(id, START + 100_000, 'up')], START + 205_000)
    expect(late.outcomes).toEqual(['accepted'])
    expect(late.changed).toMatchObject([{ id, state: 'up', since: new Date(START).toISOString() }])
    expect((await kept(id)).transitions).toEqual([{ at: START, state: 'up' }])
  })

  it('keeps the cause of an outage that a late row moves, and takes that of one it begins', async () => {
    const id = await newCamera()
    await store([
      { ...observe(id, START + 60_000, 'down'), reason: 'no signal' },
      observe(id, START + 120_000, 'up'),
    ])
    await store([{ ...observe(id, START + 30_000, 'down'), reason: 'no power' }])
    await store([observe(id, START + 90_000, 'up')])
    const outages = await database.pool.query(`SELECT cause, ended_at FROM outage WHERE camera_id = $1`, [id])
    expect(outages.rows).toEqual([{ cause: 'no power', ended_at: new Date(START + 90_000) }])
    const transitions = await database.pool.query(
      `SELECT feed, reason FROM camera_transition WHERE camera_id = $1 ORDER BY at`,
      [id],
    )
    expect(transitions.rows).toEqual([
      { feed, reason: 'no power' },
      { feed, reason: null },
    ])
  })

  it('lets the more trusted of two feeds speak for a moment, whichever came first', async () => {
    const rival = (id: number) => ({ ...observe(id, START, 'down'), feed: trusted })
    const soon = (rows: Observation[]) => store(rows, START + 60_000)
    const [early, late, together] = [await newCamera(), await newCamera(), await newCamera()]
    await soon([rival(early)])
    expect((await soon([observe(early, START, 'up')])).outcomes).toEqual(['duplicate'])
    await soon([observe(late, START, 'up')])
    expect((await soon([rival(late)])).outcomes).toEqual(['accepted'])
    await soon([observe(together, START, 'up'), rival(together)])
    for (const id of [early, late, together]) {
      expect((await kept(id)).transitions).toEqual([{ at: START, state: 'down' }])
      expect((await kept(id)).outages).toEqual([{ from: START, to: null }])
      expect((await readStatuses(database.pool, [id]))[0]).toMatchObject({ state: 'down', feed: 'trusted' })
    }
    expect((await soon([rival(late)])).outcomes).toEqual(['duplicate'])
  })

  it('looks for neighbours of a late row only where the camera spoke', async () => {
    const id = await newCamera()
    await store([observe(id, START, 'up'), observe(id, START + 5 * HOUR, 'up')])
    await markSilent(database.pool, new Date(END))
    await store([observe(id, START + 2 * HOUR, 'down', 60)])
    expect((await kept(id)).transitions).toEqual([
      { at: START, state: 'up' },
      { at: START + 120_000, state: 'unknown' },
      { at: START + 2 * HOUR, state: 'down' },
      { at: START + 2 * HOUR + 60_000, state: 'unknown' },
      { at: START + 5 * HOUR, state: 'up' },
      { at: START + 5 * HOUR + 120_000, state: 'unknown' },
    ])
  })
})
