import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadPack } from '../../cities/index.ts'
import { testDatabase, type TestDatabase } from '../../database/testing/index.ts'
import { withTransaction } from '../../database/pool.ts'
import { addDays } from '../days.ts'
import { renewFigures } from '../figures.ts'
import { lockQuotes, storeQuotes, type QuoteRow } from '../store.ts'
import { storeBulk } from './bulk.ts'

let database: TestDatabase
const feeds = { portal: 0, own: 0 }
beforeAll(async () => {
  database = await testDatabase()
  const { markets } = await loadPack('malang')
  await database.pool.query(
    `INSERT INTO market (code, name, level) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`,
    (['code', 'name', 'level'] as const).map((key) => markets.map((market) => market[key])),
  )
  for (const [id, priority] of [
    ['portal', 50],
    ['own', 10],
  ] as const) {
    const made = await database.pool.query<{ number: number }>(
      `INSERT INTO feed (id, domain, mode, kind, title, priority) VALUES ($1, 'prices', 'push', 'x', $1, $2) RETURNING number`,
      [id, priority],
    )
    feeds[id] = made.rows[0]?.number ?? 0
  }
})
afterAll(() => database.drop())

const PLACES = [
  'pasar-besar',
  'pasar-klojen',
  'pasar-sukun',
  'kota-malang',
  'jawa-timur',
  'ud-rph-kota-malang',
]
/** Of some markets, commodities and days, by chance that is always the same. */
function rowsOf(feed: number, seed: number, share: number): QuoteRow[] {
  let state = seed
  const chance = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  const rows: QuoteRow[] = []
  for (let turn = 0; turn < 200; turn += 1)
    for (const market of PLACES)
      for (const commodity of ['tomat', 'wortel'])
        if (chance() < share)
          rows.push({
            day: addDays('2026-01-01', turn),
            market,
            commodity,
            price: 8_000 + Math.floor(chance() * 20) * 100,
            status: chance() < 0.2 ? 'imputed' : 'reported',
            feed,
            reportedAt: null,
          })
  return rows
}
const oneByOne = (rows: QuoteRow[], at: string) =>
  withTransaction(database.pool, async (client) =>
    renewFigures(client, (await storeQuotes(client, rows, new Date(at))).touched),
  )
const DERIVED = ['quote', 'market_price', 'quote_day_city', 'indicator_due', 'quality_due']
const everything = async () =>
  Object.fromEntries(
    await Promise.all(
      DERIVED.map(async (table) => {
        const { rows } = await database.pool.query<{ line: string }>(
          `SELECT t::text AS line FROM ${table} t ORDER BY 1`,
        )
        return [table, rows.map(({ line }) => line)] as const
      }),
    ),
  )

it('a bulk leaves just what storing one by one leaves, among other sources and as revisions, too', async () => {
  const [before, first, second] = [
    rowsOf(feeds.portal, 7, 0.3),
    rowsOf(feeds.own, 11, 0.7),
    rowsOf(feeds.own, 13, 0.5),
  ]
  const empty = () => database.pool.query(`TRUNCATE ${DERIVED.join(', ')}`)
  const [a, b, c] = ['2026-08-01T00:00:00Z', '2026-08-02T00:00:00Z', '2026-08-03T00:00:00Z']
  await oneByOne(before, a)
  await oneByOne(first, b)
  await oneByOne(second, c)
  const expected = await everything()
  expect(expected['market_price']?.length).toBeGreaterThan(1_000)

  await empty()
  await oneByOne(before, a)
  const keyOf = ({ day, market, commodity }: QuoteRow) => `${day} ${market} ${commodity}`
  const known = new Map<string, QuoteRow & { revision: number }>()
  for (const [rows, at] of [
    [first, b],
    [second, c],
  ] as const) {
    const changes = rows.flatMap((row) => {
      const last = known.get(keyOf(row))
      if (last !== undefined && last.price === row.price && last.status === row.status) return []
      return [{ ...row, revision: (last?.revision ?? 0) + 1 }]
    })
    for (const change of changes) known.set(keyOf(change), change)
    await withTransaction(database.pool, async (client) => {
      await lockQuotes(client)
      await storeBulk(client, changes, {
        feed: feeds.own,
        now: new Date(at),
        said: { author: 'a', reason: 'b' },
      })
    })
  }
  expect(await everything()).toEqual(expected)
})
