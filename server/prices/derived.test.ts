import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { withTransaction } from '../database/pool.ts'
import { AppError } from '../errors.ts'
import { readBoard } from './board.ts'
import { renewFigures } from './figures.ts'
import { applyImport } from './import/apply.ts'
import { takeFile } from './import/imports.ts'
import { recomputeAll, renewIndicators } from './indicators/index.ts'
import { lockMonth, readLocks, unlockMonth } from './locks.ts'
import { correctPrice } from './revisions.ts'
import { orderSources, readSources } from './sources.ts'
import { storeQuotes } from './store.ts'
import { testPrices } from './testing/index.ts'

const DAYS = ['2026-06-29', '2026-06-30', '2026-07-01']
const COMMODITIES = ['cabai-rawit-merah', 'tomat']
/** Two markets, and portals' figures for the whole city and the province. */
const PLACES = ['pasar-besar', 'pasar-klojen', 'kota-malang', 'jawa-timur']
const ACTOR = 'rina'
const RINA = { actor: ACTOR, name: 'Rina' }
const SOURCES = ['survey', 'portal', 'import:berkas']

let server: Awaited<ReturnType<typeof testPrices>>
const clock = () => new Date(server.time.now)
beforeAll(async () => {
  server = await testPrices()
})
afterAll(() => server.close())
const clear = async () => {
  server.time.now = Date.parse('2026-07-02T03:00:00Z')
  await server.pool.query(
    `TRUNCATE quote, market_price, quote_day_city, indicator_due, quality_due, quality_flag, price_lock,
       price_month, indicator_current, forecast_score, forecast, price_import, import_mapping`,
  )
  await server.pool.query(
    `UPDATE feed SET priority = CASE id WHEN 'survey' THEN 60 WHEN 'portal' THEN 50 ELSE 10 END`,
  )
}
beforeEach(clear)

const place = fc.record({
  day: fc.constantFrom(...DAYS),
  commodity: fc.constantFrom(...COMMODITIES),
  market: fc.constantFrom(...PLACES),
})
/** Even ones: the mean of two is a whole number. */
const price = fc.integer({ min: 500, max: 50_000 }).map((half) => half * 2)
const reports = fc.record({
  kind: fc.constant('report' as const),
  feed: fc.constantFrom('survey', 'portal'),
  rows: fc.array(
    fc.record({
      at: place,
      price,
      status: fc.constantFrom('reported' as const, 'imputed' as const),
      /** by the source's own clock, which may be late or ahead */
      minutes: fc.option(fc.integer({ min: -3_000, max: 100 })),
    }),
    { minLength: 1, maxLength: 4 },
  ),
})
const corrections = fc.record({
  kind: fc.constant('correct' as const),
  at: place,
  feed: fc.constantFrom(...SOURCES),
  price: fc.option(price),
})
const imports = fc.record({
  kind: fc.constant('import' as const),
  rows: fc.array(fc.record({ at: place, price }), { minLength: 1, maxLength: 4 }),
})
const renewals = fc.record({ kind: fc.constant('renew' as const) })
const closings = fc.record({ kind: fc.constantFrom('close' as const, 'open' as const) })
const orders = fc.record({
  kind: fc.constant('order' as const),
  sources: fc.shuffledSubarray(SOURCES, { minLength: SOURCES.length }),
})
const changes = fc.oneof(reports, reports, corrections, imports)
type Step =
  typeof changes | typeof renewals | typeof closings | typeof orders extends fc.Arbitrary<infer S> ? S : never

async function take(step: Step): Promise<void> {
  const { pool, pack, context } = server
  server.time.now += 60_000
  switch (step.kind) {
    case 'report':
      return withTransaction(pool, async (client) => {
        const rows = step.rows.map(({ at, price, status, minutes }) => ({
          ...at,
          price,
          status,
          feed: server.feed(step.feed),
          reportedAt: minutes === null ? null : new Date(server.time.now + minutes * 60_000),
        }))
        await renewFigures(client, (await storeQuotes(client, rows, clock())).touched)
      })
    case 'correct': {
      const { day, commodity, market } = step.at
      const { rows } = await pool.query<{ revision: number }>(
        `SELECT q.revision FROM quote q JOIN feed f ON f.number = q.feed
         WHERE f.id = $1 AND q.day = $2 AND q.commodity = $3 AND q.market = $4
         ORDER BY coalesce(q.reported_at, q.received_at) DESC, q.revision DESC LIMIT 1`,
        [step.feed, day, commodity, market],
      )
      const { feed, price } = step
      const correction = { ...step.at, feed, price, revision: rows[0]?.revision ?? 1, reason: 'misread' }
      return unlessRefused(correctPrice(pool, correction, RINA, clock()))
    }
    case 'import': {
      const lines = step.rows.map(({ at, price }) => `${at.day},${at.market},${at.commodity},${price}`)
      const file = Buffer.from(['Tanggal,Pasar,Komoditas,Harga', ...lines].join('\n'))
      const { id } = await takeFile(context, 'Berkas.csv', file, RINA.name)
      return void (await applyImport(context, id, { remember: false, viewer: RINA }))
    }
    case 'renew':
      return void (await renewIndicators(pool, pack, clock))
    case 'close': {
      const at = { now: clock(), today: '2026-07-02' }
      return unlessRefused(lockMonth(pool, { month: '2026-06', reason: 'reported' }, RINA, at))
    }
    case 'open': {
      const open = (await readLocks(pool)).find(({ unlockedAt }) => unlockedAt === null)
      const why = { reason: 'one was missing', now: clock() }
      return open === undefined ? undefined : unlockMonth(pool, open.id, RINA, why)
    }
    case 'order': {
      const known = new Set((await readSources(pool)).map(({ feed }) => feed))
      const order = step.sources.filter((source) => known.has(source))
      return orderSources(pool, order, ACTOR, clock())
    }
  }
}
/** Nothing was said there, nothing would change, or the month is closed. */
async function unlessRefused(done: Promise<unknown>): Promise<void> {
  await done.catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error
    expect(['not-found', 'conflict']).toContain(error.kind)
  })
}

interface Said {
  day: string
  commodity: string
  market: string
  level: string
  feed: number
  priority: number
  revision: number
  price: number
  status: string
  void: boolean
  told: Date
}
const middle = (values: readonly number[]): number => {
  const inOrder = values.toSorted((a, b) => a - b)
  const half = inOrder.length / 2
  return ((inOrder[Math.ceil(half) - 1] ?? 0) + (inOrder[Math.floor(half)] ?? 0)) / 2
}
const grouped = <T>(all: readonly T[], key: (one: T) => string) =>
  [...new Set(all.map(key))].sort().map((one) => all.filter((other) => key(other) === one))

/** What counts, and the figures of city and province, from all that was ever said, as the rules are told in words. */
async function recount() {
  const { rows } = await server.pool.query<Said>(
    `SELECT q.*, m.level, f.priority, coalesce(q.reported_at, q.received_at) AS told
     FROM quote q JOIN feed f ON f.number = q.feed JOIN market m ON m.code = q.market`,
  )
  const lastWords = grouped(rows, (one) => `${one.day} ${one.commodity} ${one.market} ${one.feed}`).flatMap(
    (same) => same.toSorted((a, b) => +b.told - +a.told || b.revision - a.revision).slice(0, 1),
  )
  const counting = grouped(
    lastWords.filter((one) => !one.void),
    (one) => `${one.commodity} ${one.day} ${one.market}`,
  ).flatMap((same) =>
    same
      .toSorted(
        (a, b) =>
          +(a.status === 'imputed') - +(b.status === 'imputed') || b.priority - a.priority || a.feed - b.feed,
      )
      .slice(0, 1),
  )
  const figures = (levels: readonly string[]) =>
    grouped(
      counting.filter(({ level, status }) => levels.includes(level) && status !== 'imputed'),
      (one) => `${one.commodity} ${one.day}`,
    ).map((same) => {
      const markets = same.filter(({ level }) => level === 'market')
      const prices = (markets.length > 0 ? markets : same).map(({ price }) => price)
      const [{ commodity, day }] = same as [Said]
      return { commodity, day, median: middle(prices), low: Math.min(...prices), markets: markets.length }
    })
  return {
    counting: counting.map(({ commodity, day, market, price, status, feed, revision }) =>
      [commodity, day, market, price, status, feed, revision].join(' '),
    ),
    city: figures(['market', 'city']),
  }
}
async function standing() {
  const read = async <T extends object>(text: string) => (await server.pool.query<T>(text)).rows
  return {
    counting: (
      await read<{ said: string }>(
        `SELECT concat_ws(' ', commodity, day, market, price, status, feed, revision) AS said FROM market_price
         ORDER BY concat_ws(' ', commodity, day, market) COLLATE "C"`,
      )
    ).map(({ said }) => said),
    city: await read(
      'SELECT commodity, day, median, low, markets FROM quote_day_city ORDER BY commodity COLLATE "C", day',
    ),
  }
}
const indicators = async () =>
  (
    await server.pool.query(
      `SELECT (SELECT jsonb_agg(m ORDER BY m) FROM (SELECT commodity, month, days, total, squares FROM price_month) m) AS months,
         (SELECT jsonb_agg(c ORDER BY c) FROM (SELECT commodity, day, figures FROM indicator_current) c) AS figures,
         (SELECT jsonb_agg(f ORDER BY f) FROM (SELECT commodity, origin, figures FROM forecast) f) AS forecasts`,
    )
  ).rows

it('whatever happens in whatever order, all that is derived is what a recount of all that was said gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(changes, changes, renewals, closings, orders), { minLength: 5, maxLength: 25 }),
      async (steps) => {
        await clear()
        for (const step of steps) await take(step)
        // In a closed month the order of its closing stands.
        await take({ kind: 'open' })
        expect(await standing()).toEqual(await recount())
        await take({ kind: 'renew' })
        const renewed = await indicators()
        await recomputeAll(server.pool, server.pack, clock)
        expect(await indicators()).toEqual(renewed)
      },
    ),
    { numRuns: 20 },
  )
}, 120_000)

it('a board as it was known on a day is the board that was shown on that day', async () => {
  const board = async (wanted: string, known?: string) => {
    const { rows } = await readBoard(server.pool, server.pack, { wanted, known, today: '2026-07-06' })
    return rows.map(({ commodity, city, yesterday, quotes }) => ({
      commodity: commodity.code,
      city,
      yesterday,
      quotes: quotes.toSorted((a, b) => (a.market < b.market ? -1 : 1)),
    }))
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.oneof(changes, closings), { minLength: 1, maxLength: 5 }), {
        minLength: 2,
        maxLength: 4,
      }),
      async (evenings) => {
        await clear()
        const shown: [day: string, known: string, rows: unknown][] = []
        for (const [index, steps] of evenings.entries()) {
          server.time.now = Date.parse(`2026-07-0${index + 2}T03:00:00Z`)
          for (const step of steps) await take(step)
          const evening = `2026-07-0${index + 2}`
          for (const day of DAYS) shown.push([day, evening, await board(day)])
        }
        for (const [day, known, rows] of shown)
          expect(await board(day, known), `${day} as known on ${known}`).toEqual(rows)
      },
    ),
    { numRuns: 15 },
  )
}, 120_000)
