import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CameraState } from '#contract/camera.ts'
import { testDatabase } from '../database/testing/index.ts'
import { withTransaction } from '../database/pool.ts'
import { heldSince } from './queries.ts'
import { rollUp } from './rollups.ts'
import { markSilent, readStatuses } from './statuses.ts'
import { storeObservations, type Observation } from './store.ts'
import { timeInStates, transitionsOf, type Transition } from './timeline.ts'

/** Random histories of a camera over two and a half days, midnights of the city among them, on the real database. */
const MINUTE = 60_000
const TIMEZONE = 'Asia/Jakarta'
const START = Date.parse('2026-06-01T00:00:00+07:00')
const MINUTES = 60 * 60
const END = START + MINUTES * MINUTE
const STATES = ['up', 'degraded', 'down', 'unknown', 'maintenance'] as const

let database: Awaited<ReturnType<typeof testDatabase>>
/** by trust: the second one's word stands where both speak of one moment */
let feeds: number[] = []

beforeAll(async () => {
  database = await testDatabase()
  const made = await database.pool.query<{ number: number }>(
    `INSERT INTO feed (id, domain, mode, kind, title, priority) VALUES ('less', 'cameras', 'push', 'push', 'less', 50),
       ('more', 'cameras', 'push', 'push', 'more', 60) RETURNING number`,
  )
  feeds = made.rows.map(({ number }) => number)
  await database.pool.query(`INSERT INTO job_progress VALUES ('camera-rollups', $1)`, [new Date(START)])
})
afterAll(() => database.drop())

const reading = fc.record({
  minute: fc.oneof(fc.integer({ min: 0, max: MINUTES - 1 }), fc.integer({ min: 1_400, max: 1_480 })),
  state: fc.constantFrom(...STATES),
  hold: fc.constantFrom(60, 150, 1_200, 7 * 3_600, 86_400),
  feed: fc.constantFrom(0, 1),
})
type Reading = typeof reading extends fc.Arbitrary<infer T> ? T : never
const histories = fc.uniqueArray(reading, {
  selector: ({ minute, feed }) => `${minute} ${feed}`,
  minLength: 1,
  maxLength: 25,
})

/** What stands of a history when two feeds spoke of one moment. */
function standing(history: readonly Reading[]): Reading[] {
  const byMinute = new Map<number, Reading>()
  for (const one of [...history].sort((a, b) => a.feed - b.feed)) byMinute.set(one.minute, one)
  return [...byMinute.values()].sort((a, b) => a.minute - b.minute)
}

async function newCamera(district: string): Promise<number> {
  const made = await database.pool.query<{ id: number }>(
    `WITH c AS (INSERT INTO camera (stream_id, name, district) VALUES ($1, $1, $1) RETURNING id)
     INSERT INTO camera_current (camera_id, state, since, at, silent_after)
     SELECT id, 'unknown', $2, '-infinity', '-infinity' FROM c RETURNING camera_id AS id`,
    [district, new Date(START)],
  )
  return made.rows[0]?.id ?? 0
}

async function transitionsIn(cameraId: number): Promise<Transition[]> {
  const { rows } = await database.pool.query<{ at: Date; state: CameraState }>(
    `SELECT at, state FROM camera_transition WHERE camera_id = $1 ORDER BY at`,
    [cameraId],
  )
  return rows.map(({ at, state }) => ({ at: at.getTime(), state }))
}

/** Time in each state by the raw observations alone: each holds until the next, or as long as it speaks. */
async function heldByObservations(cameraId: number): Promise<Record<CameraState, number>> {
  const { rows } = await database.pool.query<{ at: Date; state: CameraState; hold: number }>(
    `SELECT at, state, hold FROM camera_observation WHERE camera_id = $1 ORDER BY at`,
    [cameraId],
  )
  const held = { up: 0, degraded: 0, down: 0, unknown: END - START, maintenance: 0, unreachable: 0 }
  rows.forEach(({ at, state, hold }, index) => {
    const ms = Math.min(at.getTime() + hold * 1_000, rows[index + 1]?.at.getTime() ?? END, END) - at.getTime()
    held.unknown -= ms
    held[state] += ms
  })
  return held
}

async function heldByRollUp(table: 'camera_hour' | 'camera_day', cameraId: number) {
  const { rows } = await database.pool.query<Record<CameraState, number>>(
    `SELECT sum(up_ms)::float8 AS up, sum(degraded_ms)::float8 AS degraded, sum(down_ms)::float8 AS down,
       sum(unknown_ms)::float8 AS unknown, sum(maintenance_ms)::float8 AS maintenance, 0::float8 AS unreachable FROM ${table} WHERE camera_id = $1`,
    [cameraId],
  )
  return rows[0]
}

/** By the day of the city, as the summary asks for it. */
async function heldByDay(district: string, now: number) {
  const parts = await heldSince(database.pool, new Date(START), new Date(now), TIMEZONE)
  return parts
    .filter((part) => part.district === district)
    .map(({ day, up, degraded, down, unknown, maintenance }) => ({
      day,
      up,
      degraded,
      down,
      unknown,
      maintenance,
      unreachable: 0,
    }))
    .sort((a, b) => (a.day < b.day ? -1 : 1))
}

let made = 0
it('keeps one truth in whatever order and batches rows arrive, whenever silence is noticed and hours rolled up', async () => {
  const batches = fc.record({
    history: histories,
    order: fc.infiniteStream(fc.nat()),
    size: fc.integer({ min: 1, max: 6 }),
    delay: fc.integer({ min: 0, max: 300 }),
  })
  await fc.assert(
    fc.asyncProperty(batches, async ({ history, order, size, delay }) => {
      made += 1
      const district = `district ${made}`
      const id = await newCamera(district)
      const shuffled = history
        .map((row) => ({ row, key: order.next().value }))
        .sort((a, b) => a.key - b.key)
        .map(({ row }) => row)
      let now = START
      for (let place = 0; place < shuffled.length; place += size) {
        const rows = shuffled
          .slice(place, place + size)
          .map(({ minute, state, hold, feed }): Observation => ({
            cameraId: id,
            at: new Date(START + minute * MINUTE),
            state,
            feed: feeds[feed] ?? 0,
            holdSeconds: hold,
            latencyMs: null,
            reason: null,
          }))
        now = Math.min(END, Math.max(now, ...rows.map(({ at }) => at.getTime())) + delay * MINUTE)
        await withTransaction(database.pool, (client) => storeObservations(client, rows, new Date(now)))
        if (place % 2 === 0) await markSilent(database.pool, new Date(now))
        if (place % 3 === 0) await rollUp(database.pool, new Date(now), TIMEZONE)
      }
      await markSilent(database.pool, new Date(END))

      const expected = transitionsOf(
        standing(history).map(({ minute, state, hold }) => ({
          at: START + minute * MINUTE,
          state,
          silentAfter: START + minute * MINUTE + hold * 1_000,
        })),
        END,
      )
      const transitions = await transitionsIn(id)
      expect(transitions).toEqual(expected)
      const outages = await database.pool.query(
        `SELECT started_at, ended_at FROM outage WHERE camera_id = $1 ORDER BY started_at`,
        [id],
      )
      expect(outages.rows).toEqual(
        expected.flatMap(({ at, state }, index) => {
          const end = expected[index + 1]?.at
          return state === 'down'
            ? [{ started_at: new Date(at), ended_at: end === undefined ? null : new Date(end) }]
            : []
        }),
      )
      const [status] = await readStatuses(database.pool, [id])
      expect(status?.state).toBe(expected.at(-1)?.state ?? 'unknown')

      const held = timeInStates(transitions, START, END)
      expect(await heldByObservations(id)).toEqual(held)
      const days = [0, 1, 2].map((day) => {
        const from = START + day * 24 * 60 * MINUTE
        const to = Math.min(from + 24 * 60 * MINUTE, END)
        const before = transitions.filter(({ at }) => at <= from).at(-1)?.state
        return { day: `2026-06-0${day + 1}`, ...timeInStates(transitions, from, to, before) }
      })
      // Partly rolled up, and then wholly.
      await rollUp(database.pool, new Date(now), TIMEZONE)
      expect(await heldByDay(district, END)).toEqual(days)
      await rollUp(database.pool, new Date(END), TIMEZONE)
      expect(await heldByRollUp('camera_hour', id)).toEqual(held)
      expect(await heldByRollUp('camera_day', id)).toEqual(held)
      expect(await heldByDay(district, END)).toEqual(days)
      // The next run begins anew: its camera's hours are not rolled up yet.
      await database.pool.query(`UPDATE job_progress SET done_until = $1`, [new Date(START)])
    }),
    { numRuns: 60 },
  )
}, 120_000)
