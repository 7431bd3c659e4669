import pg from 'pg'

const { Pool, types } = pg

// What the product's tables hold fits a double exactly; days stay days, without a time zone's guess.
types.setTypeParser(types.builtins.INT8, Number)
types.setTypeParser(types.builtins.NUMERIC, Number)
types.setTypeParser(types.builtins.DATE, (text) => text)

/** A pool that outlives its server: a connection that breaks is dropped, and the next query opens another. */
export function createPool(url: string, { max = 10, applicationName = 'pantau-kota' } = {}): pg.Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 60_000,
    options: '-c timezone=UTC',
  })
  // Without a listener an idle connection's end would end the process; the next query tells what there is to tell.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Runs `work` in one transaction; a connection whose rollback fails too is thrown away. */
export async function withTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((cause: unknown) => (broken = cause instanceof Error ? cause : new Error('rollback failed')))
    throw error
  } finally {
    client.release(broken)
  }
}

const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', '57P01', '57P02', '57P03', '53300'])

/** True where the database is away, so that the same work may be tried again. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return (
    AWAY.has(code) ||
    code.startsWith('08') ||
    /connection terminated|connection timeout|timeout exceeded when trying to connect|client has encountered a connection error/i.test(error.message)
  )
}
