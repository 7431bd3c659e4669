import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../database/testing/index.ts'
import { withTransaction } from '../database/pool.ts'
import { heldSince } from './queries.ts'
import { rollUp } from './rollups.ts'
import { markSilent, readStatuses, storeObservations, type Observation } from './store.ts'
import { timeInStates, transitionsOf } from './timeline.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 5, 1)
const END = START + 6 * HOUR
let database: Awaited<ReturnType<typeof testDatabase>>
let feed = 0
let cameras = 0

beforeAll(async () => {
  database = await testDatabase()
  const result = await database.pool.query<{ number: number }>(
    `INSERT INTO feed (id, domain, mode, kind, title) VALUES ('test', 'cameras', 'push', 'push', 'test') RETURNING number`,
  )
  feed = result.rows[0]?.number ?? 0
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

  it('keeps the same history in whatever order and batches rows arrive', async () => {
    const rows = fc.uniqueArray(
      fc.record({
        minute: fc.integer({ min: 0, max: 350 }),
        state: fc.constantFrom('up', 'degraded', 'down', 'maintenance', 'unknown'),
        hold: fc.constantFrom(60, 150, 1_200),
      }),
      { selector: (row) => row.minute, minLength: 1, maxLength: 25 },
    )
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 1, max: 5 }),
        async (history, order, size) => {
          const id = await newCamera()
          const shuffled = history
            .map((row) => ({ row, key: order.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ row }) =>
              observe(id, START + row.minute * 60_000, row.state as Observation['state'], row.hold),
            )
          for (let place = 0; place < shuffled.length; place += size) {
            await store(shuffled.slice(place, place + size))
            if (place % 2 === 0) await markSilent(database.pool, new Date(END))
          }
          await markSilent(database.pool, new Date(END))
          const sorted = shuffled
            .map(({ at, state, holdSeconds }) => ({
              at: at.getTime(),
              state,
              silentAfter: at.getTime() + holdSeconds * 1000,
            }))
            .sort((a, b) => a.at - b.at)
          const expected = transitionsOf(sorted, END + 1)
          const actual = await kept(id)
          expect(actual.transitions).toEqual(expected)
          const outages = expected.flatMap(({ at, state }, index) =>
            state === 'down' ? [{ from: at, to: expected[index + 1]?.at ?? null }] : [],
          )
          expect(actual.outages).toEqual(outages)
          const [status] = await readStatuses(database.pool, [id])
          expect(status?.state).toBe(expected.at(-1)?.state ?? 'unknown')
        },
      ),
      { numRuns: 40 },
    )
  })

  it('rolls hours and days up so that they equal the transitions', async () => {
    const id = await newCamera()
    await database.pool.query(
      `INSERT INTO job_progress VALUES ('camera-rollups', $1) ON CONFLICT (job) DO UPDATE SET done_until = $1`,
      [new Date(START)],
    )
    const rows = Array.from({ length: 200 }, (_, index) =>
      observe(id, START + index * 97_000, index % 7 === 3 ? 'down' : 'up', 150),
    )
    await store(rows)
    await rollUp(database.pool, new Date(END), 'Asia/Jakarta')
    await store([observe(id, START + 50_000, 'down', 150)])
    await rollUp(database.pool, new Date(END), 'Asia/Jakarta')
    const { transitions } = await kept(id)
    const expected = timeInStates(transitions as never, START, END)
    const sum = await database.pool.query(
      `SELECT sum(up_ms)::float8 AS up, sum(down_ms)::float8 AS down, sum(unknown_ms)::float8 AS unknown FROM camera_hour WHERE camera_id = $1`,
      [id],
    )
    expect(sum.rows[0]).toEqual({ up: expected.up, down: expected.down, unknown: expected.unknown })
    await database.pool.query(`UPDATE camera SET district = 'alone' WHERE id = $1`, [id])
    await database.pool.query(`INSERT INTO camera_rollup_due VALUES ($1, $2)`, [id, new Date(START)])
    await rollUp(database.pool, new Date(END), 'Asia/Jakarta')
    const held = await heldSince(
      database.pool,
      'district',
      new Date(START - 7 * HOUR),
      new Date(END),
      'Asia/Jakarta',
    )
    expect(held.get('alone')).toMatchObject({ up: expected.up, down: expected.down })
  })
})
