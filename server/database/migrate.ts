import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import { StartupError } from '../errors-startup.ts'
import { asDatabaseError, checkTimescale } from './check.ts'

const ownFolder = fileURLToPath(new URL('../../migrations', import.meta.url))
const table = 'pgmigrations'

export interface MigrateOptions {
  log?: (message: string) => void
  /** another folder of .sql files, for tests */
  folder?: string
}

/** Runs what has not run yet, each file in a transaction of its own, under an advisory lock. Returns the names applied; throws StartupError. */
export async function migrate(
  url: string,
  { log, folder = ownFolder }: MigrateOptions = {},
): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'pantau-kota migrate' })
  client.on('error', () => undefined) // the query in flight rejects too
  try {
    await client.connect()
    await checkTimescale(client)
    await refuseNewer(client, folder)
    const applied = await runner({
      dbClient: client,
      dir: folder,
      ignorePattern: '(?!\\d+_.*\\.sql$).*',
      direction: 'up',
      migrationsTable: table,
      checkOrder: true,
      singleTransaction: false,
      advisoryLockMode: 'wait',
      logger: quiet,
    }).catch(async (error: unknown) => {
      throw await withItsName(error, client, { url, folder })
    })
    for (const { name } of applied) log?.(`migrated ${name}`)
    return applied.map(({ name }) => name)
  } catch (error) {
    throw asDatabaseError(error, url)
  } finally {
    // What failed before is the news, not that the connection could not be closed after it.
    await client.end().catch(() => undefined)
  }
}

/** The first file that is not there yet is the one that failed. */
async function withItsName(
  error: unknown,
  client: pg.Client,
  { url, folder }: { url: string; folder: string },
): Promise<unknown> {
  if (!(error instanceof pg.DatabaseError) || asDatabaseError(error, url) !== error) return error
  await client.query('ROLLBACK')
  const [name] = await pendingMigrations(client, folder)
  return new StartupError(
    `The migration ${name} failed and nothing of it was kept (${error.message}): start the version before this one to go on meanwhile, and report it.`,
    { cause: error },
  )
}

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Names of the migrations that this database has not seen yet. */
export async function pendingMigrations(database: Queryable, folder = ownFolder): Promise<string[]> {
  const run = new Set(await runNames(database))
  return (await fileNames(folder)).filter((name) => !run.has(name))
}

type Queryable = Pick<pg.ClientBase, 'query'> | pg.Pool

async function fileNames(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /^\d+_.*\.sql$/.test(name))
  return names.map((name) => name.slice(0, -'.sql'.length)).sort()
}

async function runNames(database: Queryable): Promise<string[]> {
  const there = await database.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
    table,
  ])
  if (!there.rows[0]?.found) return []
  const { rows } = await database.query<{ name: string }>(`SELECT name FROM ${table}`)
  return rows.map(({ name }) => name)
}

async function refuseNewer(database: Queryable, folder: string): Promise<void> {
  const known = new Set(await fileNames(folder))
  const unknown = (await runNames(database)).filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new StartupError(
      `The database was made by a newer version of Pantau Kota (it knows ${unknown.join(', ')}): start that version, or use another database.`,
    )
}
