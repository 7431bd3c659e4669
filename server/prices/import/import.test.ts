import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ImportMapping, PriceImport } from '#contract/price-import.ts'
import { testCameras, type Answer, type Send } from '../../cameras/testing/index.ts'
import { XLSX_TYPE } from '../../tables/table.ts'
import { sample } from './testing/index.ts'

let server: Awaited<ReturnType<typeof testCameras>>
let officer: Send
beforeAll(async () => {
  server = await testCameras()
  officer = server.as('market-officer')
  await server.pool.query(
    `INSERT INTO market (code, name, level) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`,
    (['code', 'name', 'level'] as const).map((key) => server.pack.markets.map((market) => market[key])),
  )
})
afterAll(() => server.close())
beforeEach(async () => {
  server.time.now = Date.parse('2026-08-20T03:00:00Z')
  await server.pool.query(
    'TRUNCATE quote, market_price, quote_day_city, indicator_due, quality_due, price_lock, price_import, import_mapping',
  )
})

const upload = (name: string, bytes: Buffer, type = 'text/csv'): Promise<Answer> =>
  officer('POST', `/api/prices/imports?name=${encodeURIComponent(name)}`, bytes, type)
const take = async (name: string, bytes?: Buffer): Promise<PriceImport> => {
  const answer = await upload(
    name,
    bytes ?? (await sample(name)),
    name.endsWith('.xlsx') ? XLSX_TYPE : 'text/csv',
  )
  expect(answer.status).toBe(200)
  return answer.json as PriceImport
}
const mend = async ({ id, mapping }: PriceImport, change: Partial<ImportMapping>): Promise<PriceImport> =>
  (await officer('PUT', `/api/prices/imports/${id}/mapping`, { ...mapping, ...change })).json as PriceImport
const apply = async ({ id }: PriceImport, remember = false): Promise<PriceImport> => {
  const answer = await officer('POST', `/api/prices/imports/${id}/apply`, { remember })
  expect(answer.status).toBe(200)
  return answer.json as PriceImport
}
const counting = async (): Promise<Record<string, string>> => {
  const found = await server.pool.query<{ key: string; said: string }>(
    `SELECT concat_ws(' ', day, commodity, market) AS key, concat_ws(' ', price, status) AS said FROM market_price`,
  )
  return Object.fromEntries(found.rows.map(({ key, said }) => [key, said]))
}
/** How many wait for the writers' lock. */
const waiting = async (): Promise<number> => {
  const { rows } = await server.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  )
  return rows[0]?.count ?? 0
}
const sum = ({ counts: { fresh, unchanged, revised, refused, none, leftOut } }: PriceImport) =>
  fresh + unchanged + revised + refused + none + leftOut

describe('a dry run', () => {
  it('stores nothing, says how each column was understood and who may be meant', async () => {
    const dry = await take('tabs.txt')
    expect(await counting()).toEqual({})
    expect(dry).toMatchObject({
      appliedAt: null,
      remembered: false,
      firstDay: '2026-02-13',
      lastDay: '2026-03-03',
    })
    expect(dry.counts).toMatchObject({ rows: 4, prices: 4, fresh: 3, refused: 1 })
    expect(dry.samples).toContainEqual({ column: 0, given: '46084', understood: '2026-03-03' })
    expect(dry.samples).toContainEqual({
      column: 2,
      given: 'Gula Pasir Curah',
      understood: 'gula-kristal-putih',
    })
    const office = await take('dinas-harian.csv')
    expect(office.samples).toContainEqual({ column: 3, given: '5.250', understood: '52500' })
    expect(dry.unknown).toEqual([
      { kind: 'commodity', name: 'Daging Ayam Broilr', likely: 'daging-ayam-ras', rows: 1 },
    ])
    expect(dry.preview[1]?.slice(0, 2)).toEqual(['13/02/2026', 'Pasar Besar'])
    expect(dry.problems).toMatchObject([{ row: 5, column: 'C', reason: 'unknown-commodity' }])
  })
  it('is mended: names are told, a name is left out on purpose, a market is said for the whole file', async () => {
    const dry = await take('pasar-bulanan.csv')
    expect(dry.counts).toMatchObject({ fresh: 21, refused: 6 })
    const mended = await mend(dry, {
      commodities: { ...dry.mapping.commodities, 'Bawang Bombay': null },
      market: 'pasar-sukun',
    })
    expect(mended.counts).toMatchObject({ fresh: 21, refused: 0, leftOut: 6 })
    expect(mended.unknown).toEqual([])
    await apply(mended)
    expect(Object.keys(await counting()).every((key) => key.endsWith('pasar-sukun'))).toBe(true)
  })
  it('reads its columns anew where the header is said to stand elsewhere', async () => {
    const dry = await take('komoditas-atas-pasar.csv')
    const wrong = await mend(dry, { headerRow: 2, headerRows: 1 })
    expect([wrong.mapping.columns[1]?.header, wrong.counts.fresh]).toEqual(['Pasar Besar', 0])
    const right = await mend(wrong, { headerRow: 1, headerRows: 2 })
    expect(right.counts).toMatchObject({ fresh: 16, refused: 0 })
  })
})

it('tells of what has the look of a fault before it is stored', async () => {
  const lines = Array.from(
    { length: 20 },
    (_, index) => `2026-07-${index + 10},Pasar Besar,Daging Sapi,${index === 15 ? 12_000 : 120_000}`,
  )
  const dry = await take('a.csv', Buffer.from(['Tanggal,Pasar,Komoditas,Harga', ...lines].join('\n')))
  expect([dry.flags, dry.counts.fresh]).toEqual([{ 'digit-lost': 1 }, 20])
})

describe('applying', () => {
  it('stores all of it once, as a source of its own; applying the file again changes nothing', async () => {
    const first = await apply(await take('siskaperbapo-kota-malang-markets.csv'))
    expect([first.counts.fresh, sum(first), first.appliedAt]).toEqual([60, 60, '2026-08-20T03:00:00.000Z'])
    const after = await counting()
    expect(Object.keys(after)).toHaveLength(60)
    expect(after['2025-12-29 bawang-merah pasar-blimbing']).toBe('45000 reported')
    const again = await apply(await take('siskaperbapo-kota-malang-markets.csv'))
    expect(again.counts).toMatchObject({ fresh: 0, revised: 0, unchanged: 60 })
    expect(await counting()).toEqual(after)
    const feed = await server.pool.query(
      `SELECT mode, kind, priority, title FROM feed WHERE id = 'import:siskaperbapo-kota-malang-markets'`,
    )
    expect(feed.rows).toEqual([
      { mode: 'history', kind: 'history', priority: 10, title: 'siskaperbapo-kota-malang-markets' },
    ])
    const twice = await officer('POST', `/api/prices/imports/${first.id}/apply`, { remember: false })
    expect(twice.status).toBe(409)
  })
  it('makes a revision of another value, and one of nothing where two apply at once', async () => {
    const file = (price: number) =>
      Buffer.from(`Tanggal,Pasar,Komoditas,Harga\n2026-08-01,Pasar Besar,Tomat,${price}\n`)
    await apply(await take('a.csv', file(8_000)))
    server.time.now += 1_000
    const dry = await take('a.csv', file(8_500))
    expect(dry.counts).toMatchObject({ revised: 1, fresh: 0 })
    const both = await Promise.all(
      [1, 2].map(() => officer('POST', `/api/prices/imports/${dry.id}/apply`, { remember: false })),
    )
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const revisions = await server.pool.query(`SELECT price, revision FROM quote ORDER BY revision`)
    expect(revisions.rows).toEqual([
      { price: 8_000, revision: 1 },
      { price: 8_500, revision: 2 },
    ])
    expect(await counting()).toEqual({ '2026-08-01 tomat pasar-besar': '8500 reported' })
  })
  it('has the last word even where it began before the one that it waited for', async () => {
    const file = (price: number) =>
      Buffer.from(`Tanggal,Pasar,Komoditas,Harga\n2026-08-01,Pasar Besar,Tomat,${price}\n`)
    const [early, late] = [await take('a.csv', file(8_000)), await take('a.csv', file(8_500))]
    const writer = await server.pool.connect()
    await writer.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtext('quotes'))`)
    const began = apply(early)
    await vi.waitUntil(async () => (await waiting()) === 1)
    server.time.now += 1_000
    await writer.query('COMMIT')
    writer.release()
    expect((await began).appliedAt).toBe('2026-08-20T03:00:01.000Z')
    expect((await apply(late)).counts).toMatchObject({ revised: 1 })
    expect(await counting()).toEqual({ '2026-08-01 tomat pasar-besar': '8500 reported' })
  })
  it('refuses rows of a closed month, each with its reason, and takes the others', async () => {
    await server.pool.query(
      `INSERT INTO price_lock (month, locked_at, locked_by) VALUES ('2026-07-01', now(), 'a')`,
    )
    const file =
      'Tanggal,Pasar,Komoditas,Harga\n2026-07-31,Pasar Besar,Tomat,8000\n2026-08-01,Pasar Besar,Tomat,8100\n'
    const done = await apply(await take('a.csv', Buffer.from(file)))
    expect(done.counts).toMatchObject({ fresh: 1, refused: 1 })
    expect(done.problems).toMatchObject([{ row: 2, column: 'D', reason: 'locked' }])
    expect(await counting()).toEqual({ '2026-08-01 tomat pasar-besar': '8100 reported' })
  })
  it('remembers the mapping for the next file of that shape, whose own title still counts', async () => {
    const dry = await take('pasar-bulanan.csv')
    await apply(
      await mend(dry, {
        commodities: { ...dry.mapping.commodities, 'Bawang Bombay': null },
        source: 'Laporan bulanan',
      }),
      true,
    )
    const text = (await sample('pasar-bulanan.csv')).toString()
    const next = text
      .replace('ORO-ORO DOWO', 'KLOJEN')
      .replace('AGUSTUS 2026', 'JULI 2026')
      .replace(',6\n', ',6,7\n')
    const second = await take('lain.csv', Buffer.from(next))
    expect(second).toMatchObject({
      remembered: true,
      mapping: { source: 'Laporan bulanan', market: 'pasar-klojen' },
    })
    expect(second.counts).toMatchObject({ fresh: 21, refused: 0, leftOut: 6 })
    expect(second.firstDay).toBe('2026-07-01')
  })
  it('tells the queues of indicators and checks, and the audit', async () => {
    await apply(await take('kota-malang-cabe-rawit-daily.csv'))
    const { rows } = await server.pool.query<{ indicators: number; checks: number; audited: number }>(
      `SELECT (SELECT count(*) FROM indicator_due) AS indicators, (SELECT count(*) FROM quality_due) AS checks,
         (SELECT count(*) FROM audit WHERE action = 'prices-imported' AND subject = 'import:kota-malang-cabe-rawit-daily') AS audited`,
    )
    expect(rows).toEqual([{ indicators: 40, checks: 40, audited: 1 }])
  })
})

describe('who and what', () => {
  it('is let in by role only', async () => {
    const file = Buffer.from('a')
    for (const role of ['viewer', 'operator', 'surveyor', 'leader'] as const)
      expect((await server.as(role)('POST', '/api/prices/imports?name=a.csv', file, 'text/csv')).status).toBe(
        403,
      )
    expect((await server.as()('GET', '/api/prices/imports')).status).toBe(401)
  })
  it('lists imports, drops one that was not applied, keeps one that was', async () => {
    const done = await apply(await take('tabs.txt'))
    const waiting = await take('dinas-harian.csv')
    const { imports } = (await officer('GET', '/api/prices/imports')).json as { imports: unknown[] }
    expect(imports).toMatchObject([
      { id: waiting.id, appliedAt: null, source: 'dinas-harian' },
      { id: done.id, appliedAt: '2026-08-20T03:00:00.000Z', counts: { fresh: 3 } },
    ])
    expect((await officer('DELETE', `/api/prices/imports/${waiting.id}`)).status).toBe(204)
    expect((await officer('DELETE', `/api/prices/imports/${done.id}`)).status).toBe(404)
    expect((await officer('GET', `/api/prices/imports/${waiting.id}`)).status).toBe(404)
  })
  it.each([
    [
      'an archive that unfolds to more than is taken',
      Buffer.from(zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(210_000_000) })),
      413,
    ],
    ['an archive of something else', Buffer.from(zipSync({ 'a.txt': strToU8('a') })), 400],
    ['ten megabytes of separators', Buffer.alloc(10_000_000, ';'), 413],
    ['ten megabytes of lines', Buffer.alloc(10_000_000, '\n'), 413],
    ['bytes', Buffer.from([0, 1, 2, 0, 255]), 400],
    ['more than is taken at all', Buffer.alloc(17 * 1024 * 1024, 'a'), 413],
  ])('%s is refused', async (_name, bytes, status) => {
    const began = performance.now()
    expect((await upload('a.csv', bytes)).status).toBe(status)
    expect(performance.now() - began).toBeLessThan(8_000)
  })
  it('a mapping with what no database keeps is refused or kept without it', async () => {
    const dry = await take('tabs.txt')
    const put = (change: Partial<ImportMapping>) =>
      officer('PUT', `/api/prices/imports/${dry.id}/mapping`, { ...dry.mapping, ...change })
    expect((await put({ source: 'a\0' })).status).toBe(400)
    expect((await put({ source: ' ' })).status).toBe(400)
    expect((await put({ commodities: { 'a\0': null, '\ud800': null } })).status).toBe(200)
  })
  it('nothing at all is a file without prices', async () => {
    expect((await take('kosong.csv', Buffer.from(''))).counts).toMatchObject({ rows: 0, prices: 0 })
  })
  it('formulas are text, and what is exported of them is none', async () => {
    const dry = await take(
      'a.csv',
      Buffer.from(`Tanggal,Pasar,Komoditas,Harga\n2026-08-01,Pasar Besar,"=cmd|'/c calc'!A1",8000\n`),
    )
    expect(dry.unknown).toMatchObject([{ name: "=cmd|'/c calc'!A1" }])
    expect(dry.counts.refused).toBe(1)
  })
})
