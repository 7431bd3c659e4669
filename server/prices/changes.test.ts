import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PriceBoard } from '#contract/price-board.ts'
import type {
  CeilingWatch,
  PriceHeat,
  PriceLock,
  PriceRevisions,
  PriceSource,
  SourceComparison,
} from '#contract/prices.ts'
import { withTransaction } from '../database/pool.ts'
import { defineFeed } from '../ingest/feeds-store.ts'
import { renewFigures } from './figures.ts'
import { storeQuotes, type QuoteOutcome, type QuoteRow } from './store.ts'
import { testPrices } from './testing/index.ts'

const DAY = '2026-07-14'
const CHILI = 'cabai-rawit-merah'
let server: Awaited<ReturnType<typeof testPrices>>

beforeAll(async () => {
  server = await testPrices()
})
afterAll(() => server.close())
beforeEach(async () => {
  server.time.now = Date.parse('2026-07-15T03:00:00Z')
  await server.pool.query(
    'TRUNCATE quote, market_price, quote_day_city, indicator_due, quality_due, price_lock, price_setting',
  )
  await server.pool.query(`UPDATE feed SET priority = CASE id WHEN 'survey' THEN 60 ELSE 50 END`)
})

interface Given {
  price: number
  market?: string
  day?: string
  feed?: 'survey' | 'portal'
  status?: QuoteRow['status']
  commodity?: string
}
/** As one request of the sources, now. */
const report = (...given: Given[]): Promise<QuoteOutcome[]> =>
  withTransaction(server.pool, async (client) => {
    const rows = given.map(
      ({
        price,
        market = 'pasar-besar',
        day = DAY,
        feed = 'portal',
        status = 'reported',
        commodity = CHILI,
      }) => ({
        market,
        commodity,
        day,
        price,
        status,
        feed: server.feed(feed),
        reportedAt: null,
      }),
    )
    const stored = await storeQuotes(client, rows, new Date(server.time.now))
    await renewFigures(client, stored.touched)
    return stored.outcomes
  })
const later = (hours: number) => (server.time.now += hours * 3_600_000)
const officer = () => server.as('market-officer')
const correction = (more: object = {}) => ({
  commodity: CHILI,
  market: 'pasar-besar',
  day: DAY,
  feed: 'portal',
  revision: 1,
  price: 96_000,
  reason: 'a zero was lost',
  ...more,
})
const correct = (more: object = {}) => officer()('POST', '/api/prices/corrections', correction(more))
const rowOf = async (query = ''): Promise<PriceBoard['rows'][number] | undefined> => {
  const { json } = await server.as('viewer')('GET', `/api/prices/board?day=${DAY}${query}`)
  return (json as PriceBoard).rows.find(({ commodity }) => commodity.code === CHILI)
}

describe('a correction', () => {
  it('is a new revision with author, time and reason, and counts from then on', async () => {
    await report({ price: 9_600 })
    later(1)
    const { status, json } = await correct()
    expect(status).toBe(200)
    expect((json as PriceRevisions).revisions).toMatchObject([
      { revision: 1, price: 9_600, status: 'reported', author: null, counts: false },
      {
        revision: 2,
        price: 96_000,
        status: 'corrected',
        author: 'market-officer',
        reason: 'a zero was lost',
        receivedAt: '2026-07-15T04:00:00.000Z',
        counts: true,
      },
    ])
    expect((await rowOf())?.quotes).toMatchObject([{ price: 96_000, status: 'corrected', revision: 2 }])
    expect((await rowOf())?.city).toMatchObject({ median: 96_000 })
  })

  it('stands while its source repeats the mistake, and gives way to what the source says anew', async () => {
    await report({ price: 9_600 })
    later(1)
    await correct()
    later(1)
    expect(await report({ price: 9_600 })).toEqual(['duplicate'])
    expect((await rowOf())?.city).toMatchObject({ median: 96_000 })
    later(1)
    expect(await report({ price: 97_000 })).toEqual(['accepted'])
    expect((await rowOf())?.city).toMatchObject({ median: 97_000 })
  })

  it('counts even where the clock of the source is ahead', async () => {
    await withTransaction(server.pool, async (client) => {
      const row = {
        market: 'pasar-besar',
        commodity: CHILI,
        day: DAY,
        price: 9_600,
        status: 'reported' as const,
      }
      const stored = await storeQuotes(
        client,
        [{ ...row, feed: server.feed('portal'), reportedAt: new Date(server.time.now + 86_400_000) }],
        new Date(server.time.now),
      )
      await renewFigures(client, stored.touched)
    })
    expect((await correct()).status).toBe(200)
    expect((await rowOf())?.city).toMatchObject({ median: 96_000 })
  })

  it('can withdraw a price: another source counts then, or none', async () => {
    await report({ price: 9_600 }, { price: 50_000, feed: 'survey' })
    await correct({ feed: 'survey', price: null })
    expect((await rowOf())?.quotes).toMatchObject([{ price: 9_600, feed: 'portal' }])
    await correct({ price: null })
    const row = await rowOf()
    expect([row?.quotes, row?.city]).toEqual([[], null])
    const { json } = await server.as('viewer')(
      'GET',
      `/api/prices/commodities/${CHILI}/revisions?market=pasar-besar&day=${DAY}`,
    )
    expect((json as PriceRevisions).revisions.filter((one) => one.void)).toHaveLength(2)
  })

  it.each([
    ['another revision than the one that was seen', { revision: 2 }, 409],
    ['the price that stands', { price: 9_600 }, 409],
    ['a source that said nothing', { feed: 'survey' }, 404],
    ['no reason', { reason: '' }, 400],
    ['a price of nothing', { price: 0 }, 400],
    ['a day that does not exist', { day: '2026-02-30' }, 400],
  ])('is refused with %s', async (_, more, status) => {
    await report({ price: 9_600 })
    expect((await correct(more)).status).toBe(status)
    expect((await rowOf())?.city).toMatchObject({ median: 9_600 })
  })

  it.each(['viewer', 'operator', 'surveyor', 'leader'] as const)('is not for the role %s', async (role) => {
    await report({ price: 9_600 })
    expect((await server.as(role)('POST', '/api/prices/corrections', correction())).status).toBe(403)
  })

  it('shows guests no names', async () => {
    await report({ price: 9_600 })
    await correct()
    const { json } = await server.as()(
      'GET',
      `/api/prices/commodities/${CHILI}/revisions?market=pasar-besar&day=${DAY}`,
    )
    expect(JSON.stringify(json)).not.toContain('"market-officer"')
  })
})

describe('figures as they were known', () => {
  it('leave out what came later, on the board and in the history', async () => {
    // An hour before midnight in the city, and an hour after.
    server.time.now = Date.parse('2026-07-14T16:00:00Z')
    await report({ price: 9_600 })
    later(2)
    await correct()
    await report({ price: 80_000, market: 'pasar-klojen' })
    expect((await rowOf())?.city).toMatchObject({ median: 88_000, markets: 2 })
    expect((await rowOf('&known=2026-07-14'))?.city).toMatchObject({ median: 9_600, markets: 1 })
    expect((await rowOf('&known=2026-07-13'))?.city).toBeNull()
    const { json } = await server.as('viewer')(
      'GET',
      `/api/prices/commodities/${CHILI}?from=${DAY}&to=${DAY}&known=2026-07-14`,
    )
    expect(json).toMatchObject({
      known: '2026-07-14',
      city: [{ median: 9_600 }],
      series: [{ points: [{ price: 9_600, status: 'reported' }] }],
    })
  })
})

describe('a closed month', () => {
  const close = (month: string) =>
    officer()('POST', '/api/prices/locks', { month, reason: 'reported to the mayor' })

  it('changes by nothing: neither by a source nor by a correction', async () => {
    await report({ price: 50_000, day: '2026-06-30' })
    expect((await close('2026-06')).status).toBe(200)
    expect(
      await report(
        { price: 50_000, day: '2026-06-30' },
        { price: 51_000, day: '2026-06-29' },
        { price: 52_000, day: '2026-07-01' },
      ),
    ).toEqual(['duplicate', 'locked', 'accepted'])
    const answer = await correct({ day: '2026-06-30', price: 55_000 })
    expect(answer).toMatchObject({ status: 409, json: { field: 'day' } })
    expect((await server.pool.query('SELECT price FROM quote ORDER BY price')).rows).toEqual([
      { price: 50_000 },
      { price: 52_000 },
    ])
  })

  it('is opened again by an administrator only, with a reason, and both stay on record', async () => {
    const { json } = await close('2026-06')
    const id = (json as { locks: PriceLock[] }).locks[0]?.id
    const reason = { reason: 'a market sent its list late' }
    expect((await officer()('POST', `/api/prices/locks/${id}/unlock`, reason)).status).toBe(403)
    const opened = await server.as('admin')('POST', `/api/prices/locks/${id}/unlock`, reason)
    expect(opened.json).toMatchObject({
      locks: [
        {
          month: '2026-06',
          lockedBy: 'market-officer',
          unlockedBy: 'admin',
          unlockReason: reason.reason,
        },
      ],
    })
    expect(await report({ price: 51_000, day: '2026-06-29' })).toEqual(['accepted'])
    expect((await server.as('admin')('POST', `/api/prices/locks/${id}/unlock`, reason)).status).toBe(404)
  })

  it('is not the running month, and closes once', async () => {
    expect((await close('2026-07')).status).toBe(400)
    expect((await close('2026-06')).status).toBe(200)
    expect((await close('2026-06')).status).toBe(409)
  })
})

describe('sources', () => {
  const compare = async () =>
    (await server.as('viewer')('GET', `/api/prices/commodities/${CHILI}/sources?from=2026-07-01&to=${DAY}`))
      .json as SourceComparison

  it('stand beside the figure that counts, with their difference', async () => {
    await report(
      { price: 100_000, feed: 'survey' },
      { price: 90_000 },
      { price: 110_000, market: 'pasar-klojen' },
    )
    const { sources } = await compare()
    expect(sources.map(({ source, daysCounting }) => [source.feed, daysCounting])).toEqual([
      ['survey', 1],
      ['portal', 1],
    ])
    // The city: median of 100,000 (survey at one market) and 110,000 (portal at the other).
    expect(sources[1]).toMatchObject({
      points: [{ day: DAY, price: 100_000, markets: 2 }],
      latest: { counts: 105_000, difference: -5_000 / 105_000 },
    })
  })

  it('count in the order that an administrator sets', async () => {
    await report({ price: 100_000, feed: 'survey' }, { price: 90_000 })
    const order = { order: ['portal', 'survey'] }
    expect((await officer()('PUT', '/api/prices/sources', order)).status).toBe(403)
    expect((await server.as('admin')('PUT', '/api/prices/sources', { order: ['portal'] })).status).toBe(400)
    expect((await server.as('admin')('PUT', '/api/prices/sources', order)).status).toBe(200)
    expect((await rowOf())?.city).toMatchObject({ median: 90_000 })
  })

  it('keep that order when the server starts anew and defines them again', async () => {
    const order = ['portal', 'survey']
    await server.as('admin')('PUT', '/api/prices/sources', { order })
    const portal = { id: 'portal', domain: 'prices', mode: 'pull', kind: 'x', title: 'Portal' } as const
    await defineFeed(server.pool, { ...portal, priority: 0 })
    const { json } = await server.as('viewer')('GET', '/api/prices/sources')
    expect((json as { sources: PriceSource[] }).sources.map(({ feed }) => feed)).toEqual(order)
  })

  it('keep their order in a closed month until it is opened again', async () => {
    const day = '2026-06-30'
    const median = async () =>
      (await server.pool.query('SELECT median FROM quote_day_city WHERE day = $1', [day])).rows
    await report({ price: 100_000, feed: 'survey', day }, { price: 90_000, day })
    const admin = server.as('admin')
    const { json } = await admin('POST', '/api/prices/locks', { month: '2026-06', reason: 'reported' })
    await admin('PUT', '/api/prices/sources', { order: ['portal', 'survey'] })
    expect(await median()).toEqual([{ median: 100_000 }])
    const id = (json as { locks: PriceLock[] }).locks[0]?.id
    await admin('POST', `/api/prices/locks/${id}/unlock`, { reason: 'counted by the new order' })
    expect(await median()).toEqual([{ median: 90_000 }])
  })
})

describe('pages', () => {
  it('a market shows what it has, what is missing, and what is above', async () => {
    await report(
      { price: 60_000 },
      { price: 50_000, day: '2026-07-13' },
      { price: 58_000, market: 'pasar-klojen' },
    )
    const { json } = await server.as('viewer')('GET', `/api/prices/markets/pasar-besar?day=${DAY}`)
    expect(json).toMatchObject({
      prices: [{ price: 60_000, before: 50_000, city: 59_000, ceiling: { kind: 'HAP', price: 57_000 } }],
    })
    const { missing } = json as { missing: { code: string }[] }
    expect(missing.map(({ code }) => code)).toContain('bawang-merah')
    expect(missing.map(({ code }) => code)).not.toContain(CHILI)
    expect((await server.as('viewer')('GET', '/api/prices/markets/kota-malang')).status).toBe(404)
  })

  it('the map tells carried prices from those of the day and markets without any', async () => {
    await report({ price: 60_000, day: '2026-07-10' }, { price: 58_000, market: 'pasar-klojen' })
    const { json } = await server.as('viewer')('GET', `/api/prices/map?commodity=${CHILI}&day=${DAY}`)
    const { places } = json as { places: { market: { code: string }; quote: { status: string } | null }[] }
    const status = (code: string) => places.find(({ market }) => market.code === code)?.quote?.status
    expect([status('pasar-besar'), status('pasar-klojen'), status('pasar-sukun')]).toEqual([
      'carried',
      'reported',
      undefined,
    ])
  })

  it('the heat map has a value a day', async () => {
    await report({ price: 60_000, day: '2026-07-12' }, { price: 58_000 })
    const { json } = await server.as('viewer')('GET', `/api/prices/heat?from=2026-07-12&to=${DAY}`)
    expect((json as PriceHeat).rows).toMatchObject([{ usual: 59_000, medians: [60_000, null, 58_000] }])
    expect((await server.as('viewer')('GET', '/api/prices/heat?from=2020-01-01&to=2026-01-01')).status).toBe(
      400,
    )
  })

  it('the ceiling watch judges each day by its own rule', async () => {
    // HET of medium rice in zone 1: 12,500 until 2025-08-21, 13,500 from the day after.
    const rice = { commodity: 'beras-medium', price: 13_000 }
    await report(
      { ...rice, day: '2025-08-20' },
      { ...rice, day: '2025-08-21' },
      { ...rice, day: '2025-08-22' },
    )
    const on = async (day: string) =>
      ((await server.as('viewer')('GET', `/api/prices/ceilings?day=${day}`)).json as CeilingWatch).rows.find(
        ({ commodity }) => commodity.code === 'beras-medium',
      )
    expect(await on('2025-08-21')).toMatchObject({
      ceiling: { kind: 'HET', price: 12_500 },
      excess: 0.04,
      daysAbove: 2,
      aboveSince: '2025-08-20',
      markets: [{ price: 13_000 }],
    })
    const after = await on('2025-08-22')
    expect(after).toMatchObject({
      ceiling: { price: 13_500 },
      daysAbove: 2,
      daysKnown: 3,
      aboveSince: null,
      markets: [],
    })
    expect(after?.excess).toBeCloseTo(-500 / 13_500)
  })
})

it('settings are kept, with what was before in the audit', async () => {
  const settings = (await server.as('viewer')('GET', '/api/settings/prices')).json as object
  expect((await officer()('PUT', '/api/settings/prices', settings)).status).toBe(403)
  const answer = await server.as('admin')('PUT', '/api/settings/prices', { ...settings, deadline: '10:30' })
  expect(answer.json).toEqual({ ...settings, deadline: '10:30' })
  const audit = await server.pool.query(
    `SELECT detail FROM audit WHERE action = 'setting-changed' AND subject = 'prices' ORDER BY id DESC LIMIT 1`,
  )
  expect(audit.rows).toEqual([{ detail: { before: { deadline: '09:00' }, after: { deadline: '10:30' } } }])
})
