import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { withTransaction } from '../database/pool.ts'
import { readPriceIndex } from './basket/price-index.ts'
import { readBoard } from './board.ts'
import { readCeilings } from './ceiling-watch.ts'
import { readCommodity } from './commodity.ts'
import { cityBetween, citySeries, newestDays, pricesOn, seriesOf } from './current.ts'
import { addDays, NO_END } from './days.ts'
import { renewFigures } from './figures.ts'
import { readHeat } from './heat.ts'
import { readInputs } from './indicators/inputs-store.ts'
import { readAllFigures, readIndicators } from './indicators/page.ts'
import { renewIndicators } from './indicators/renew.ts'
import { readLater, type AsOf } from './known.ts'
import { readMap, readMarket } from './places.ts'
import { storeQuotes } from './store.ts'
import { testPrices } from './testing/index.ts'

const MONTH = '2026-06'
const FIRST = '2026-07-10'
const RICE = 'beras-medium'
const COMMODITIES = ['cabai-rawit-merah', RICE, 'bawang-merah']
const MARKETS = ['pasar-besar', 'pasar-dinoyo', 'pasar-klojen']
let server: Awaited<ReturnType<typeof testPrices>>

beforeAll(async () => {
  server = await testPrices()
})
afterAll(() => server.close())
beforeEach(async () => {
  await server.pool.query(
    `TRUNCATE quote, market_price, quote_day_city, price_month, indicator_due, quality_due, quality_flag,
       price_setting`,
  )
})

interface Said {
  commodity: string
  market: string
  day: string
  feed: string
  price: number
  withdrawn?: boolean
}
const say = async (said: readonly Said[], now: Date) => {
  await withTransaction(server.pool, async (client) => {
    const rows = said.map(({ feed, withdrawn = false, ...row }) => ({
      ...row,
      status: 'reported' as const,
      feed: server.feed(feed),
      reportedAt: null,
      void: withdrawn,
    }))
    await renewFigures(client, (await storeQuotes(client, rows, now)).touched)
  })
  await renewIndicators(server.pool, server.pack, () => now)
}
/** Evening of a day in Malang. */
const evening = (day: string) => new Date(`${day}T14:00:00Z`)

/** What every page says of a day, as a reader sees it: without which days there are prices of by now. */
async function pagesOf(day: string, known?: string): Promise<Record<string, unknown>> {
  const { pool, pack } = server
  const asked = { wanted: day, known, today: day }
  const range = { from: addDays(day, -3), to: day, known }
  const { latestDay: _, firstDay: __, ...board } = await readBoard(pool, pack, asked)
  const { latestDay: ___, ...market } = (await readMarket(pool, pack, 'pasar-besar', asked)) ?? {}
  const pages = {
    board,
    market,
    map: await readMap(pool, pack, RICE, asked),
    heat: await readHeat(pool, pack, range),
    ceilings: await readCeilings(pool, pack, asked),
    index: await readPriceIndex(pool, pack, range),
    commodity: await readCommodity(pool, pack, RICE, range),
    indicators: await readIndicators(pool, pack, RICE, { until: day, known }),
    figures: await readAllFigures(pool, pack, { until: day, known }),
  }
  return Object.fromEntries(Object.entries(pages).map(([name, page]) => [name, { ...page, known: null }]))
}
const ask = async (path: string): Promise<Record<string, unknown>> => {
  const { status, json } = await server.as('market-officer')('GET', `/api/prices/${path}`)
  expect(status, path).toBe(200)
  return json as Record<string, unknown>
}

const said = fc.record({
  commodity: fc.constantFrom(...COMMODITIES),
  market: fc.constantFrom(...MARKETS),
  /** how many days before the evening on which it is said */
  back: fc.integer({ min: 0, max: 4 }),
  feed: fc.constantFrom('survey', 'portal'),
  price: fc.integer({ min: 5_000, max: 90_000 }),
  withdrawn: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
})

it('is what the pages said on that day, whatever was reported, corrected or withdrawn since', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(said, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 4 }),
      async (days) => {
        await server.pool.query('TRUNCATE quote, market_price, quote_day_city, price_month')
        // The index needs a month to count from; it was there before.
        await say(
          server.pack.commodities.flatMap(({ code, basketWeight = 0 }) =>
            basketWeight > 0
              ? [
                  {
                    commodity: code,
                    market: 'pasar-besar',
                    day: `${MONTH}-20`,
                    feed: 'portal',
                    price: 20_000,
                  },
                ]
              : [],
          ),
          evening(`${MONTH}-20`),
        )
        const shown: { day: string; known: string; pages: unknown }[] = []
        for (const [index, told] of days.entries()) {
          const today = addDays(FIRST, index)
          server.time.now = evening(today).getTime()
          const last = new Map(
            told.map(({ back, ...one }) => {
              const row = { ...one, day: addDays(today, -back) }
              return [`${row.commodity} ${row.market} ${row.day} ${row.feed}`, row] as const
            }),
          )
          await say([...last.values()], evening(today))
          for (const day of [today, addDays(today, -2)])
            shown.push({ day, known: today, pages: await pagesOf(day) })
        }
        server.time.now = evening(addDays(FIRST, 30)).getTime()
        for (const { day, known, pages } of shown)
          expect(await pagesOf(day, known), `${day} as known on ${known}`).toEqual(pages)
      },
    ),
    { numRuns: 4 },
  )
}, 120_000)

it('is so in files, too, which say of which day it is', async () => {
  const row = { commodity: RICE, market: 'pasar-besar', feed: 'portal', day: FIRST }
  await say([{ ...row, price: 14_111 }], evening(FIRST))
  await say([{ ...row, price: 15_111 }], evening('2026-07-11'))
  server.time.now = evening('2026-07-12').getTime()
  for (const [kind, more] of [
    ['board', `day=${FIRST}`],
    ['map', `commodity=beras-medium&day=${FIRST}`],
    ['heat', `from=${FIRST}&to=${FIRST}`],
    ['ceilings', `day=${FIRST}`],
    ['commodity', 'commodity=beras-medium'],
    ['market', 'market=pasar-besar'],
    ['indicators', `day=${FIRST}`],
  ]) {
    const file = async (known: string) => {
      const path = `/api/prices/export?kind=${kind}&format=csv&${more}&known=${known}`
      const { headers, bytes } = await server.as('market-officer')('GET', path)
      expect(headers['content-disposition']).toContain(`known-${known}`)
      return bytes.toString()
    }
    expect(await file(FIRST), kind).toMatch(/14111/)
    const after = await file('2026-07-11')
    expect(after, kind).toMatch(/15111/)
    expect(after, kind).not.toMatch(/14111/)
  }
})

it('shows the newest day that was known where none is asked for', async () => {
  const row = { commodity: RICE, market: 'pasar-besar', feed: 'portal', price: 14_111 }
  await say([{ ...row, day: FIRST }], evening(FIRST))
  await say([{ ...row, day: '2026-07-20' }], evening('2026-07-20'))
  server.time.now = evening('2026-07-20').getTime()
  for (const page of ['board?', 'markets/pasar-besar?', 'map?commodity=beras-medium&', 'ceilings?'])
    expect(await ask(`${page}known=${FIRST}`)).toMatchObject({ day: FIRST, known: FIRST })
  for (const page of ['heat?', 'index?', `commodities/${RICE}?`])
    expect(await ask(`${page}known=${FIRST}`)).toMatchObject({ to: FIRST, known: FIRST })
  expect(await ask(`indicators?known=${FIRST}`)).toMatchObject({ figures: [{ day: FIRST }] })
})

it('is the same however what came later is read: looked for each time, held, or too much to be held', async () => {
  const { pool, pack } = server
  const timezone = 'Asia/Jakarta'
  const product = pack.commodities.find(({ code }) => code === RICE)
  const producer = product?.producerCode ?? ''
  expect(producer).not.toBe('')
  const place = { commodity: RICE, market: 'pasar-besar', feed: 'portal' }
  const farm = { commodity: producer, market: 'distributor-kabupaten-malang', feed: 'portal' }
  const day = (back: number) => addDays(FIRST, -back)
  const first = [0, 1, 2, 40, 70].map((back) => ({ ...place, day: day(back), price: 14_000 + back }))
  await say(
    [
      ...first,
      { ...place, commodity: 'bawang-merah', day: day(1), price: 30_000 },
      { ...farm, day: day(1), price: 11_000 },
    ],
    evening(FIRST),
  )
  await say(
    [
      // corrected, withdrawn, told for the first time, and of a month of its own
      { ...place, day: day(1), price: 15_500 },
      { ...place, day: day(40), price: 13_000, withdrawn: true },
      { ...place, market: 'pasar-dinoyo', day: FIRST, price: 16_000 },
      { ...place, commodity: 'bawang-merah', day: FIRST, price: 31_000 },
      { ...place, day: day(100), price: 13_900 },
      { ...farm, day: day(1), price: 12_000 },
      { ...farm, day: FIRST, price: 12_500 },
    ],
    evening(addDays(FIRST, 1)),
  )
  const known = { day: FIRST, timezone }
  const held = await readLater(pool, known, { until: NO_END })
  expect(held.later).toMatchObject({ days: { length: 7 } })
  const read = async (as: AsOf | undefined) => {
    const newest = await newestDays(pool, COMMODITIES, NO_END, as)
    const inputs = await readInputs(pool, pack, COMMODITIES, FIRST, as)
    const series = await seriesOf(pool, RICE, { from: day(99), to: FIRST, stepDays: 1, known: as })
    return {
      newest: [...newest].sort(),
      inputs: inputs.map(({ ceilingOn: _, ...rest }) => rest),
      city: await citySeries(pool, RICE, day(99), FIRST, as),
      all: await cityBetween(pool, day(99), FIRST, { known: as }),
      prices: await pricesOn(pool, FIRST, { carry: 7, known: as }),
      series: series
        .flatMap(({ market, days, prices }) => days.map((one, at) => `${market} ${one} ${prices[at]}`))
        .sort(),
    }
  }
  const looked = await read(known)
  expect(looked.city.map(({ day, median }) => [day, median])).toEqual(
    first.toReversed().map(({ day, price }) => [day, price]),
  )
  expect(looked.inputs[1]).toMatchObject({ commodity: RICE, producer: 11_000 })
  for (const other of [held, { ...known, later: 'much' as const }]) {
    expect(await read(other)).toEqual(looked)
  }
})
