import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PriceImport } from '#contract/price-import.ts'
import { need } from '../../../e2e/parts/needs.ts'
import { testCameras } from '../../cameras/testing/index.ts'
import { withTransaction } from '../../database/pool.ts'
import { XLSX_TYPE } from '../../tables/table.ts'
import { renewFigures } from '../figures.ts'
import { storeQuotes, type QuoteRow } from '../store.ts'

let server: Awaited<ReturnType<typeof testCameras>>
const STATUSES = ['reported', 'imputed', 'corrected'] as const

beforeAll(async () => {
  server = await testCameras()
  const { pool, pack } = server
  await pool.query(
    `INSERT INTO market (code, name, level) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`,
    (['code', 'name', 'level'] as const).map((key) => pack.markets.map((market) => market[key])),
  )
  const feed = await pool.query<{ number: number }>(
    `INSERT INTO feed (id, domain, mode, kind, title, priority) VALUES ('a', 'prices', 'push', 'push', 'BI PIHPS; =SUM(A1)', 50) RETURNING number`,
  )
  // Every commodity of the city, so that each name and unit makes the journey; and places of all levels.
  const places = ['pasar-besar', 'pasar-klojen', 'kota-malang', 'jawa-timur', 'ud-rph-kota-malang']
  const rows = pack.commodities.flatMap(({ code }, index) =>
    places.flatMap((market, place) =>
      ['2026-07-13', '2026-07-14'].map((day, turn): QuoteRow => ({
        market,
        commodity: code,
        day,
        price: 10_000 + index * 137 + place * 11 + turn,
        status: STATUSES[(index + place) % 3] ?? 'reported',
        feed: feed.rows[0]?.number ?? 0,
        reportedAt: null,
        author: 'a',
        reason: 'a test',
      })),
    ),
  )
  await withTransaction(pool, async (client) =>
    renewFigures(client, (await storeQuotes(client, rows, new Date(server.time.now))).touched),
  )
})
afterAll(() => server.close())

const file = async (query: string) => {
  const answer = await server.as('viewer')('GET', `/api/prices/export?${query}`)
  expect(answer.status).toBe(200)
  return answer.bytes
}
const counting = async (where: string): Promise<unknown[]> =>
  (
    await server.pool.query(
      `SELECT day, commodity, market, price, status FROM market_price WHERE ${where} ORDER BY day, commodity, market`,
    )
  ).rows

describe('what is exported', () => {
  it.each([
    ['commodity=minyak-goreng-curah&kind=commodity', "commodity = 'minyak-goreng-curah'", 10],
    ['kind=market&market=pasar-besar', "market = 'pasar-besar'", 136],
  ])('%s can be imported into an empty database without loss', async (query, where, count) => {
    const { pool } = server
    const before = await counting(where)
    expect(before).toHaveLength(count)
    const kept = await pool.query('SELECT * FROM quote')
    for (const [format, locale] of [
      ['csv', 'id'],
      ['csv', 'en'],
      ['xlsx', 'id'],
      ['xlsx', 'en'],
    ] as const) {
      const bytes = await file(`${query}&format=${format}&locale=${locale}`)
      await pool.query('TRUNCATE quote, market_price, quote_day_city')
      const officer = server.as('market-officer')
      const taken = (
        await officer(
          'POST',
          `/api/prices/imports?name=pihps-jawa-timur.${format}`,
          bytes,
          format === 'csv' ? 'text/csv' : XLSX_TYPE,
        )
      ).json as PriceImport
      expect(taken.counts).toMatchObject({ fresh: count, refused: 0, leftOut: 0 })
      await officer('POST', `/api/prices/imports/${taken.id}/apply`, { remember: false })
      expect(await counting(where)).toEqual(before)
      // Again: a corrected price is no new correction.
      const again = (
        await officer(
          'POST',
          `/api/prices/imports?name=pihps-jawa-timur.${format}`,
          bytes,
          format === 'csv' ? 'text/csv' : XLSX_TYPE,
        )
      ).json as PriceImport
      expect(again.counts).toMatchObject({ unchanged: count, fresh: 0, revised: 0 })
      await pool.query('TRUNCATE quote, market_price, quote_day_city')
      await restore(kept.rows as StoredQuote[])
    }
  })
  it('says what it is, from where and as of when; a formula is text', async () => {
    const rows = parse((await file('kind=market&market=pasar-besar&format=csv')).toString(), {
      bom: true,
      delimiter: ';',
      relax_column_count: true,
    })
    expect(rows[0]).toEqual([
      'Tanggal',
      'Komoditas',
      'Kode komoditas',
      'Pasar',
      'Kode pasar',
      'Satuan',
      'Harga (Rp)',
      'Status',
      'Sumber',
    ])
    const notes = rows.slice(137).map(([note]) => note)
    expect(notes.some((note) => note === 'Riwayat pasar, Kota Malang')).toBe(true)
    expect(notes.some((note) => note?.includes('15 Juli 2026'))).toBe(true)
  })
  it.each(['board', 'heat', 'ceilings', 'indicators'])(
    '%s is a file in both languages and formats',
    async (kind) => {
      for (const locale of ['id', 'en']) {
        const text = (await file(`kind=${kind}&format=csv&locale=${locale}`)).toString()
        expect(text).toContain(locale === 'id' ? 'Komoditas' : 'Commodity')
        expect((await file(`kind=${kind}&format=xlsx&locale=${locale}`)).subarray(0, 2).toString()).toBe('PK')
      }
    },
  )
  it.each([
    ['kind=commodity', 400],
    ['kind=commodity&commodity=emas', 404],
    ['kind=market&market=pasar-baru', 404],
    ['kind=market&market=pasar-besar&from=2026-02-30', 400],
    ['kind=alles', 400],
  ])('%s is refused', async (query, status) => {
    expect((await server.as('viewer')('GET', `/api/prices/export?${query}`)).status).toBe(status)
  })
})

interface StoredQuote {
  day: string
  commodity: string
  market: string
  feed: number
}
async function restore(quotes: StoredQuote[]): Promise<void> {
  await server.pool.query(`INSERT INTO quote SELECT * FROM json_populate_recordset(NULL::quote, $1)`, [
    JSON.stringify(quotes),
  ])
  await renewFigures(server.pool, quotes)
}

/** As a spreadsheet shows it: "14,247" and "12.346%". */
const shownNumber = (cell: string): number | string => {
  if (!/^-?\d[\d,]*(\.\d+)?%?$/.test(cell)) return cell
  const value = Number(cell.replace(/[,%]/g, ''))
  return cell.endsWith('%') ? value / 100 : value
}

describe('LibreOffice', () => {
  beforeAll(() => need('libreoffice-calc-nogui'))
  const folder = mkdtempSync(join(tmpdir(), 'pantau-calc-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  it.each(['market&market=pasar-besar', 'board', 'ceilings'])(
    'shows the numbers of %s as they are',
    async (kind) => {
      const query = `kind=${kind}&locale=en&day=2026-07-14`
      writeFileSync(join(folder, 'a.xlsx'), await file(`${query}&format=xlsx`))
      execFileSync(
        'soffice',
        [
          `-env:UserInstallation=file://${folder}/profile`,
          '--headless',
          '--convert-to',
          'csv',
          '--outdir',
          folder,
          join(folder, 'a.xlsx'),
        ],
        { stdio: 'pipe', timeout: 90_000, env: { ...process.env, HOME: folder, LC_ALL: 'C.UTF-8' } },
      )
      const shown: string[][] = parse(readFileSync(join(folder, 'a.csv')), { bom: true })
      const ours: string[][] = parse(await file(`${query}&format=csv`), {
        bom: true,
        relax_column_count: true,
      })
      expect(shown.length).toBeGreaterThan(10)
      let numbers = 0
      for (const [line, row] of shown.entries())
        for (const [at, text] of row.entries()) {
          const [cell, own] = [shownNumber(text), shownNumber(ours[line]?.[at] ?? '')]
          const inPerCent = shown[0]?.[at]?.endsWith('(%)') === true
          if (typeof cell === 'number' && typeof own === 'number') {
            numbers += 1
            expect(cell).toBeCloseTo(inPerCent ? own / 100 : own, inPerCent ? 4 : 6)
          } else expect(cell).toBe(own)
        }
      expect(numbers).toBeGreaterThan(50)
    },
    120_000,
  )
})
