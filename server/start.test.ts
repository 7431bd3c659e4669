import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from './database/testing/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
let database: TestDatabase
beforeAll(async () => (database = await testDatabase()))
afterAll(() => database.drop())

/** As a service manager starts it: npm gets the signal, and not those that it started. */
async function startedByNpm() {
  const npm = spawn('npm', ['start', '--silent'], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: database.url, PORT: '0', DEMO: 'off' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ready = new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('is ready:')) resolve()
    }
    npm.stdout.on('data', take)
    npm.stderr.on('data', take)
    npm.once('exit', () => reject(new Error(output)))
  })
  await ready
  return npm
}

it.each(['SIGINT', 'SIGTERM'] as const)(
  'npm start ends in order at %s, and leaves nothing running',
  async (signal) => {
    const npm = await startedByNpm()
    npm.kill(signal)
    // its pipes close when the last process that holds them has gone
    expect(await once(npm, 'close')).toEqual([0, null])
    await expect
      .poll(async () => {
        const sessions = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'pantau-kota'`
        return (await database.pool.query(sessions)).rowCount
      })
      .toBe(0)
  },
  120_000,
)
