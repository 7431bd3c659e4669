import pg from 'pg'
import { retryWhileUsed } from '../embedded/databases.ts'
import { migrate } from '../migrate.ts'

const template = 'pantau_template'

export const databaseAt = (url: string, name: string) => {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}

/** Makes the migrated database that tests are cloned from, anew each time. */
export async function makeTemplate(adminUrl: string): Promise<void> {
  await asAdmin(adminUrl, async (admin) => {
    await admin.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`)
    await admin.query(`CREATE DATABASE ${template}`)
  })
  await migrate(databaseAt(adminUrl, template))
  await asAdmin(adminUrl, async (admin) => {
    // A session in the template, TimescaleDB's scheduler above all, would keep it from being cloned.
    await admin.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`)
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [template])
  })
}

export async function cloneTemplate(adminUrl: string, name: string): Promise<void> {
  await asAdmin(adminUrl, async (admin) => {
    await retryWhileUsed(() => admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`))
  })
}

/** A database in which no migration has run. */
export async function createEmpty(adminUrl: string, name: string): Promise<void> {
  await asAdmin(adminUrl, (admin) => admin.query(`CREATE DATABASE ${name}`))
}

export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await asAdmin(adminUrl, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
}

async function asAdmin(url: string, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: url })
  admin.on('error', () => undefined) // the query in flight rejects too
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}
