import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { testDatabase } from '../database/testing/index.ts'
import { withTransaction } from '../database/pool.ts'
import { renewFigures } from './figures.ts'
import { storeQuotes, type QuoteRow } from './store.ts'

const NOW = new Date('2026-11-24T05:00:00Z')
const DAY = '2026-11-24'
let database: Awaited<ReturnType<typeof testDatabase>>
let feeds: Record<'survey' | 'portal', number>
let commodities = 0
/** a fresh one for each test */
let commodity = ''

beforeAll(async () => {
  database = await testDatabase()
  const made = await database.pool.query<{ number: number }>(
    `INSERT INTO feed (id, domain, mode, kind, title, priority) VALUES ('survey', 'prices', 'push', 'push', 's', 60),
       ('portal', 'prices', 'push', 'push', 'p', 50) RETURNING number`,
  )
  feeds = { survey: made.rows[0]?.number ?? 0, portal: made.rows[1]?.number ?? 0 }
  await database.pool.query(
    `INSERT INTO market (code, name, level) VALUES ('a', 'A', 'market'), ('b', 'B', 'market'), ('city', 'City', 'city')`,
  )
})
afterAll(() => database.drop())
beforeEach(() => {
  commodities += 1
  commodity = `commodity ${commodities}`
})

const quote = (price: number, more: Partial<QuoteRow> = {}): QuoteRow => ({
  day: DAY,
  market: 'a',
  commodity,
  price,
  status: 'reported',
  feed: feeds.survey,
  reportedAt: null,
  ...more,
})
const at = (hour: number) => ({ reportedAt: new Date(Date.UTC(2026, 10, 24, hour)) })
/** as one request, `minute` after NOW */
const store = (rows: QuoteRow[], minute = 0) =>
  withTransaction(database.pool, async (client) => {
    const stored = await storeQuotes(client, rows, new Date(NOW.getTime() + minute * 60_000))
    return { ...stored, city: await renewFigures(client, stored.touched) }
  })
const revisions = async () =>
  (
    await database.pool.query<{ price: number }>(
      `SELECT price FROM quote WHERE commodity = $1 ORDER BY revision`,
      [commodity],
    )
  ).rows.map(({ price }) => price)
const figure = async () =>
  (
    await database.pool.query(`SELECT median, low, high, markets FROM quote_day_city WHERE commodity = $1`, [
      commodity,
    ])
  ).rows[0]

it('keeps a correction back to a former value as a revision of its own', async () => {
  for (const [minute, price] of [40_000, 42_000, 40_000].entries())
    expect((await store([quote(price)], minute)).outcomes).toEqual(['accepted'])
  expect(await revisions()).toEqual([40_000, 42_000, 40_000])
  expect(await figure()).toMatchObject({ median: 40_000 })
})

it('takes a request twice as once, also one that corrects itself, with times and without', async () => {
  const requests = [
    [quote(1_000), quote(1_100), quote(1_100), quote(1_000)],
    [quote(2_000, { market: 'b', ...at(1) }), quote(2_100, { market: 'b', ...at(2) })],
    [quote(3_000, { feed: feeds.portal })],
  ]
  for (const [minute, rows] of requests.entries()) await store(rows, minute)
  const before = await revisions()
  expect(before.toSorted()).toEqual([1_000, 1_000, 1_100, 2_000, 2_100, 3_000])
  for (const [minute, rows] of requests.entries()) {
    const again = await store(rows, 10 + minute)
    expect(new Set(again.outcomes)).toEqual(new Set(['duplicate']))
    expect([again.quotes, again.touched]).toEqual([[], []])
  }
  expect(await revisions()).toEqual(before)
})

it('judges a row by the time that its source gave: a late one is kept and undoes nothing', async () => {
  await store([quote(5_000, at(1))], 0)
  await store([quote(5_200, at(3))], 1)
  const late = await store([quote(5_100, at(2))], 2)
  expect(late.outcomes).toEqual(['accepted'])
  expect(late.quotes).toEqual([])
  expect(await figure()).toMatchObject({ median: 5_200 })
  expect(await revisions()).toEqual([5_000, 5_200, 5_100])
  // The first request again, after it was corrected.
  expect((await store([quote(5_000, at(1))], 3)).outcomes).toEqual(['duplicate'])
  expect((await store([quote(5_000, at(4))], 4)).outcomes).toEqual(['accepted'])
  expect(await figure()).toMatchObject({ median: 5_000 })
})

it("takes each market's word from the most trusted feed, and a portal's city figure only where no market reports", async () => {
  await store([quote(9_000, { market: 'city', feed: feeds.portal })])
  expect(await figure()).toEqual({ median: 9_000, low: 9_000, high: 9_000, markets: 0 })
  await store([quote(10_000), quote(14_000, { market: 'b' })], 1)
  await store([quote(99_000, { feed: feeds.portal })], 2)
  expect(await figure()).toEqual({ median: 12_000, low: 10_000, high: 14_000, markets: 2 })
})

it('forgets the figure of a day whose prices turn out to be imputed', async () => {
  await store([quote(7_000)])
  await store([quote(7_000, { status: 'imputed' })], 1)
  expect(await figure()).toBeUndefined()
})

it('takes more revisions of a day than anybody would read', async () => {
  await database.pool.query(
    `INSERT INTO quote (day, market, commodity, feed, revision, price, received_at) VALUES ($1, 'a', $2, $3, 32767, 1, $4)`,
    [DAY, commodity, feeds.survey, NOW],
  )
  expect(await store([quote(2)], 1)).toMatchObject({ outcomes: ['accepted'], quotes: [{ revision: 32_768 }] })
})
