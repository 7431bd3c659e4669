import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CommodityHistory } from '#contract/price-board.ts'
import { withTransaction } from '../database/pool.ts'
import { daysFrom } from './days.ts'
import { renewFigures } from './figures.ts'
import { storeQuotes } from './store.ts'
import { testPrices } from './testing/index.ts'

const CHILI = 'cabai-rawit-merah'
/** Two weeks from a Monday on. */
const DAYS = daysFrom('2026-06-29', '2026-07-12')
let server: Awaited<ReturnType<typeof testPrices>>
beforeAll(async () => {
  server = await testPrices()
  await withTransaction(server.pool, async (client) => {
    const rows = DAYS.map((day, index) => ({
      commodity: CHILI,
      market: 'pasar-besar',
      day,
      price: index < 7 ? 40_000 + index * 100 : 50_000,
      status: 'reported' as const,
      feed: server.feed('portal'),
      reportedAt: null,
    }))
    await renewFigures(client, (await storeQuotes(client, rows, new Date(server.time.now))).touched)
  })
})
afterAll(() => server.close())

const history = async (from: string) =>
  (await server.as()('GET', `/api/prices/commodities/${CHILI}?from=${from}&to=2026-07-12`))
    .json as CommodityHistory
const points = ({ series }: CommodityHistory) => series.map((one) => one.points)

it('tells what counted of a market day by day, and over years as means of more days, from a Monday on', async () => {
  const days = await history('2026-06-01')
  expect(days.stepDays).toBe(1)
  expect(points(days)[0]).toHaveLength(DAYS.length)

  const weeks = await history('2024-01-01')
  expect(weeks.stepDays).toBe(7)
  expect(points(weeks)).toEqual([
    [
      { day: '2026-06-29', price: 40_300, status: 'reported' },
      { day: '2026-07-06', price: 50_000, status: 'reported' },
    ],
  ])
  // The city's figures are of every day all the same.
  expect(weeks.city).toHaveLength(DAYS.length)

  const many = await history('2016-07-12')
  expect(many.stepDays).toBe(28)
  expect(points(many)).toEqual([[{ day: '2026-06-29', price: 45_150, status: 'reported' }]])
})
