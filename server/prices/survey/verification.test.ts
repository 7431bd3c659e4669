import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { PriceBoard } from '#contract/price-board.ts'
import type { MarketPage } from '#contract/prices.ts'
import type { Verification, VerificationItem } from '#contract/survey.ts'
import { withTransaction } from '../../database/pool.ts'
import { addDays } from '../days.ts'
import { renewFigures } from '../figures.ts'
import { storeQuotes } from '../store.ts'
import { CHILI, DAY, edit, MARKET, MORNING, testSurveys, type TestSurveys } from './testing/index.ts'

const OTHERS = ['pasar-klojen', 'pasar-blimbing']
let server: TestSurveys
let portal: number
beforeAll(async () => {
  server = await testSurveys()
  const { rows } = await server.pool.query<{ number: number }>(
    `INSERT INTO feed (id, domain, mode, kind, title) VALUES ('portal', 'prices', 'pull', 'x', 'Portal') RETURNING number`,
  )
  portal = rows[0]?.number ?? 0
})
afterAll(() => server.close())
beforeEach(() => server.clear())

const list = async (query = '', who = server.officer) =>
  (await who.send('GET', `/api/surveys/verification${query}`)).json as Verification
/** The portal's prices of a day, by market. */
const reported = (day: string, prices: Record<string, number>, commodity = CHILI) =>
  withTransaction(server.pool, async (client) => {
    const rows = Object.entries(prices).map(([market, price]) => ({
      market,
      commodity,
      day,
      price,
      status: 'reported' as const,
      feed: portal,
      reportedAt: null,
    }))
    await renewFigures(client, (await storeQuotes(client, rows, new Date(MORNING))).touched, { check: false })
  })
const codes = (items: readonly VerificationItem[]) => items.map(({ commodity: { code } }) => code)

it('shows an entry beside all that it can be judged by', async () => {
  await reported(addDays(DAY, -40), { [MARKET]: 1_000 })
  await reported(addDays(DAY, -3), { [MARKET]: 58_000, 'pasar-klojen': 57_000 })
  await reported(DAY, { 'pasar-klojen': 60_000, 'jawa-timur': 55_000 })
  await reported(addDays(DAY, -9), { 'pasar-blimbing': 1_000 })
  await server.siti.enter([edit({ prices: [61_000], insist: 'asked twice' })])
  await server.siti.submit()
  const { items, day, markets } = await list()
  expect(day).toBe(DAY)
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({
    market: { code: MARKET },
    day: DAY,
    entry: { price: 61_000, author: 'Siti', state: 'submitted' },
    own: false,
    previous: { day: addDays(DAY, -3), price: 58_000 },
    cityMedian: 60_000,
    otherSources: [
      { title: 'Portal · Jawa Timur', price: 55_000, day: DAY },
      { title: 'Portal', price: 58_000, day: addDays(DAY, -3) },
    ],
    ceiling: { kind: 'HAP' },
  })
  expect(markets).toMatchObject([
    {
      commodity: CHILI,
      day: DAY,
      prices: [
        { market: { code: MARKET }, price: 58_000 },
        { market: { code: 'pasar-klojen' }, price: 60_000 },
      ],
    },
  ])
  expect(items[0]?.sparkline).toHaveLength(30)
  expect(items[0]?.sparkline.flatMap((price, at) => (price === null ? [] : [[at, price]]))).toEqual([
    [26, 58_000],
  ])
})

it('has what deviates most first, and nothing that waits for no verifier', async () => {
  const before = addDays(DAY, -1)
  await reported(before, { [MARKET]: 60_000 })
  await reported(before, { [MARKET]: 14_000 }, 'beras-medium')
  await reported(before, { [MARKET]: 30_000 }, 'telur-ayam-ras')
  await server.siti.enter([
    edit({ prices: [61_000], insist: 'asked twice' }),
    edit({ commodity: 'beras-medium', prices: [14_000] }),
    edit({ commodity: 'telur-ayam-ras', prices: [36_000], insist: 'asked twice' }),
    edit({ commodity: 'bawang-merah', answer: 'not-sold', prices: [] }),
  ])
  await server.siti.submit()
  await server.siti.enter([edit({ commodity: 'kentang', prices: [15_000] })])
  expect(codes((await list()).items)).toEqual(['telur-ayam-ras', CHILI, 'bawang-merah', 'beras-medium'])
})

it('has the gravest finding of nobody’s judgement before all others', async () => {
  await reported(addDays(DAY, -1), { [MARKET]: 60_000 })
  await reported(addDays(DAY, -1), { [MARKET]: 14_000 }, 'beras-medium')
  await server.siti.enter([
    edit({ prices: [90_000], insist: 'asked twice' }),
    edit({ commodity: 'beras-medium', prices: [14_000] }),
  ])
  await server.siti.submit()
  await server.pool.query('TRUNCATE quality_flag')
  await server.pool.query(
    `INSERT INTO quality_flag (day, commodity, market, feed, price, check_name, severity, facts, raised_at)
     SELECT $1, 'beras-medium', $2, number, t.price, 'stuck', t.severity, '{"days": 40}', now()
     FROM feed, (VALUES (14000, 'error'), (13000, 'warning')) t(price, severity) WHERE id = 'survey'`,
    [DAY, MARKET],
  )
  const { items } = await list()
  expect(codes(items)).toEqual(['beras-medium', CHILI])
  expect(items[0]?.flags).toMatchObject([
    { check: 'stuck', severity: 'error', price: 14_000, feed: 'survey', outcome: null, facts: { days: 40 } },
  ])
  await server.pool.query(
    `UPDATE quality_flag SET outcome = 'false-alarm', outcome_by = 'x', outcome_at = now()`,
  )
  expect(codes((await list()).items)).toEqual([CHILI, 'beras-medium'])
})

it('tells whose it is, and of which days', async () => {
  await server.officer.enter([edit()])
  await server.officer.submit()
  const yesterday = `/api/surveys/pasar-klojen/${addDays(DAY, -1)}`
  await server.siti.enter([edit()], yesterday)
  await server.siti.submit(yesterday)
  const own = ({ items }: Verification) => items.map((item) => [item.day, item.own])
  expect(own(await list())).toEqual([
    [addDays(DAY, -1), false],
    [DAY, true],
  ])
  expect(own(await list(`?day=${DAY}`, server.other))).toEqual([[DAY, false]])
})

it('asks the database no more often for many entries than for one', async () => {
  const asked = async () => {
    let count = 0
    const query = server.pool.query.bind(server.pool)
    server.pool.query = ((...given: Parameters<typeof query>) => {
      count++
      return query(...given)
    }) as typeof server.pool.query
    const { items } = await list()
    server.pool.query = query
    return { count, items: items.length }
  }
  await list()
  await server.siti.enter([edit()])
  await server.siti.submit()
  const one = await asked()
  for (const market of OTHERS) {
    const at = `/api/surveys/${market}/${DAY}`
    const due = (await server.siti.sheet(at)).items.map(({ commodity: { code } }) => code)
    await server.siti.enter(
      due.map((commodity) => edit({ commodity, answer: 'not-sold', prices: [] })),
      at,
    )
    await server.siti.submit(at)
  }
  const many = await asked()
  expect(many.items).toBeGreaterThan(40)
  expect(one.count).toBeGreaterThan(5)
  expect(many.count).toBe(one.count)
})

it('counts what waits to be published', async () => {
  await server.pool.query(
    `INSERT INTO price_setting (key, value, changed_by, changed_at) VALUES ('publish', '"by-hand"', 'x', now())`,
  )
  await server.siti.enter([edit(), edit({ commodity: 'beras-medium', prices: [14_000] })])
  await server.siti.submit()
  const { id, entries } = await server.siti.sheet()
  await server.officer.verify(id ?? 0, ...entries)
  expect(await list()).toMatchObject({ items: [], toPublish: [{ day: DAY, entries: 2 }] })
})

it('once published, "not sold" stands on board and market page only where no other source tells of a price', async () => {
  const rice = 'beras-medium'
  await reported(DAY, { [MARKET]: 60_000 })
  await server.siti.enter(
    [CHILI, rice].map((commodity) => edit({ commodity, answer: 'not-sold', prices: [] })),
  )
  await server.siti.submit()
  const { id, entries } = await server.siti.sheet()
  await server.officer.verify(id ?? 0, ...entries)
  const board = (await server.officer.send('GET', `/api/prices/board?day=${DAY}`)).json as PriceBoard
  expect(board.rows.map(({ commodity: { code }, notSold }) => [code, notSold])).toEqual(
    expect.arrayContaining([
      [CHILI, []],
      [rice, [MARKET]],
    ]),
  )
  const page = (await server.officer.send('GET', `/api/prices/markets/${MARKET}?day=${DAY}`))
    .json as MarketPage
  expect(page.prices).toMatchObject([{ commodity: { code: CHILI }, price: 60_000 }])
  expect(page.notSold.map(({ code }) => code)).toEqual([rice])
})
