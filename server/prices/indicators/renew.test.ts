import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CommodityFigures, CommodityIndicators, Forecast } from '#contract/indicators.ts'
import { withTransaction } from '../../database/pool.ts'
import { addDays, daysFrom } from '../days.ts'
import { renewFigures } from '../figures.ts'
import { storeQuotes, type QuoteRow } from '../store.ts'
import { testPrices } from '../testing/index.ts'
import { indicatorsJob } from './job.ts'
import { recomputeAll, renewIndicators } from './renew.ts'

const CHILI = 'cabai-rawit-merah'
const MEAT = 'daging-ayam-ras'
const CHICKEN = 'ayam-potong' // what producers call what becomes it
const FIRST = '2024-01-01'
let server: Awaited<ReturnType<typeof testPrices>>
const clock = () => new Date(server.time.now)

beforeAll(async () => {
  server = await testPrices()
})
afterAll(() => server.close())
beforeEach(async () => {
  server.time.now = Date.parse('2026-07-15T03:00:00Z')
  await server.pool.query(
    `TRUNCATE quote, market_price, quote_day_city, indicator_due, quality_due, price_month,
       indicator_current, forecast_score, forecast, job_progress`,
  )
})

interface Given {
  commodity: string
  day: string
  price: number | null
  market?: string
}
/** As a source or a correction brings it; null withdraws. */
async function report(given: readonly Given[]): Promise<void> {
  server.time.now += 60_000
  await withTransaction(server.pool, async (client) => {
    const rows = given.map(({ commodity, day, price, market = 'pasar-besar' }): QuoteRow => ({
      commodity,
      day,
      market,
      price: price ?? 1,
      status: 'reported',
      feed: server.feed('survey'),
      reportedAt: null,
      void: price === null,
    }))
    const { touched } = await storeQuotes(client, rows, clock())
    await renewFigures(client, touched)
  })
}
const series = (
  commodity: string,
  from: string,
  to: string,
  price: (index: number) => number,
  market?: string,
) =>
  daysFrom(from, to).map((day, index): Given => ({
    commodity,
    day,
    price: Math.round(price(index)),
    ...(market === undefined ? {} : { market }),
  }))
const renew = () => renewIndicators(server.pool, server.pack, clock)
const recompute = () => recomputeAll(server.pool, server.pack, clock)

/** All tables that are counted, but for when. */
async function standing() {
  const rows = async (sql: string) => (await server.pool.query<object>(sql)).rows
  return {
    months: await rows('SELECT * FROM price_month ORDER BY commodity, month'),
    figures: await rows('SELECT commodity, day, figures FROM indicator_current ORDER BY commodity'),
    scores: await rows('SELECT * FROM forecast_score ORDER BY commodity, origin, method'),
    forecasts: await rows('SELECT commodity, origin, figures FROM forecast ORDER BY commodity'),
    due: await rows('SELECT * FROM indicator_due'),
  }
}
const originsRenewed = async (work: () => Promise<unknown>) => {
  const before = await versions()
  await work()
  const after = await versions()
  return [...new Set([...after].filter((one) => !before.has(one)).map((one) => one.slice(0, 10)))].sort()
}
/** Which row is which: a row that was written anew has another place and transaction. */
const versions = async () => {
  const result = await server.pool.query<{ row: string }>(
    `SELECT origin || ' ' || method || ' ' || xmin || ' ' || ctid::text AS row FROM forecast_score WHERE commodity = $1`,
    [CHILI],
  )
  return new Set(result.rows.map(({ row }) => row))
}
/** Sessions that wait for another one. */
const waiting = async () =>
  (
    await server.pool.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    )
  ).rowCount
const wave = (index: number) => 30_000 + 10_000 * Math.sin(index / 9) + (index % 5) * 100

describe('what changed is counted, and nothing else', () => {
  it('a new day brings the figures of that day, and at most one origin', async () => {
    await report(series(CHILI, FIRST, '2026-07-05', wave))
    await renew()
    // the fortnight after Monday 2026-06-22 ends with Monday 2026-07-06
    expect(
      await originsRenewed(() => report(series(CHILI, '2026-07-06', '2026-07-06', () => 31_000)).then(renew)),
    ).toEqual(['2026-06-22'])
    expect(
      await originsRenewed(() => report(series(CHILI, '2026-07-07', '2026-07-07', () => 32_000)).then(renew)),
    ).toEqual([])
    const { figures, due } = await standing()
    expect(figures).toMatchObject([{ commodity: CHILI, day: '2026-07-07' }])
    expect(due).toEqual([])
  })
  it('a correction renews the origins that knew the day or compared with it', async () => {
    await report(series(CHILI, FIRST, '2026-07-07', wave))
    await renew()
    const renewed = await originsRenewed(() =>
      report([{ commodity: CHILI, day: '2026-06-10', price: 99_000 }]).then(renew),
    )
    // from the first Monday whose fortnight holds it on
    expect(renewed).toEqual(['2026-06-01', '2026-06-08', '2026-06-15', '2026-06-22'])
  })
  it('a commodity that nothing happened to is left alone', async () => {
    await report([
      ...series(CHILI, '2026-06-01', '2026-06-10', wave),
      ...series(MEAT, '2026-06-01', '2026-06-10', wave),
    ])
    await renew()
    server.time.now += 3_600_000
    await report([{ commodity: MEAT, day: '2026-06-11', price: 35_000 }])
    expect(await renew()).toEqual([MEAT])
    const times = await server.pool.query<{ commodity: string; renewed_at: Date }>(
      'SELECT commodity, renewed_at FROM indicator_current',
    )
    const at = Object.fromEntries(times.rows.map((row) => [row.commodity, row.renewed_at.getTime()]))
    expect((at[MEAT] ?? 0) - (at[CHILI] ?? 0)).toBeGreaterThanOrEqual(3_600_000)
    expect(await renew()).toEqual([])
  })
  it("a producer's price renews the margin of what it becomes", async () => {
    await report(series(MEAT, '2026-06-01', '2026-06-10', () => 36_000))
    await renew()
    const margin = async () =>
      ((await standing()).figures[0] as { figures: CommodityFigures }).figures.measures['margin']
    expect(await margin()).toHaveProperty('lacks')
    const market = server.pack.markets.find(({ level }) => level === 'producer')?.code ?? ''
    await report([{ commodity: CHICKEN, day: '2026-06-10', price: 24_000, market }])
    await renew()
    expect(await margin()).toEqual({ value: 0.5 })
  })
  it('what was withdrawn leaves nothing behind', async () => {
    await report(series(CHILI, '2026-06-01', '2026-06-10', wave))
    await renew()
    await report(daysFrom('2026-06-01', '2026-06-10').map((day) => ({ commodity: CHILI, day, price: null })))
    await renew()
    expect(await standing()).toEqual({ months: [], figures: [], scores: [], forecasts: [], due: [] })
  })
})

describe('nothing is lost', () => {
  it('a change that is not committed is left on the queue and counted when it is', async () => {
    await report(series(CHILI, '2026-06-01', '2026-06-10', wave))
    const writer = await server.pool.connect()
    try {
      await writer.query('BEGIN')
      await writer.query(
        `INSERT INTO indicator_due (commodity, day) VALUES ($1, '2026-06-10') ON CONFLICT (commodity, day) DO UPDATE SET day = excluded.day`,
        [CHILI],
      )
      await writer.query(
        `UPDATE quote_day_city SET median = 77000 WHERE commodity = $1 AND day = '2026-06-10'`,
        [CHILI],
      )
      expect(await renew()).toEqual([CHILI])
      expect((await standing()).due).toEqual([{ commodity: CHILI, day: '2026-06-10' }])
      await writer.query('COMMIT')
    } finally {
      writer.release()
    }
    expect(await renew()).toEqual([CHILI])
    const { figures, due } = await standing()
    expect(figures).toMatchObject([{ day: '2026-06-10' }])
    expect(due).toEqual([])
    const renewed = await standing()
    await recompute()
    expect(await standing()).toEqual(renewed)
  })
  it('a writer that comes while its row is taken puts it back', async () => {
    await report(series(CHILI, '2026-06-01', '2026-06-10', wave))
    const taker = await server.pool.connect()
    let written: Promise<unknown> | undefined
    try {
      await taker.query('BEGIN')
      await taker.query('DELETE FROM indicator_due')
      written = report([{ commodity: CHILI, day: '2026-06-10', price: 50_000 }])
      await expect.poll(waiting).toBe(1)
      await taker.query('COMMIT')
    } finally {
      taker.release()
    }
    await written
    expect((await standing()).due).toEqual([{ commodity: CHILI, day: '2026-06-10' }])
  })
  it('two that work the queue off at once leave what one leaves', async () => {
    await report([...series(CHILI, FIRST, '2024-12-31', wave), ...series(MEAT, FIRST, '2024-12-31', wave)])
    await Promise.all([
      renew(),
      renew(),
      report([{ commodity: CHILI, day: '2024-12-31', price: 60_000 }]),
      renew(),
    ])
    await renew()
    const renewed = await standing()
    expect(renewed.due).toEqual([])
    await recompute()
    expect(await standing()).toEqual(renewed)
  })
  it('everything is counted anew when the rules of the city change, and once only', async () => {
    await report(series(CHILI, '2026-06-01', '2026-06-10', wave))
    await indicatorsJob({ ...server, clock })()
    await server.pool.query(`UPDATE indicator_current SET figures = '{}'`)
    await indicatorsJob({ ...server, clock })()
    expect((await standing()).figures).toMatchObject([{ figures: {} }])
    const other = { ...server.pack, city: { ...server.pack.city, ceilingZone: 'elsewhere' } }
    await indicatorsJob({ pool: server.pool, pack: other, clock })()
    expect((await standing()).figures).toMatchObject([{ figures: { commodity: CHILI } }])
  })
})

describe('whatever is changed, what was renewed is what a count of everything gives', () => {
  const edits = fc.array(
    fc.record({
      commodity: fc.constantFrom(CHILI, MEAT, CHICKEN),
      market: fc.constantFrom('pasar-besar', 'pasar-klojen', 'pasar-blimbing'),
      // around what is there: new days, holes, corrections of days long past
      at: fc.oneof(fc.integer({ min: 0, max: 760 }), fc.integer({ min: 715, max: 760 })),
      span: fc.constantFrom(1, 1, 1, 3, 12),
      price: fc.option(fc.integer({ min: 5_000, max: 120_000 }), { freq: 4 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  it('tables are equal to the last bit', { timeout: 120_000 }, async () => {
    const producer = server.pack.markets.find(({ level }) => level === 'producer')?.code ?? ''
    await fc.assert(
      fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 3 }), async (rounds) => {
        await server.pool.query(
          `TRUNCATE quote, market_price, quote_day_city, indicator_due, price_month, indicator_current, forecast_score, forecast`,
        )
        await report([
          ...series(CHILI, FIRST, '2025-12-31', wave),
          ...series(MEAT, '2025-03-01', '2025-12-31', (index) => 35_000 + 40 * index),
          ...series(CHICKEN, '2025-11-01', '2025-12-31', (index) => 22_000 + 10 * index, producer),
        ])
        for (const round of rounds) {
          await renew()
          await report(
            round.flatMap(({ commodity, market, at, span, price }) =>
              daysFrom(addDays(FIRST, at), addDays(FIRST, at + span - 1)).map((day) => ({
                commodity,
                day,
                price,
                market: commodity === CHICKEN ? producer : market,
              })),
            ),
          )
        }
        await renew()
        const renewed = await standing()
        expect(renewed.due).toEqual([])
        await recompute()
        expect(await standing()).toEqual(renewed)
      }),
      { numRuns: 12 },
    )
  })
})

describe('by API', () => {
  const get = async (url: string) => (await server.as()('GET', url)).json
  it('the figures of all commodities, as of now and of a day', async () => {
    await report([
      ...series(CHILI, '2026-06-01', '2026-06-10', (index) => 30_000 + 1_000 * index),
      ...series(MEAT, '2026-06-01', '2026-06-02', () => 35_000),
    ])
    await renew()
    const now = (await get('/api/prices/indicators')) as { figures: CommodityFigures[] }
    expect(now.figures.map(({ commodity, day }) => [commodity, day])).toEqual([
      [MEAT, '2026-06-02'],
      [CHILI, '2026-06-10'],
    ])
    const then = (await get('/api/prices/indicators?day=2026-06-01')) as { figures: CommodityFigures[] }
    expect(then.figures.map(({ commodity, day }) => [commodity, day])).toEqual([
      [MEAT, '2026-06-01'],
      [CHILI, '2026-06-01'],
    ])
    // as of the newest day they are what is kept
    expect(await get('/api/prices/indicators?day=2026-06-10')).toEqual(now)
  })
  it('the indicators of a commodity as they were known before a correction', async () => {
    server.time.now = Date.parse('2026-06-10T05:00:00Z')
    await report(series(CHILI, '2026-06-01', '2026-06-10', () => 30_000))
    server.time.now = Date.parse('2026-06-12T05:00:00Z')
    await report([
      { commodity: CHILI, day: '2026-06-10', price: 60_000 },
      { commodity: CHILI, day: '2026-06-12', price: 61_000 },
    ])
    const url = `/api/prices/commodities/${CHILI}/indicators`
    const [now, then, same] = (await Promise.all([
      get(`${url}?day=2026-06-10`),
      get(`${url}?known=2026-06-11`),
      get(`${url}?day=2026-06-10&known=2026-06-12`),
    ])) as CommodityIndicators[]
    expect(now?.figures.measures['change-day']).toEqual({ value: 1 })
    expect(then).toMatchObject({
      known: '2026-06-11',
      figures: { day: '2026-06-10', measures: { 'change-day': { value: 0 } } },
    })
    expect({ ...same, known: null }).toEqual(now)
    expect((await get(`${url}?known=2026-05-01`)) as CommodityIndicators).toMatchObject({
      monthly: [],
      yearly: [],
      figures: { measures: { median: { lacks: {} } } },
    })
  })
  it('the forecast of a price that comes and goes, each day within its interval', async () => {
    await report(series(CHILI, FIRST, '2025-12-31', wave))
    await renew()
    const forecast = (await get(`/api/prices/commodities/${CHILI}/forecast`)) as Forecast
    expect(forecast).toMatchObject({ origin: '2025-12-31', hidden: null })
    expect(forecast.error).toBeLessThan(0.98 * (forecast.naiveError ?? 0))
    expect(forecast.points.map(({ day }) => day)).toEqual(daysFrom('2026-01-01', '2026-01-14'))
    forecast.points.forEach(({ low, price, high }) => {
      expect(low).toBeLessThanOrEqual(price)
      expect(high).toBeGreaterThanOrEqual(price)
    })
    expect(forecast.points.some(({ low, high }) => high > low)).toBe(true)
  })
  it('the forecast, hidden where history does not suffice', async () => {
    await report(series(CHILI, '2026-06-01', '2026-06-10', wave))
    await renew()
    const url = (code: string) => `/api/prices/commodities/${code}/forecast`
    expect((await get(url(CHILI))) as Forecast).toMatchObject({
      origin: '2026-06-10',
      points: [],
      hidden: { lacks: { what: 'days', have: 0, need: 182 } },
    })
    expect((await get(url(MEAT))) as Forecast).toMatchObject({ origin: null, points: [] })
    expect((await server.as()('GET', url('emas'))).status).toBe(404)
  })
})
