import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { PublicPrices } from '#contract/prices.ts'
import { DEFAULT_PRICE_SETTINGS, type PriceSettings } from '#contract/prices.ts'
import { withTransaction } from '../../database/pool.ts'
import { renewFigures } from '../figures.ts'
import { storeQuotes } from '../store.ts'
import { CHILI, DAY, edit, testSurveys, type TestSurveys } from '../survey/testing/index.ts'
import { changeOf } from './read.ts'

const RICE = 'beras-medium'
let server: TestSurveys
let portal: number

beforeAll(async () => {
  server = await testSurveys()
  const made = await server.pool.query<{ number: number }>(
    `INSERT INTO feed (id, domain, mode, kind, title, priority)
     VALUES ('portal-rahasia', 'prices', 'pull', 'x', 'Portal Provinsi', 50) RETURNING number`,
  )
  portal = made.rows[0]?.number ?? 0
})
afterAll(() => server.close())
let tests = 0
beforeEach(async () => {
  await server.clear()
  // What the test before read is kept for a moment.
  later(600 * (tests += 1))
})

const later = (seconds: number) => (server.time.now += seconds * 1_000)
const set = async (settings: Partial<PriceSettings>) => {
  const answer = await server.as('admin')('PUT', '/api/settings/prices', {
    ...DEFAULT_PRICE_SETTINGS,
    ...settings,
  })
  expect(answer.status).toBe(200)
  later(60)
}
const report = (commodity: string, prices: [day: string, market: string, price: number][]) =>
  withTransaction(server.pool, async (client) => {
    const rows = prices.map(([day, market, price]) => ({
      commodity,
      day,
      market,
      price,
      status: 'reported' as const,
      feed: portal,
      reportedAt: null,
    }))
    await renewFigures(client, (await storeQuotes(client, rows, new Date(server.time.now))).touched)
  })
const asked = async (query = '') => {
  const answer = await server.as()('GET', `/api/public/prices${query}`)
  return { ...answer, prices: answer.json as PublicPrices }
}

it.each([
  [{}, 404, 404],
  [{ publicPage: true }, 200, 404],
  [{ tvPage: true }, 404, 200],
])('with %j the public page answers %i and the TV %i', async (settings, page, tv) => {
  await set(settings)
  expect((await asked()).status).toBe(page)
  expect((await asked('?screen=tv')).status).toBe(tv)
})

it('shows city medians with what they are compared with, and says what is older', async () => {
  await set({ publicPage: true })
  await report(CHILI, [
    ['2026-07-08', 'pasar-besar', 50_000],
    ['2026-07-14', 'pasar-besar', 62_500],
    [DAY, 'pasar-besar', 60_000],
    [DAY, 'pasar-dinoyo', 70_000],
  ])
  await report(RICE, [['2026-07-12', 'pasar-besar', 13_000]])
  const { prices } = await asked()
  expect(prices).toMatchObject({ city: 'Kota Malang', day: DAY, market: null, demo: false })
  expect(prices.markets.map(({ level }) => level)).not.toContain('producer')
  expect(prices.rows.map(({ commodity: { code }, ...row }) => [code, row])).toMatchObject([
    [
      RICE,
      { price: 13_000, day: '2026-07-12', status: 'carried', change: null, sources: ['Portal Provinsi'] },
    ],
    [CHILI, { price: 65_000, day: DAY, status: 'reported', change: 0.04, weekChange: 0.3 }],
  ])
  expect(prices.rows[0]?.ceiling).toMatchObject({ kind: 'HET', price: 13_500 })
})

it('shows one market, an older day by what stood then, and names no market that is none', async () => {
  await set({ tvPage: true })
  await report(CHILI, [
    ['2026-07-01', 'pasar-dinoyo', 40_000],
    [DAY, 'pasar-besar', 60_000],
    [DAY, 'pasar-dinoyo', 70_000],
  ])
  const now = await asked('?screen=tv&market=pasar-dinoyo')
  expect(now.prices).toMatchObject({ market: { code: 'pasar-dinoyo' }, rows: [{ price: 70_000 }] })
  const then = await asked('?screen=tv&market=pasar-dinoyo&day=2026-07-01')
  expect(then.prices).toMatchObject({ day: '2026-07-01', rows: [{ price: 40_000 }] })
  const nowhere = await asked('?screen=tv&market=kota-malang')
  expect([nowhere.status, nowhere.json]).toMatchObject([404, { market: 'kota-malang' }])
  expect((await asked('?screen=tv&day=2026-02-30')).status).toBe(400)
})

it('shows what officers entered only once it is published, and never who they are', async () => {
  await set({ publicPage: true, publish: 'by-hand' })
  await report(RICE, [[DAY, 'pasar-besar', 13_000]])
  await server.siti.enter([edit({ prices: [61_000] })])
  await server.siti.submit()
  const { prices, bytes } = await asked()
  expect(prices.rows.map(({ commodity }) => commodity.code)).toEqual([RICE])
  expect(bytes.toString()).not.toMatch(/Siti|portal-rahasia|feed|revision|61000/)
})

it('is kept by browsers for a minute, and is not sent again unchanged', async () => {
  await set({ publicPage: true })
  await report(RICE, [[DAY, 'pasar-besar', 13_000]])
  const first = await asked()
  expect(first.headers['cache-control']).toBe('public, max-age=60')
  const again = () =>
    server.app.inject({
      url: '/api/public/prices',
      headers: { 'if-none-match': String(first.headers.etag) },
    })
  expect((await again()).statusCode).toBe(304)
  await report(RICE, [[DAY, 'pasar-dinoyo', 14_000]])
  later(60)
  expect((await again()).json()).toMatchObject({ rows: [{ price: 13_500 }] })
})

it.each([
  [110, 100, 0.1],
  [90, 100, -0.1],
  [100, 100, 0],
  [100, null, null],
])('%i after %j changed by %j', (now, before, change) => {
  expect(changeOf(now, before)).toEqual(change === null ? null : expect.closeTo(change, 10))
})
