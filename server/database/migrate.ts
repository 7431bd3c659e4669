import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import { StartupError } from '../errors-startup.ts'

const ownFolder = fileURLToPath(new URL('../../migrations', import.meta.url))
const table = 'pgmigrations'
const oldest = [2, 13] as const

export interface MigrateOptions {
  log?: (message: string) => void
  /** another folder of .sql files, for tests */
  folder?: string
}

/** Runs what has not run yet, each file in a transaction of its own, under an advisory lock. Returns the names applied. */
export async function migrate(
  url: string,
  { log, folder = ownFolder }: MigrateOptions = {},
): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'pantau-kota migrate' })
  client.on('error', () => undefined) // the query in flight rejects too
  await client.connect()
  try {
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
    })
    for (const { name } of applied) log?.(`migrated ${name}`)
    return applied.map(({ name }) => name)
  } finally {
    await client.end().catch(() => undefined)
  }
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

/** Refuses a server without TimescaleDB, or with one that is too old, in a sentence that says what to do. */
export async function checkTimescale(database: Queryable): Promise<void> {
  const { rows } = await database.query<{ version: string }>(
    `SELECT coalesce(installed_version, default_version) AS version FROM pg_available_extensions WHERE name = 'timescaledb'`,
  )
  const version = rows[0]?.version
  if (version === undefined)
    throw new StartupError(
      'The server in DATABASE_URL has no TimescaleDB: install the extension timescaledb there, or unset DATABASE_URL to use the embedded database.',
    )
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
    throw new StartupError(
      `The server in DATABASE_URL has TimescaleDB ${version}, and ${oldest.join('.')} or newer is needed: update the extension there.`,
    )
}
