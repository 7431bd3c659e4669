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
interface Standing {
  probed: number
  judged: number
  ports: string[]
  nodes: number
  hung: number
}
const standing = async (): Promise<Standing | undefined> =>
  (
    await database.pool.query<Standing>(
      `SELECT count(*) FILTER (WHERE targets <> '{}')::int AS probed, count(*) FILTER (WHERE c.judged)::int AS judged,
         array_agg(DISTINCT substring(targets->>'hls' FROM ':([0-9]+)/')) FILTER (WHERE targets <> '{}') AS ports,
         (SELECT count(*)::int FROM node) AS nodes, count(parent_id)::int AS hung
       FROM camera JOIN camera_current c ON c.camera_id = id`,
    )
  ).rows[0]
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

it('has four of five cameras probed at loopback addresses, behind switches, and the rest told of by the portal', async () => {
  const { probed = 0, judged, ports, nodes, hung = 0 } = (await standing()) ?? {}
  expect(probed / pack.cameras.length).toBeGreaterThan(0.65)
  expect(probed / pack.cameras.length).toBeLessThan(0.9)
  expect(judged).toBe(probed)
  expect(ports).toHaveLength(1)
  expect(nodes).toBeGreaterThan(20)
  expect(hung).toBeGreaterThan(pack.cameras.length / 2)
})

it('keeps its addresses from start to start, and leaves alone what somebody edited', async () => {
  const before = await standing()
  await database.pool.query(`
    WITH edited AS (UPDATE camera SET targets = '{"ping":"127.30.1.1"}', parent_id = NULL
      WHERE id = (SELECT min(id) FROM camera WHERE targets <> '{}' AND parent_id IS NOT NULL) RETURNING id)
    INSERT INTO camera_change (camera_id, actor, action, before, after)
    SELECT id, 'test', 'edit', '{}', '{"targets.ping":"127.30.1.1"}' FROM edited`)
  await database.pool.query(`DELETE FROM node WHERE id = (SELECT max(id) FROM node WHERE kind = 'switch')`)
  await database.pool.query(
    `INSERT INTO node (code, name, kind, targets) VALUES ('demo-switch-of-yore', 'x', 'switch', '{"tcp":"127.31.9.9:1"}')`,
  )
  await once()
  const after = await standing()
  expect(after?.ports.filter((port) => port !== null)).toEqual(before?.ports)
  expect(after?.nodes).toBe(before?.nodes)
  expect(await count(`node WHERE code = 'demo-switch-of-yore' AND targets = '{}'`)).toBe(1)
  expect(await count(`camera WHERE targets = '{"ping":"127.30.1.1"}' AND parent_id IS NULL`)).toBe(1)
})

it('probes nothing where probing is off: the portal tells of all cameras then', async () => {
  const demo = await startDemo(database.pool, pack, { ...config, probe: false }, () => now)
  await demo.close()
  expect(demo.canaries).toEqual([])
  // but for the one that somebody edited
  expect(await standing()).toMatchObject({ probed: 1, judged: 1 })
  await once()
  expect((await standing())?.probed).toBeGreaterThan(100)
})
