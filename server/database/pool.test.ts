import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPool, cutOnAbort, isConnectionLoss, withTransaction } from './pool.ts'
import { testDatabase, type TestDatabase } from './testing/index.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await database.pool.query('CREATE TABLE note (n int)')
})
afterAll(() => database.drop())

describe('createPool', () => {
  it('reads counts and prices as numbers, days as text, times as dates in UTC', async () => {
    const { rows } = await database.pool
      .query(`SELECT count(*) AS count, 1.5::numeric AS price, date '2026-01-31' AS day,
      timestamptz '2026-01-31 07:00+07' AS at, current_setting('timezone') AS zone`)
    expect(rows).toEqual([
      { count: 0 + 1, price: 1.5, day: '2026-01-31', at: new Date('2026-01-31T00:00:00Z'), zone: 'UTC' },
    ])
  })

  it('cancels a statement that takes too long', async () => {
    const pool = createPool(database.url, { max: 1, statementTimeoutMs: 50 })
    await expect(pool.query('SELECT pg_sleep(5)')).rejects.toThrow(/statement timeout/)
    await pool.end()
  })

  it('goes on after its sessions, idle or at work, were ended', async () => {
    const pool = createPool(database.url, { max: 2, applicationName: 'victim' })
    const held = await pool.connect()
    const work = held.query('SELECT pg_sleep(30)').catch((error: unknown) => error)
    await pool.query('SELECT 1')
    await database.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'",
    )
    expect(isConnectionLoss(await work)).toBe(true)
    held.release(true)
    await expect
      .poll(() =>
        pool.query('SELECT 1 AS one').then(
          ({ rows }) => rows,
          () => [],
        ),
      )
      .toEqual([{ one: 1 }])
    await pool.end()
  })
})

describe('cutOnAbort', () => {
  it('undoes what is at work, and nothing once it was called off', async () => {
    const pool = createPool(database.url, { max: 2 })
    const stopping = new AbortController()
    const callOff = cutOnAbort(pool, stopping.signal)
    const long = withTransaction(pool, async (client) => {
      await client.query('INSERT INTO note VALUES (99)')
      stopping.abort()
      await client.query('SELECT pg_sleep(30)')
    })
    await expect(long).rejects.toThrow()
    callOff()
    expect((await pool.query('SELECT count(*) AS n FROM note WHERE n = 99')).rows).toEqual([{ n: 0 }])
    await pool.end()
  })
})

describe('withTransaction', () => {
  const count = async () => (await database.pool.query('SELECT count(*) AS n FROM note')).rows[0].n

  it('keeps all or nothing', async () => {
    await withTransaction(database.pool, (client) => client.query('INSERT INTO note VALUES (1)'))
    expect(await count()).toBe(1)
    const failing = withTransaction(database.pool, async (client) => {
      await client.query('INSERT INTO note VALUES (2)')
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await count()).toBe(1)
  })
})

describe('isConnectionLoss', () => {
  const coded = (code: string) => Object.assign(new Error('x'), { code })
  it.each([
    [coded('ECONNREFUSED'), true],
    [coded('57P01'), true],
    [coded('57P03'), true],
    [coded('08006'), true],
    [new Error('Connection terminated unexpectedly'), true],
    [new Error('timeout exceeded when trying to connect'), true],
    [new AggregateError([coded('ECONNREFUSED')]), true],
    [new Error('wrapped', { cause: coded('ECONNRESET') }), true],
    [coded('23505'), false],
    [coded('57014'), false],
    [new Error('something else'), false],
    ['text', false],
    [undefined, false],
  ])('%s: %s', (error, expected) => expect(isConnectionLoss(error)).toBe(expected))
})
