import type pg from 'pg'
import { StartupError } from '../errors-startup.ts'

type Queryable = Pick<pg.ClientBase, 'query'> | pg.Pool

/** What a database is used for: the demo's stand-in portals, or a city's real feeds. Never both. */
export type Purpose = 'demo' | 'city'

/** Whom the data is of; undefined where nothing has been taken in yet. What the city pack brings counts for neither. */
export async function purposeOf(database: Queryable): Promise<Purpose | undefined> {
  const table = await database.query<{ found: boolean }>(
    `SELECT to_regclass('public.feed') IS NOT NULL AS found`,
  )
  if (!table.rows[0]?.found) return undefined
  const { rows } = await database.query<{ purpose: Purpose | null }>(
    `SELECT CASE WHEN bool_or(demo) THEN 'demo' WHEN bool_or(mode <> 'history') THEN 'city' END AS purpose FROM feed`,
  )
  return rows[0]?.purpose ?? undefined
}

/** Refuses a database of the other purpose in a sentence that says what to do. Throws StartupError. */
export async function refuseMixture(database: Queryable, wanted: Purpose): Promise<void> {
  const found = await purposeOf(database)
  if (found === 'demo' && wanted === 'city')
    throw new StartupError(
      "The database in DATABASE_URL holds the demo's data, which must not mix with a city's: name an empty database there, or set DEMO=on without FEEDS_FILE to go on with the demo.",
    )
  if (found === 'city' && wanted === 'demo')
    throw new StartupError(
      "The database in DATABASE_URL holds a city's real feeds, with which the demo must not mix: set FEEDS_FILE or DEMO=off to go on with them, or name an empty database there for the demo.",
    )
}
