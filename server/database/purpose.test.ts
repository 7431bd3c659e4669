import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { purposeOf, refuseMixture } from './purpose.ts'
import { testDatabase, type TestDatabase } from './testing/index.ts'

let database: TestDatabase
beforeAll(async () => (database = await testDatabase()))
afterAll(() => database.drop())
beforeEach(() => database.pool.query('DELETE FROM feed'))

const feed = (id: string, mode: string, demo: boolean) =>
  database.pool.query(
    `INSERT INTO feed (id, domain, mode, kind, title, demo) VALUES ($1, 'prices', $2, 'k', 't', $3)`,
    [id, mode, demo],
  )

describe('a database', () => {
  it('serves either purpose while it holds only what the city pack brings', async () => {
    await feed('history', 'history', false)
    expect(await purposeOf(database.pool)).toBeUndefined()
    await refuseMixture(database.pool, 'demo')
    await refuseMixture(database.pool, 'city')
  })

  it("with the demo's data is refused to a city, though someone pushed to the demo", async () => {
    await feed('stand-in', 'pull', true)
    await feed('tried', 'push', false)
    await refuseMixture(database.pool, 'demo')
    await expect(refuseMixture(database.pool, 'city')).rejects.toThrow(
      /holds the demo's data.*name an empty database/,
    )
  })

  it("with a city's feeds is refused to the demo", async () => {
    await feed('real', 'pull', false)
    await refuseMixture(database.pool, 'city')
    await expect(refuseMixture(database.pool, 'demo')).rejects.toThrow(
      /real feeds.*set FEEDS_FILE or DEMO=off/,
    )
  })

  it('that is not migrated yet has no purpose', async () => {
    await database.pool.query('ALTER TABLE feed RENAME TO feed_hidden')
    expect(await purposeOf(database.pool)).toBeUndefined()
    await database.pool.query('ALTER TABLE feed_hidden RENAME TO feed')
  })
})
