import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { migrate } from '../database/migrate.ts'
import { createPool } from '../database/pool.ts'
import { createEmpty, databaseAt, dropDatabase } from '../database/testing/template.ts'

const OWN = fileURLToPath(new URL('../../migrations', import.meta.url))
const NAME = `pantau_upgrade_${process.pid}`
let before: string
beforeEach(async () => {
  before = mkdtempSync(join(tmpdir(), 'pantau-before-'))
  for (const name of readdirSync(OWN).filter((one) => one < '0006'))
    copyFileSync(join(OWN, name), join(before, name))
  await createEmpty(inject('adminUrl'), NAME)
})
afterEach(async () => {
  rmSync(before, { recursive: true })
  await dropDatabase(inject('adminUrl'), NAME)
})

it('gives what a version without them stored the figures that it would have today', async () => {
  const url = databaseAt(inject('adminUrl'), NAME)
  await migrate(url, { folder: before })
  const pool = createPool(url, { max: 1 })
  try {
    await pool.query(
      `INSERT INTO feed (id, domain, mode, kind, title, priority) VALUES
         ('survey', 'prices', 'push', 'push', 's', 60), ('portal', 'prices', 'push', 'push', 'p', 50)`,
    )
    await pool.query(
      `INSERT INTO market (code, name, level) VALUES
         ('a', 'A', 'market'), ('b', 'B', 'market'), ('city', 'C', 'city'), ('farm', 'F', 'producer')`,
    )
    await pool.query(
      `INSERT INTO quote (day, market, commodity, feed, revision, price, status)
       SELECT '2026-06-01', t.market, 'rice', f.number, t.revision, t.price, t.status::quote_status
       FROM (VALUES ('a', 'portal', 1, 10000, 'reported'), ('a', 'survey', 1, 11000, 'reported'), ('a', 'survey', 2, 12000, 'reported'),
         ('b', 'portal', 1, 14000, 'reported'), ('b', 'survey', 1, 99000, 'imputed'), ('city', 'portal', 1, 1, 'reported'),
         ('farm', 'portal', 1, 9000, 'reported')) AS t(market, feed, revision, price, status) JOIN feed f ON f.id = t.feed`,
    )
    expect(await migrate(url)).toContain('0006_prices')
    const rows = async (sql: string) => (await pool.query(sql)).rows as unknown[]
    expect(await rows('SELECT market, price, revision FROM market_price ORDER BY market')).toEqual([
      { market: 'a', price: 12_000, revision: 2 },
      { market: 'b', price: 14_000, revision: 1 },
      { market: 'city', price: 1, revision: 1 },
      { market: 'farm', price: 9_000, revision: 1 },
    ])
    expect(await rows('SELECT median, low, high, q1, q3, trimmed, markets FROM quote_day_city')).toEqual([
      { median: 13_000, low: 12_000, high: 14_000, q1: 12_500, q3: 13_500, trimmed: 13_000, markets: 2 },
    ])
    expect(await rows('SELECT commodity, day FROM indicator_due')).toEqual([
      { commodity: 'rice', day: '2026-06-01' },
    ])
  } finally {
    await pool.end()
  }
})
