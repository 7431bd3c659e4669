import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { commodityFinder, loadPack, readHistory, type CityPack } from '../cities/index.ts'
import { startPulls, type PartReading, type Pulls } from '../ingest/pull/index.ts'
import type { CameraReading, PriceReading } from '../ingest/reading.ts'
import { readMarkets } from '../prices/feeds/siskaperbapo.ts'
import { addDays } from '../prices/index.ts'
import { demoPulls } from './demo-feeds.ts'
import { readLevels, type PriceLevels } from './levels.ts'
import { pausedFor, startDemoServer, type DemoServer } from './server.ts'

const startedAt = new Date('2026-11-24T03:00:00Z')
const daySeconds = 60
let pack: CityPack
let levels: PriceLevels
let now: number
let demo: DemoServer
let pulls: Pulls
let stored: Map<string, PartReading[]>
let failures: string[]

const clock = () => new Date(now)
const start = (knownUntil: string | null = null) => {
  pulls = startPulls(
    demoPulls({ url: demo.url, pack, levels, startedAt, daySeconds, knownUntil: () => knownUntil }).map(
      (pull) => ({ ...pull, runAtStart: false, schedule: '0 0 1 1 *' }),
    ),
    {
      timezone: 'Asia/Jakarta',
      userAgent: 'test',
      clock,
      store: async ({ id }, readings) => void stored.set(id, readings),
      notModified: async () => undefined,
      failed: async ({ id }, _startedAt, _tookMs, message) => void failures.push(`${id}: ${message}`),
      log: { warn: () => undefined },
    },
  )
}
const read = async <Row>(id: string) => {
  await pulls.run(id)
  const readings = (stored.get(id) ?? []).map(({ reading }) => reading)
  return {
    rows: readings.flatMap(({ rows }) => rows as Row[]),
    rejects: readings.flatMap(({ rejects }) => rejects),
    notReported: readings.reduce((sum, { notReported }) => sum + notReported, 0),
    requests: readings.length,
  }
}

beforeAll(async () => {
  pack = await loadPack('malang')
  levels = await readLevels(pack, readHistory('malang'))
})
beforeEach(async () => {
  now = startedAt.getTime()
  stored = new Map()
  failures = []
  demo = await startDemoServer({ pack, levels, seed: 1, clock, startedAt, daySeconds })
})
afterEach(async () => {
  await pulls.stop()
  await demo.close()
  expect(failures).toEqual([])
})

describe('the demo, read as the real portals are', () => {
  it('cameras: all of the pack, nothing refused, those that left the list are not there', async () => {
    start()
    const { rows, rejects, requests } = await read<CameraReading>('demo-malang-cameras')
    expect(requests).toBe(5)
    expect(rejects).toEqual([])
    const known = new Set(pack.cameras.map(({ streamId }) => streamId))
    expect(rows.every(({ cameraId }) => known.has(cameraId))).toBe(true)
    expect(rows.length).toBeGreaterThan(pack.cameras.length * 0.95)
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['up', 'down']))
  })
  it('prices: every day since the real history on the first run, then the day that is being reported', async () => {
    start()
    const first = await read<PriceReading>('demo-siskaperbapo')
    expect(first.rejects).toEqual([])
    expect(first.notReported).toBeGreaterThan(0)
    const days = [...new Set(first.rows.map(({ day }) => day))].sort()
    expect(days[0]).toBe(addDays(levels.lastDay, 1))
    expect(days.length).toBeGreaterThan(90)
    const find = commodityFinder(pack, 'siskaperbapo')
    expect(first.rows.filter(({ commodity, unit }) => find(commodity, unit) === undefined)).toEqual([])
    now += 50_000
    expect((await read('demo-siskaperbapo')).requests).toBe(14)
    now += 20_000
    const third = await read<PriceReading>('demo-siskaperbapo')
    expect(third.requests).toBe(28)
    expect([...new Set(third.rows.map(({ day }) => day))]).toEqual(['2026-11-10', '2026-11-11'])
  })
  it('prices: what the store has is not asked for again', async () => {
    start('2026-11-09')
    expect((await read('demo-siskaperbapo')).requests).toBe(28)
  })
  it('the province: nothing refused, weekends and the newest day are not there', async () => {
    start()
    const { rows, rejects, requests } = await read<PriceReading>('demo-pihps')
    expect(requests).toBe(3)
    expect(rejects).toEqual([])
    const find = commodityFinder(pack, 'pihps')
    expect(rows.filter(({ commodity }) => find(commodity) === undefined)).toEqual([])
    const days = [...new Set(rows.map(({ day }) => day))].sort()
    expect(days.length).toBeGreaterThan(55)
    expect((days.at(-1) ?? '') < '2026-11-10').toBe(true)
    now += 60_000
    expect((await read('demo-pihps')).requests).toBe(1)
  })
  it('a portal stops for three minutes and comes back', async () => {
    start('2026-11-09')
    now = startedAt.getTime() + 7 * 60_000
    expect(pausedFor(startedAt, clock())).toBe(120_000)
    await pulls.run('demo-pihps')
    expect(failures.splice(0)).toHaveLength(1)
    await read('demo-siskaperbapo')
    now = startedAt.getTime() + 9.5 * 60_000
    expect((await read('demo-pihps')).requests).toBe(1)
  })
  it('the list of markets reads as the real one', async () => {
    start()
    const response = await fetch(`${demo.url}/harga/pasar.json/malangkota`)
    const markets = readMarkets(await response.json())
    expect(markets).toMatchObject({ received: 14, rejects: [] })
    expect((await fetch(`${demo.url}/elsewhere`)).status).toBe(404)
  })
})
