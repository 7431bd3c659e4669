import pg from 'pg'

export interface PoolOptions {
  max?: number
  applicationName?: string
  /** a statement that runs longer is cancelled */
  statementTimeoutMs?: number
}

const OID = { int8: 20, date: 1082, numeric: 1700 }

/** Counts and prices fit a number; a day stays the text 'YYYY-MM-DD', since a Date would move it between time zones. */
const parsers = new Map<number, (text: string) => unknown>([
  [OID.int8, Number],
  [OID.numeric, Number],
  [OID.date, (text) => text],
])

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? pg.types.getTypeParser(oid, format),
}

/** A pool that outlives a restart of the database: sessions that broke are thrown away, new ones are opened on demand. */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'pantau-kota',
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    options: '-c timezone=UTC',
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // what is asked for without waiting in between goes out together
    pipeline: true,
    types,
  })
  // Without a listener an 'error' event ends the process. The query in flight rejects too, which is where it is handled.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/**
 * Until it is called off, an abort cuts the sessions that are at work: what they have not committed is undone. For work that
 * may take long and is not wanted any more. Returns what calls it off.
 */
export function cutOnAbort(pool: pg.Pool, signal: AbortSignal): () => void {
  const atWork = new Set<pg.PoolClient>()
  const enter = (client: pg.PoolClient) => atWork.add(client)
  const leave = (_error: Error, client: pg.PoolClient) => atWork.delete(client)
  const cut = () => atWork.forEach((client) => void client.end())
  pool.on('acquire', enter).on('release', leave)
  signal.addEventListener('abort', cut)
  return () => {
    pool.off('acquire', enter).off('release', leave)
    signal.removeEventListener('abort', cut)
  }
}

/** Commits what `work` did, or nothing of it. */
export const withTransaction = <T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  transaction(pool, 'BEGIN', work)

/** All that `work` reads stood at one moment, whatever is written meanwhile. */
export const inSnapshot = <T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  transaction(pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work)

async function transaction<T>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken: unknown
  try {
    // The first statement leaves together with BEGIN. Both are waited for: nobody gets a session at which one still works.
    const [begun, worked] = await Promise.allSettled([client.query(begin), work(client)])
    if (begun.status === 'rejected') throw (broken = begun.reason)
    if (worked.status === 'rejected') throw worked.reason
    await client.query('COMMIT')
    return worked.value
  } catch (error) {
    await client.query('ROLLBACK').catch((reason: unknown) => (broken = reason))
    if (isConnectionLoss(error)) broken = error
    throw error
  } finally {
    client.release(broken !== undefined)
  }
}

const awayCodes =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|57P0[1235]|08...)$/
const awayMessages =
  /^(Connection terminated|Connection ended|timeout e(xceeded|xpired)|Client has encountered a connection error|Client was closed and is not queryable|timeout exceeded when trying to connect)/i

/** True where the database's disk has no room: the same work succeeds once someone has freed some. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '53100'

/** True where the database is away or has just thrown the session out: the same work may succeed a moment later. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError && error.errors.some(isConnectionLoss)) return true
  if ('code' in error && typeof error.code === 'string' && awayCodes.test(error.code)) return true
  return awayMessages.test(error.message) || (error.cause !== undefined && isConnectionLoss(error.cause))
}
