import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OfficialImport, OfficialSeries, PriceIndex } from '#contract/indicators.ts'
import { testCameras } from '../../cameras/testing/index.ts'
import { daysFrom } from '../days.ts'

let server: Awaited<ReturnType<typeof testCameras>>
let basket: string[]
beforeAll(async () => {
  server = await testCameras()
  basket = server.pack.commodities.flatMap(({ code, basketWeight = 0 }) => (basketWeight > 0 ? [code] : []))
})
afterAll(() => server.close())
beforeEach(() =>
  server.pool.query('TRUNCATE quote_day_city, official_point, official_series, price_setting, price_month'),
)

const store = async (rows: { commodity: string; day: string; median: number }[]) => {
  await server.pool.query(
    `INSERT INTO quote_day_city (day, commodity, median, low, high, markets, demo)
     SELECT day, commodity, median, median, median, 1, false FROM unnest($1::date[], $2::text[], $3::int[]) AS t(day, commodity, median)`,
    [rows.map(({ day }) => day), rows.map(({ commodity }) => commodity), rows.map(({ median }) => median)],
  )
  await server.pool.query(
    `INSERT INTO price_month SELECT commodity, date_trunc('month', day)::date, count(*), sum(median), sum(median::float8 ^ 2)
     FROM quote_day_city GROUP BY 1, 2 ON CONFLICT DO NOTHING`,
  )
}
const index = async (from: string, to: string) =>
  (await server.as()('GET', `/api/prices/index?from=${from}&to=${to}`)).json as PriceIndex

describe('the index', () => {
  const fill = (from: string, to: string, price: (code: string, at: number) => number | null) =>
    store(
      basket.flatMap((commodity, at) =>
        daysFrom(from, to).flatMap((day) => {
          const median = price(commodity, at)
          return median === null ? [] : [{ commodity, day, median }]
        }),
      ),
    )
  it('is 100 in the base month; a tenth dearer is 110; contributions sum to the change', async () => {
    await fill('2024-01-01', '2024-01-31', (_code, at) => 10_000 + at)
    await fill('2026-06-01', '2026-06-01', (_code, at) => Math.round((10_000 + at) * 1.1))
    await fill('2026-07-01', '2026-07-01', (code, at) =>
      code === 'beras-medium' ? 22_000 : Math.round((10_000 + at) * 1.1),
    )
    expect((await index('2024-01-05', '2024-01-06')).points).toMatchObject([
      { completeness: 1 },
      { completeness: 1 },
    ])
    expect((await index('2024-01-05', '2024-01-06')).points[0]?.value).toBeCloseTo(100, 6)
    const found = await index('2026-06-01', '2026-07-01')
    expect(found).toMatchObject({ baseMonth: '2024-01', lacks: null, demo: false })
    expect(found.points[0]?.value).toBeCloseTo(110, 1)
    // what is carried is said to be
    expect(found.points.slice(1, 30).every(({ completeness }) => completeness === 0)).toBe(true)
    expect(found.points).toHaveLength(31)
    const change = 'value' in found.change ? found.change.value : Number.NaN
    expect(change).toBeGreaterThan(0.1)
    expect(found.contributions.reduce((sum, { contribution }) => sum + (contribution ?? 0), 0)).toBeCloseTo(
      change,
      10,
    )
    const rice = found.contributions.find(({ commodity }) => commodity.code === 'beras-medium')
    expect(rice?.contribution).toBeCloseTo(change, 10)
    expect(found.contributions.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 10)
  })
  it('begins with the first month that has enough of the basket, where none is set', async () => {
    await fill('2026-05-01', '2026-05-31', (_code, at) => (at === 0 ? 10_000 : null))
    await fill('2026-06-01', '2026-06-30', () => 10_000)
    await fill('2026-07-01', '2026-07-01', () => 11_000)
    const found = await index('2026-06-01', '2026-07-01')
    expect(found).toMatchObject({ baseMonth: '2026-06', lacks: null })
    expect(found.points.at(-1)?.value).toBeCloseTo(110, 6)
  })
  it('tells the change from the first day that has an index, where the days begin before it', async () => {
    await fill('2026-06-01', '2026-06-30', () => 10_000)
    await fill('2026-07-01', '2026-07-01', () => 11_000)
    const answer = await server.as()('GET', '/api/prices/index?days=365')
    const found = answer.json as PriceIndex
    expect(found).toMatchObject({ from: '2025-07-01', since: '2026-06-01', to: '2026-07-01' })
    expect('value' in found.change && found.change.value).toBeCloseTo(0.1, 10)
    expect(found.contributions[0]).toMatchObject({ before: 10_000, after: 11_000 })
    const alone = await index('2025-07-01', '2026-06-01')
    expect(alone).toMatchObject({ since: '2026-06-01', change: { lacks: { have: 1, need: 2 } } })
  })
  it('says what it lacks where the base month is not there', async () => {
    await fill('2026-06-01', '2026-06-02', () => 10_000)
    await server.pool.query(`INSERT INTO price_setting VALUES ('baseMonth', '"2024-01"', 'test', now())`)
    expect(await index('2026-06-01', '2026-06-02')).toMatchObject({
      points: [],
      change: { lacks: { what: 'comparison', have: 0, need: 2 } },
      lacks: { what: 'comparison', have: 0, need: Math.ceil(0.8 * basket.length) },
    })
  })
  it('carries no price over more than a month', async () => {
    await fill('2024-01-01', '2024-01-31', () => 10_000)
    const points = (await index('2024-01-31', '2024-03-31')).points
    expect(points[points.length - 1]?.day).toBe('2024-03-02')
  })
  it('refuses days in the wrong order', async () => {
    expect((await server.as()('GET', '/api/prices/index?from=2026-02-01&to=2026-01-01')).status).toBe(400)
  })
})

describe('the official series', () => {
  const send = (body: string, role: 'market-officer' | 'viewer' = 'market-officer', code = 'iph') =>
    server.as(role)('POST', `/api/prices/official/${code}`, Buffer.from(body), 'text/csv')
  const read = async () =>
    ((await server.as()('GET', '/api/prices/official')).json as { series: OfficialSeries[] }).series

  it('is listed before anything was imported', async () => {
    expect(await read()).toMatchObject([{ code: 'iph', source: 'Badan Pusat Statistik (BPS)', points: [] }])
  })
  it('keeps what was published, and what it was before as a revision', async () => {
    const first = (await send('periode,nilai,keterangan\n2026-01,1.25,sementara\n2026-02,0.5,\n'))
      .json as OfficialImport
    expect(first).toMatchObject({ added: 2, revised: 0, unchanged: 0 })
    expect((await send('periode,nilai,keterangan\n2026-01,1.25,sementara\n')).json).toMatchObject({
      added: 0,
      unchanged: 1,
    })
    expect((await send('periode,nilai\n2026-01,1.5\n')).json).toMatchObject({ added: 0, revised: 1 })
    expect((await read())[0]?.points).toEqual([
      { day: '2026-01-01', value: 1.5, note: '', revision: 2 },
      { day: '2026-02-01', value: 0.5, note: '', revision: 1 },
    ])
    const kept = await server.pool.query(
      'SELECT revision, value, author FROM official_point WHERE day = $1 ORDER BY 1',
      ['2026-01-01'],
    )
    expect(kept.rows).toEqual([
      { revision: 1, value: 1.25, author: 'market-officer' },
      { revision: 2, value: 1.5, author: 'market-officer' },
    ])
  })
  it('takes nothing of a file with a fault, and says which row and field', async () => {
    const answer = await send('periode,nilai\n2026-01,1\n2026-02,banyak\n')
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({
      error: 'bad-input',
      field: 'nilai',
      rows: [{ row: 3, field: 'nilai' }],
    })
    expect((await read())[0]?.points).toEqual([])
  })
  it('is for market officers, and for series that exist', async () => {
    expect((await send('periode,nilai\n2026-01,1\n', 'viewer')).status).toBe(403)
    expect((await send('periode,nilai\n2026-01,1\n', 'market-officer', 'ihk')).status).toBe(404)
  })
})
