import { afterAll, beforeAll, expect, it } from 'vitest'
import { heldSince } from '../cameras/index.ts'
import { loadPack, type CityPack } from '../cities/index.ts'
import { loadCity } from '../cities/load.ts'
import { readConfig } from '../config.ts'
import { testDatabase, type TestDatabase } from '../database/testing/index.ts'
import { startDemo } from './start.ts'

const now = new Date('2026-11-24T03:20:00Z')
const config = readConfig({})
let database: TestDatabase
let pack: CityPack
const once = async () => {
  const demo = await startDemo(database.pool, pack, config, () => now)
  await demo.close()
}
const count = async (sql: string) =>
  (await database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`)).rows[0]?.n ?? 0

beforeAll(async () => {
  database = await testDatabase()
  pack = await loadPack('malang')
  await loadCity(database.pool, pack, () => undefined)
  await once()
})
afterAll(() => database.drop())

it("writes two months of the cameras' past, all of it marked as demo data", async () => {
  const parts = await heldSince(database.pool, new Date('2026-09-25T17:00:00Z'), now, pack.city.timezone)
  const days = new Map<string, { up: number; down: number }>()
  for (const { day, up, down } of parts) {
    const sum = days.get(day) ?? { up: 0, down: 0 }
    days.set(day, { up: sum.up + up, down: sum.down + down })
  }
  expect(days.size).toBe(60)
  for (const { up, down } of days.values()) {
    expect(up / (up + down)).toBeGreaterThan(0.9)
    expect(up / (up + down)).toBeLessThan(1)
  }
  expect(await count('camera_transition t JOIN feed f ON f.number = t.feed WHERE NOT f.demo')).toBe(0)
  expect(await count('camera_transition WHERE feed IS NULL')).toBe(0)
})

it('opens and closes an outage with every stretch of being down, and leaves none open', async () => {
  const down = await count(`camera_transition WHERE state = 'down'`)
  expect(down).toBeGreaterThan(1_000)
  expect(await count('outage')).toBe(down)
  expect(await count('outage WHERE ended_at IS NULL')).toBe(0)
})

it('lets nobody be up whom no feed has read yet', async () => {
  const last = `(SELECT DISTINCT ON (camera_id) state FROM camera_transition ORDER BY camera_id, at DESC) l`
  expect(await count(`${last} WHERE state <> 'unknown'`)).toBe(0)
})

it('is written once', async () => {
  const before = await count('camera_transition')
  await once()
  expect(await count('camera_transition')).toBe(before)
})
