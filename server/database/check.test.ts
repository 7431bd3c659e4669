import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asDatabaseError, checkTimescale } from './check.ts'
import { createPool } from './pool.ts'
import { testDatabase, type TestDatabase } from './testing/index.ts'

let database: TestDatabase
beforeAll(async () => (database = await testDatabase()))
afterAll(() => database.drop())

describe('checkTimescale', () => {
  const server = (...rows: object[]) => ({ query: () => Promise.resolve({ rows }) }) as never
  it('takes the real one', () => checkTimescale(database.pool))
  it.each([
    ['none', server(), /has no TimescaleDB: install/],
    ['an old one', server({ version: '2.9.1' }), /TimescaleDB 2.9.1, and 2.13 or newer/],
  ])('refuses %s', (_name, fake, sentence) => expect(checkTimescale(fake)).rejects.toThrow(sentence))
})

describe('asDatabaseError', () => {
  /** What a real attempt to use this address ends with. */
  async function sentenceFor(url: string): Promise<unknown> {
    const pool = createPool(url, { max: 1 })
    const error: unknown = await checkTimescale(pool).catch((reason: unknown) => reason)
    await pool.end()
    return asDatabaseError(error, url)
  }
  const changed = (change: (url: URL) => void) => {
    const url = new URL(database.url)
    change(url)
    return url.href
  }

  it.each([
    [
      'nobody listens',
      (url: URL) => (url.port = '1'),
      /127\.0\.0\.1:1 does not answer.*correct host and port/,
    ],
    [
      'the password is wrong',
      (url: URL) => (url.password = 'secret'),
      /refuses the user pantau.*correct user/,
    ],
    ['it wants TLS of a server without', (url: URL) => (url.search = 'sslmode=require'), /correct sslmode/],
    [
      'there is no such database',
      (url: URL) => (url.pathname = '/none'),
      /has no database "none": create it/,
    ],
  ])('says what to do where %s', async (_name, change, sentence) => {
    const error = await sentenceFor(changed(change))
    expect(error).toMatchObject({ name: 'StartupError', message: expect.stringMatching(sentence) as string })
    expect(String(error)).not.toContain('secret')
  })

  it.each([
    ['42501', 'permission denied to create extension "timescaledb"', /make that user its owner/],
    ['53100', 'could not extend file', /disk .* is full/],
    ['0A000', 'extension "timescaledb" must be preloaded', /add timescaledb to its shared_preload_libraries/],
  ])('and where the server says %s', (code, message, sentence) => {
    const error = Object.assign(new pg.DatabaseError(message, 0, 'error'), { code })
    expect(asDatabaseError(error, database.url)).toMatchObject({
      name: 'StartupError',
      message: expect.stringMatching(sentence) as string,
    })
  })

  it('leaves a fault of our own as it is', () => {
    const fault = Object.assign(new pg.DatabaseError('syntax error', 0, 'error'), { code: '42601' })
    expect(asDatabaseError(fault, database.url)).toBe(fault)
  })
})
