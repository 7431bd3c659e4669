import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Summary } from '#contract/summary.ts'
import { rollUp, storeObservations, type Observation } from '../cameras/index.ts'
import { loadPack, type CityPack } from '../cities/index.ts'
import { testDatabase } from '../database/testing/index.ts'
import { withTransaction } from '../database/pool.ts'
import { renewFigures, storeQuotes, type QuoteRow } from '../prices/index.ts'
import { readSummary } from './index.ts'

/** 10:00 in Malang. Availability is of whole days of its calendar and today so far: 6 days and 10 hours. */
const NOW = new Date('2026-11-24T10:00:00+07:00')
const HOUR = 3_600_000
const WEEK = (6 * 24 + 10) * HOUR
const MONTH = (29 * 24 + 10) * HOUR
const HOLD = 30 * 24 * 3_600
let district = ''

let database: Awaited<ReturnType<typeof testDatabase>>
let pack: CityPack
let summary: Summary

const at = (text: string) => new Date(`2026-11-${text}:00+07:00`)
const read = async () => readSummary({ pool: database.pool, pack, clock: () => NOW })

beforeAll(async () => {
  database = await testDatabase()
  pack = await loadPack('malang')
  district = pack.districts[0]?.code ?? ''
  await database.pool.query(`INSERT INTO feed (id, domain, mode, kind, title, priority) VALUES
    ('cctv', 'cameras', 'push', 'push', 'CCTV', 50), ('survey', 'prices', 'push', 'push', 'Survey', 60),
    ('portal', 'prices', 'push', 'push', 'Portal', 50)`)
})
afterAll(() => database.drop())

it('of an empty store says nothing, and that it knows nothing', async () => {
  const empty = await read()
  expect(empty.cameras).toMatchObject({
    total: 0,
    working: { value: null, before: null, completeness: 0 },
    availability7d: { value: null, before: null, completeness: 0 },
    longestOutage: null,
  })
  expect(empty.prices).toMatchObject({ day: null, movers: [], aboveCeiling: [], aboveCeilingBefore: null })
})

describe('cameras', () => {
  beforeAll(async () => {
    await database.pool.query(
      `WITH c AS (INSERT INTO camera (stream_id, name, district)
         VALUES ('a', 'Alun-alun', $1), ('b', 'Balai kota', $1), ('c', 'Celaket', NULL) RETURNING id)
       INSERT INTO camera_current (camera_id, state, since, at, silent_after)
       SELECT id, 'unknown', now(), '-infinity', '-infinity' FROM c`,
      [district],
    )
    const ids = await database.pool.query<{ id: number }>('SELECT id FROM camera ORDER BY stream_id')
    const [a, b, c] = ids.rows.map(({ id }) => id) as [number, number, number]
    const seen = (cameraId: number, when: string, state: Observation['state']): Observation => ({
      cameraId,
      at: at(when),
      state,
      feed: 1,
      holdSeconds: HOLD,
      latencyMs: null,
      reason: null,
    })
    // The product knows a and b since the evening of the 22nd, c not at all: 39 hours of each.
    const known = [
      seen(a, '22T19:00', 'up'),
      seen(a, '23T08:00', 'down'),
      seen(a, '23T18:00', 'up'),
      seen(b, '22T19:00', 'degraded'),
      seen(b, '23T22:00', 'maintenance'),
      seen(b, '24T02:00', 'down'),
    ]
    await withTransaction(database.pool, (client) => storeObservations(client, known, NOW))
    // What is not rolled up yet crosses midnight.
    await database.pool.query(`INSERT INTO job_progress VALUES ('camera-rollups', $1)`, [at('22T19:00')])
    await rollUp(database.pool, at('23T20:30'), pack.city.timezone)
    summary = await read()
    expect(c).toBeGreaterThan(0)
  })

  it('counts states now and a day ago', () => {
    expect(summary.cameras.states).toEqual({
      up: 1,
      degraded: 0,
      down: 1,
      unknown: 1,
      maintenance: 0,
      unreachable: 0,
    })
    // Ten o'clock yesterday a was down and b degraded.
    expect(summary.cameras.working).toEqual({ value: 1, before: 1, completeness: 2 / 3 })
  })

  // a: 13 h up, 10 h down, 16 h up; b: 27 h degraded, 4 h planned, 8 h down.
  const working = 13 + 16 + 27
  const down = 10 + 8

  it('says how much of the whole period it knows', () => {
    const { availability7d, availability30d } = summary.cameras
    expect(availability7d.value).toBeCloseTo(working / (working + down), 10)
    expect(availability7d.completeness).toBeCloseTo(((working + down) * HOUR) / (3 * WEEK - 4 * HOUR), 10)
    expect(availability30d.value).toBeCloseTo(working / (working + down), 10)
    expect(availability30d.completeness).toBeCloseTo(((working + down) * HOUR) / (3 * MONTH - 4 * HOUR), 10)
    expect([availability7d.before, availability30d.before]).toEqual([null, null])
  })

  it('puts each hour on the day to which it belongs', () => {
    const days = new Map(summary.cameras.trend.map(({ day, value }) => [day, value]))
    expect(days.size).toBe(30)
    expect(days.get('2026-11-21')).toBeNull()
    expect(days.get('2026-11-22')).toBe(1)
    // a: 8 h up, 10 h down, 6 h up; b: 22 h degraded, 2 h planned.
    expect(days.get('2026-11-23')).toBeCloseTo(36 / 46, 10)
    // a: 10 h up; b: 2 h planned, 8 h down.
    expect(days.get('2026-11-24')).toBeCloseTo(10 / 18, 10)
  })

  it('tells a district by its own cameras', () => {
    const own = summary.cameras.districts.find(({ code }) => code === district)
    expect(own).toMatchObject({ total: 2, up: 1 })
    expect(own?.availability.value).toBeCloseTo(working / (working + down), 10)
    expect(own?.availability.completeness).toBeCloseTo(((working + down) * HOUR) / (2 * WEEK - 4 * HOUR), 10)
    const other = summary.cameras.districts.find(({ code }) => code !== district)
    expect(other?.availability).toEqual({ value: null, before: null, completeness: 0 })
  })

  it('says the same when all is rolled up', async () => {
    await rollUp(database.pool, NOW, pack.city.timezone)
    expect((await read()).cameras).toEqual(summary.cameras)
  })

  it('names the longest outage, an open one as it grows', async () => {
    expect(summary.cameras.longestOutage).toEqual({
      cameraId: expect.any(Number),
      name: 'Alun-alun',
      startedAt: at('23T08:00').toISOString(),
      endedAt: at('23T18:00').toISOString(),
      seconds: 10 * 3_600,
    })
    const later = await readSummary({ pool: database.pool, pack, clock: () => at('24T12:30') })
    expect(later.cameras.longestOutage).toMatchObject({
      name: 'Balai kota',
      endedAt: null,
      seconds: 10.5 * 3_600,
    })
  })
})

describe('prices', () => {
  const quote = (
    day: string,
    commodity: string,
    price: number,
    market: string,
    feed = 2,
    status: QuoteRow['status'] = 'reported',
  ): QuoteRow => ({ day: `2026-11-${day}`, commodity, price, market, feed, status, reportedAt: null })

  beforeAll(async () => {
    await database.pool.query(
      `INSERT INTO market (code, name, level) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`,
      [pack.markets.map((m) => m.code), pack.markets.map((m) => m.name), pack.markets.map((m) => m.level)],
    )
    const [one, two, three] = pack.markets
      .filter(({ level }) => level === 'market')
      .map(({ code }) => code) as [string, string, string]
    const rows = [
      // a month, a week, a day ago and today: medians of one market each, but today's
      quote('17', 'beras-medium', 13_000, one),
      quote('23', 'beras-medium', 13_400, one),
      quote('24', 'beras-medium', 14_000, one),
      quote('24', 'beras-medium', 15_000, two),
      // the survey is trusted more than the portal, and what is imputed does not count
      quote('24', 'beras-medium', 99_000, two, 3),
      quote('24', 'beras-medium', 12_000, three, 2, 'imputed'),
      quote('17', 'bawang-merah', 40_000, one),
      quote('23', 'bawang-merah', 40_000, one),
      quote('24', 'bawang-merah', 30_000, one),
      // did not move, and has no price of a week ago
      quote('17', 'gula-kristal-putih', 17_000, one),
      quote('24', 'gula-kristal-putih', 17_000, one),
      quote('24', 'telur-ayam-ras', 28_000, one),
    ].filter(({ commodity }) => pack.commodities.some(({ code }) => code === commodity))
    await withTransaction(database.pool, async (client) => {
      const { touched } = await storeQuotes(client, rows, NOW)
      await renewFigures(client, touched)
    })
    summary = await read()
  })

  it('is of the newest day, with the markets that reported', () => {
    expect(summary.prices.day).toBe('2026-11-24')
    expect(summary.prices.markets).toEqual({
      value: 2,
      before: 1,
      completeness: 2 / summary.prices.marketsTotal,
    })
  })

  it('names what moved within a week, the largest change first', () => {
    expect(
      summary.prices.movers.map(({ commodity, median, before, change }) => [
        commodity.code,
        median,
        before,
        Number(change.toFixed(6)),
      ]),
    ).toEqual([
      ['bawang-merah', 30_000, 40_000, -0.25],
      ['beras-medium', 14_500, 13_000, 0.115385],
    ])
  })

  it('names what is above its ceiling, and how many were the day before', () => {
    expect(
      summary.prices.aboveCeiling.map(({ commodity, median, ceiling }) => [
        commodity.code,
        median,
        ceiling.price,
      ]),
    ).toEqual([['beras-medium', 14_500, 13_500]])
    expect(summary.prices.aboveCeiling[0]?.excess).toBeCloseTo(14_500 / 13_500 - 1, 10)
    expect(summary.prices.aboveCeilingBefore).toBe(0)
  })

  it('costs the basket over the staples that are known on both days', () => {
    const weight = (code: string) => pack.commodities.find((one) => one.code === code)?.basketWeight ?? 0
    const staples = pack.commodities.filter(({ basketWeight }) => basketWeight !== undefined).length
    const { completeness } = summary.prices.markets
    expect(completeness).toBeGreaterThan(0)
    const both = (codes: string[]) =>
      (codes.filter((code) => weight(code) > 0).length / staples) * completeness
    const { yesterday, lastWeek, lastMonth } = summary.prices.basket
    const [rice, onion, sugar] = [
      weight('beras-medium'),
      weight('bawang-merah'),
      weight('gula-kristal-putih'),
    ]
    expect(rice + onion + sugar).toBeGreaterThan(0)
    expect(yesterday).toEqual({
      value: Math.round(rice * 14_500 + onion * 30_000),
      before: Math.round(rice * 13_400 + onion * 40_000),
      completeness: both(['beras-medium', 'bawang-merah']),
    })
    expect(lastWeek).toEqual({
      value: Math.round(rice * 14_500 + onion * 30_000 + sugar * 17_000),
      before: Math.round(rice * 13_000 + onion * 40_000 + sugar * 17_000),
      completeness: both(['beras-medium', 'bawang-merah', 'gula-kristal-putih']),
    })
    expect(lastMonth).toEqual({ value: null, before: null, completeness: 0 })
  })
})
