import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Flag, FlagReport } from '#contract/quality.ts'
import { withTransaction } from '../../database/pool.ts'
import { addDays } from '../days.ts'
import { renewFigures } from '../figures.ts'
import { storeQuotes } from '../store.ts'
import { testPrices } from '../testing/index.ts'
import { checkRecent, contextsOf, keepFlags, renewFlags } from './index.ts'

const TODAY = '2026-07-15'
const CHILI = 'cabai-rawit-merah'
let server: Awaited<ReturnType<typeof testPrices>>

beforeAll(async () => {
  server = await testPrices()
})
afterAll(() => server.close())
beforeEach(() =>
  server.pool.query('TRUNCATE quote, market_price, quote_day_city, indicator_due, quality_due, quality_flag'),
)

interface Given {
  day: string
  price: number
  market?: string
  feed?: string
}
const report = (given: Given[], check = true) =>
  withTransaction(server.pool, async (client) => {
    const rows = given.map(({ day, price, market = 'pasar-besar', feed = 'portal' }) => ({
      commodity: CHILI,
      market,
      day,
      price,
      status: 'reported' as const,
      feed: server.feed(feed),
      reportedAt: null,
    }))
    const stored = await storeQuotes(client, rows, new Date(server.time.now))
    await renewFigures(client, stored.touched, { check })
  })
const days = (count: number, price: number, until = TODAY, market = 'pasar-besar'): Given[] =>
  Array.from({ length: count }, (_, index) => ({ day: addDays(until, index - count), price, market }))
const check = () => renewFlags(server.pool, server.pack, new Date(server.time.now))
const flags = async (query = '') => {
  const answer = await server.as('market-officer')(
    'GET',
    `/api/prices/flags?from=2026-01-01&to=2026-12-31${query}`,
  )
  return (answer.json as { flags: Flag[] }).flags
}
const settle = (
  id: number | undefined,
  outcome: string,
  as: 'market-officer' | 'leader' = 'market-officer',
) => server.as(as)('POST', `/api/prices/flags/${id}/outcome`, { outcome, note: 'asked the trader' })

it('flags what came in, once, with its facts; history that is loaded is not looked at', async () => {
  await report([...days(20, 50_000), { day: addDays(TODAY, -30), price: 5 }], false)
  expect(await check()).toBe(0)
  await report([{ day: TODAY, price: 5_000 }])
  expect(await check()).toBe(1)
  expect(await check()).toBe(0)
  await server.pool.query('INSERT INTO quality_due SELECT commodity, market, day, feed FROM quality_flag')
  await check()
  expect(await flags()).toMatchObject([
    {
      check: 'digit-lost',
      severity: 'error',
      price: 5_000,
      facts: { meant: 50_000 },
      market: { code: 'pasar-besar' },
      feed: 'portal',
      outcome: null,
    },
  ])
})

it('a fault that lasts is flagged on each of its days, whether they come together or one by one', async () => {
  await report(days(20, 50_000), false)
  await report([0, 1, 2, 3].map((later) => ({ day: addDays(TODAY, later), price: 5_000 })))
  await check()
  for (const later of [4, 5, 6]) {
    await report([{ day: addDays(TODAY, later), price: 5_000 }])
    await check()
  }
  expect((await flags()).map(({ check }) => check)).toEqual(Array.from({ length: 7 }, () => 'digit-lost'))
})

it('what a verifier found true is what later values are compared with', async () => {
  await report(days(20, 50_000), false)
  await report([0, 1, 2, 3].map((later) => ({ day: addDays(TODAY, later), price: 5_000 })))
  await check()
  for (const { id } of await flags()) await settle(id, 'genuine')
  await report([{ day: addDays(TODAY, 4), price: 5_000 }])
  await check()
  expect(await flags('&open=true')).toEqual([])
})

it('a market that goes its own way is seen against the others of the day', async () => {
  const others = ['pasar-klojen', 'pasar-dinoyo', 'pasar-sukun', 'pasar-blimbing', 'pasar-kebalen']
  await report([
    ...others.map((market, index) => ({ day: TODAY, price: 50_000 + index * 500, market })),
    { day: TODAY, price: 90_000 },
  ])
  await check()
  expect(await flags()).toMatchObject([
    { check: 'outlier', market: { code: 'pasar-besar' }, facts: { markets: 5 } },
  ])
})

it('counts what became of the findings of each check', async () => {
  await report(days(20, 50_000), false)
  await report([
    { day: TODAY, price: 5_000 },
    { day: addDays(TODAY, 1), price: 70_000 },
    { day: addDays(TODAY, 2), price: 5_100 },
  ])
  await check()
  const [third, second, first] = await flags()
  expect((await settle(first?.id, 'error')).json).toMatchObject({
    outcome: 'error',
    outcomeBy: 'market-officer',
  })
  await settle(second?.id, 'genuine')
  expect((await settle(third?.id, 'false-alarm', 'leader')).status).toBe(403)
  expect((await settle(9_999_999, 'error')).status).toBe(404)
  expect((await settle(third?.id, 'perhaps')).status).toBe(400)
  const { json } = await server.as('leader')('GET', '/api/prices/flags/report?from=2026-07-01&to=2026-07-31')
  expect((json as FlagReport).checks).toEqual([
    { check: 'digit-lost', raised: 2, open: 1, error: 1, genuine: 0, falseAlarm: 0 },
    { check: 'jump', raised: 1, open: 0, error: 0, genuine: 1, falseAlarm: 0 },
  ])
  expect((await server.as('viewer')('GET', '/api/prices/flags')).status).toBe(403)
})

it('a survey that is new to a market is compared with what counted there before', async () => {
  await report([...days(20, 50_000), { day: TODAY, price: 51_000, market: 'pasar-klojen' }], false)
  const [context] = await contextsOf(server.pool, server.pack, [
    { commodity: CHILI, market: 'pasar-besar', day: TODAY, feed: server.feed('survey') },
  ])
  expect(context?.history).toHaveLength(20)
  expect(context).toMatchObject({
    range: { min: 3_000, max: 250_000 },
    others: [{ market: 'pasar-klojen', price: 51_000 }],
    unit: 'kg',
  })
})

it('a warning that a verifier found to be wrong is not compared with either', async () => {
  await report(days(20, 50_000), false)
  await report([{ day: TODAY, price: 25_000 }])
  await check()
  const [flag] = await flags()
  expect(flag).toMatchObject({ check: 'unit', severity: 'warning' })
  await settle(flag?.id, 'error')
  const [context] = await contextsOf(server.pool, server.pack, [
    { commodity: CHILI, market: 'pasar-besar', day: addDays(TODAY, 1), feed: server.feed('portal') },
  ])
  expect(context?.history.map(({ price }) => price)).not.toContain(25_000)
})

it('what was found of one of its sellers is no word on the value itself', async () => {
  await report([...days(20, 50_000), { day: TODAY, price: 50_500 }])
  const value = { commodity: CHILI, market: 'pasar-besar', day: TODAY, feed: server.feed('portal') }
  const facts = { price: 5_000, meant: 50_000, level: 50_000, zeros: 1, seller: 5_000 }
  await keepFlags(
    server.pool,
    [{ ...value, price: 50_500, findings: [{ check: 'digit-lost', severity: 'warning', facts }] }],
    new Date(server.time.now),
  )
  const [flag] = await flags()
  await settle(flag?.id, 'error')
  const [context] = await contextsOf(server.pool, server.pack, [{ ...value, day: addDays(TODAY, 1) }])
  expect(context?.history.at(-1)).toEqual({ day: TODAY, price: 50_500 })
})

it('what was found in a value that its source replaces was right, and stays with that outcome', async () => {
  await report(days(20, 50_000), false)
  await report([{ day: TODAY, price: 5_000 }])
  await check()
  expect(await flags('&open=true')).toHaveLength(1)
  server.time.now += 60_000
  await report([{ day: TODAY, price: 50_500 }])
  await check()
  expect(await flags()).toMatchObject([{ price: 5_000, outcome: 'error', outcomeBy: 'Portal' }])
})

it('a fault that stands where the loaded history ends is not what later values are compared with', async () => {
  await report([...days(20, 50_000, addDays(TODAY, -10)), ...days(10, 5_000)], false)
  await checkRecent(server.pool)
  while ((await check()) > 0);
  await report([
    { day: TODAY, price: 5_000 },
    { day: addDays(TODAY, 1), price: 50_500 },
  ])
  await check()
  expect((await flags()).map(({ price, check }) => `${check} ${price}`)).toEqual(
    Array.from({ length: 11 }, () => 'digit-lost 5000'),
  )
})
