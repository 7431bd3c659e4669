import type pg from 'pg'
import { StartupError } from '../errors-startup.ts'
import { isConnectionLoss } from './pool.ts'

const oldest = [2, 13] as const

/** Refuses a server without TimescaleDB, or with one that is too old, in a sentence that says what to do. */
export async function checkTimescale(database: Pick<pg.ClientBase, 'query'> | pg.Pool): Promise<void> {
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

/** Why a database can't be used, in a sentence that says what to do and names no password; anything else comes back as it was. */
export function asDatabaseError(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || error instanceof StartupError) return error
  const { hostname, port, username, pathname } = new URL(url)
  const server = `${hostname}:${port || 5432}`
  const name = decodeURIComponent(pathname.slice(1))
  const code = 'code' in error ? String(error.code) : ''
  const sentence = (text: string) => new StartupError(text, { cause: error })
  if (code === '28P01' || code === '28000')
    return sentence(
      `The database server ${server} refuses the user ${decodeURIComponent(username)} (${error.message}): correct user and password in DATABASE_URL.`,
    )
  if (code === '3D000')
    return sentence(
      `The database server ${server} has no database "${name}": create it there, or correct the name in DATABASE_URL.`,
    )
  if (code === '42501')
    return sentence(
      `The user ${decodeURIComponent(username)} may not do what the product needs in the database "${name}" (${error.message}): make that user its owner and, as an administrator, run CREATE EXTENSION timescaledb in it.`,
    )
  if (code === '53100')
    return sentence(
      `The disk of the database server ${server} is full: free some space there and start again.`,
    )
  if (/timescaledb.*preload/is.test(error.message))
    return sentence(
      `The database server ${server} does not load TimescaleDB: add timescaledb to its shared_preload_libraries and restart it.`,
    )
  if (/\bSSL\b|certificate/i.test(error.message))
    return sentence(
      `No encrypted connection to the database server ${server} comes about (${error.message}): correct sslmode in DATABASE_URL, or the server's certificate.`,
    )
  if (isConnectionLoss(error))
    return sentence(
      `The database server ${server} does not answer (${code || error.message}): start it, or correct host and port in DATABASE_URL.`,
    )
  return error
}
