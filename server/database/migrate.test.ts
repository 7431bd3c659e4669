import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { migrate, pendingMigrations } from './migrate.ts'
import { testDatabase, type TestDatabase } from './testing/index.ts'

let database: TestDatabase
let folder: string
const write = (name: string, sql: string) => writeFileSync(join(folder, name), sql)

beforeAll(async () => (database = await testDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pantau-migrations-'))
  await database.pool.query('DROP TABLE IF EXISTS pgmigrations, one, two')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('migrate', () => {
  it('runs what is new, in order and once, and leaves other files alone', async () => {
    write('0001_one.sql', 'CREATE TABLE one (n int);')
    write('README.md', 'not for the database')
    expect(await pendingMigrations(database.pool, folder)).toEqual(['0001_one'])
    expect(await migrate(database.url, { folder })).toEqual(['0001_one'])
    write('0002_two.sql', 'CREATE TABLE two AS SELECT * FROM one;')
    expect(await pendingMigrations(database.pool, folder)).toEqual(['0002_two'])
    expect(await migrate(database.url, { folder })).toEqual(['0002_two'])
    expect(await migrate(database.url, { folder })).toEqual([])
    expect(await pendingMigrations(database.pool, folder)).toEqual([])
  })

  it('keeps nothing of a file that fails, and what went before it', async () => {
    write('0001_one.sql', 'CREATE TABLE one (n int);')
    write('0002_two.sql', 'CREATE TABLE two (n int); SELECT 1 / 0;')
    await expect(migrate(database.url, { folder })).rejects.toThrow(
      /migration 0002_two failed and nothing of it was kept \(division by zero\)/,
    )
    expect(await pendingMigrations(database.pool, folder)).toEqual(['0002_two'])
    const { rows } = await database.pool.query("SELECT to_regclass('two') AS two")
    expect(rows).toEqual([{ two: null }])
  })

  it('lets two starts at once take turns', async () => {
    write('0001_one.sql', 'CREATE TABLE one (n int);')
    const applied = await Promise.all([migrate(database.url, { folder }), migrate(database.url, { folder })])
    expect(applied.flat()).toEqual(['0001_one'])
  })

  it('refuses a database of a newer version', async () => {
    write('0001_one.sql', 'CREATE TABLE one (n int);')
    await migrate(database.url, { folder })
    rmSync(join(folder, '0001_one.sql'))
    await expect(migrate(database.url, { folder })).rejects.toThrow(/newer version .*0001_one/)
  })
})
