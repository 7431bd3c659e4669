import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { StartupError } from '../../errors-startup.ts'
import { createPool, isConnectionLoss } from '../pool.ts'
import { type EmbeddedDatabase, type EmbeddedOptions, startEmbedded } from './index.ts'
import { findProcesses, startedAt } from './processes.ts'

const cacheDir = process.env['CACHE_DIR']
let dataDir: string
let database: EmbeddedDatabase | undefined

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pantau-embedded-'))
  chmodSync(dataDir, 0o755)
})
afterEach(async () => {
  await database?.stop()
  database = undefined
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

async function start(options: Partial<EmbeddedOptions> = {}): Promise<string[]> {
  const steps: string[] = []
  database = await startEmbedded({ dataDir, cacheDir, onProgress: (step) => steps.push(step), ...options })
  return steps
}

async function ask<T>(sql: string, url = database!.url): Promise<T | undefined> {
  const pool = createPool(url, { max: 1 })
  try {
    const { rows } = await pool.query(sql)
    return Object.values(rows[0] ?? {})[0] as T | undefined
  } finally {
    await pool.end()
  }
}

/** A server of its own that is killed once its database runs: what it leaves behind. */
async function killedServer(): Promise<number> {
  const code = `
    import { startEmbedded } from '${new URL('./index.ts', import.meta.url).href}'
    const database = await startEmbedded({ dataDir: process.argv[1], cacheDir: process.argv[2] || undefined, onProgress() {} })
    console.log(database.pid())
    setInterval(() => {}, 1000)`
  const server = spawn(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    code,
    dataDir,
    cacheDir ?? '',
  ])
  const [line] = (await once(server.stdout, 'data')) as [Buffer]
  server.kill('SIGKILL')
  await once(server, 'exit')
  return Number(line.toString())
}

describe('the embedded database', () => {
  it('is created, keeps its secret to itself, and keeps what was committed over a stop', async () => {
    expect(await start()).toContain('creating the database')
    expect(statSync(join(dataDir, 'database.json')).mode & 0o777).toBe(0o600)
    await ask('CREATE TABLE kept (n int)')
    await ask('INSERT INTO kept VALUES (7)')
    const pid = database!.pid()!
    await database!.stop()
    expect(startedAt(pid)).toBeUndefined()

    expect(await start()).toEqual(['starting the database'])
    expect(await ask('SELECT n FROM kept')).toBe(7)
    expect(await ask('SHOW shared_preload_libraries', database!.adminUrl)).toBe('timescaledb')
  })

  it('gives the demo and a city a database each, and a role that rules neither the server nor its files', async () => {
    await start({ purpose: 'demo' })
    await ask('CREATE TABLE mine (n int)')
    await expect(ask("COPY mine FROM '/etc/passwd'")).rejects.toThrow(/permission denied/)
    await expect(ask('CREATE DATABASE other')).rejects.toThrow(/permission denied/)
    await database!.stop()
    await start({ purpose: 'city' })
    expect(await ask("SELECT to_regclass('mine')")).toBeNull()
    expect(await ask("SELECT to_regclass('kept')")).toBe('kept')
  })

  it("sets apart what an earlier version kept of the demo in the city's database, and hands it over", async () => {
    await start({ purpose: 'city' })
    const admin = database!.adminUrl
    await ask('DROP DATABASE pantau_demo WITH (FORCE)', admin)
    const old = admin.replace(/postgres$/, 'pantau')
    await ask('CREATE TABLE feed (demo boolean, mode text)', old)
    await ask("INSERT INTO feed VALUES (true, 'pull')", old)
    await database!.stop()

    await start({ purpose: 'city' })
    expect(await ask("SELECT to_regclass('feed')")).toBeNull()
    await database!.stop()
    await start({ purpose: 'demo' })
    expect(await ask('SELECT demo FROM feed')).toBe(true)
    await ask('ALTER TABLE feed ADD COLUMN title text')
    expect(await ask('SELECT n FROM kept')).toBe(7)
  })

  it('ends a start that is no longer wanted, and leaves nothing running', async () => {
    const stopping = new AbortController()
    const onProgress = (step: string) => step === 'starting the database' && stopping.abort()
    await expect(start({ signal: stopping.signal, onProgress })).rejects.toThrow(/aborted/)
    expect(findProcesses((line) => line.includes(dataDir))).toEqual([])
    await start()
  })

  it('is up again after kill -9, and a pool goes on by itself', async () => {
    let down = 0
    const up = new Promise<void>((resolve) => void start({ onDown: () => down++, onUp: resolve }).then(crash))
    const pools: ReturnType<typeof createPool>[] = []
    async function crash(): Promise<void> {
      const pool = createPool(database!.url, { max: 2 })
      pools.push(pool)
      const interrupted = pool.query('SELECT pg_sleep(60)').catch((error: unknown) => error)
      await pool.query('SELECT 1')
      process.kill(database!.pid()!, 'SIGKILL')
      expect(isConnectionLoss(await interrupted)).toBe(true)
    }
    await up
    expect(down).toBe(1)
    expect((await pools[0]!.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await pools[0]!.end()
  })

  it('is taken over from a server that was killed, and stopped with its new owner', async () => {
    const pid = await killedServer()
    expect(await start()).toEqual(['the database runs already'])
    expect(database!.pid()).toBe(pid)
    await database!.stop()
    expect(startedAt(pid)).toBeUndefined()
  })

  it('is stopped to the end by a process that has nothing else to do', async () => {
    const code = `
      import { startEmbedded } from '${new URL('./index.ts', import.meta.url).href}'
      const database = await startEmbedded({ dataDir: process.argv[1], cacheDir: process.argv[2] || undefined, onProgress() {} })
      console.log(database.pid())
      await database.stop()`
    const args = ['--import', 'tsx', '--input-type=module', '-e', code, dataDir, cacheDir ?? '']
    const server = spawn(process.execPath, args)
    const [line] = (await once(server.stdout, 'data')) as [Buffer]
    expect(await once(server, 'exit')).toEqual([0, null])
    expect(startedAt(Number(line.toString()))).toBeUndefined()
  })

  it('starts where server and database were both killed', async () => {
    process.kill(await killedServer(), 'SIGKILL')
    await start()
    expect(await ask('SELECT 1')).toBe(1)
  })

  it('is started with the settings asked for, rather than taken over with others', async () => {
    const pid = await killedServer()
    await start({ settings: { work_mem: '8MB' } })
    expect(database!.pid()).not.toBe(pid)
    expect(await ask('SHOW work_mem')).toBe('8MB')
  })

  it('gets a new password where the old one was lost', async () => {
    rmSync(join(dataDir, 'database.json'))
    await start()
    expect(await ask('SELECT 1')).toBe(1)
  })

  it('says what to do where the folder is in use, the port taken or the folder a file', async () => {
    await start()
    await expect(startEmbedded({ dataDir, onProgress: () => undefined })).rejects.toThrow(
      /already runs on .* set DATA_DIR/,
    )
    await database!.stop()

    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(start({ port })).rejects.toThrow(
      new StartupError(
        `The port ${port} for the database is taken: end what listens there, or choose another port.`,
      ),
    )
    taken.close()

    await expect(start({ dataDir: join(dataDir, 'database.json') })).rejects.toThrow(
      /not writable.* set DATA_DIR/,
    )
  })
})
