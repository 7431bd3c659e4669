import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { createPool } from '../pool.ts'
import { cloneTemplate, databaseAt, dropDatabase } from './template.ts'

export { startTestCluster, type TestCluster } from './cluster.ts'

export interface TestDatabase {
  url: string
  pool: pg.Pool
  /** ends the pool and removes the database: call it in afterAll */
  drop(): Promise<void>
}

/** A migrated, empty database of one's own. Outside vitest give the test cluster's adminUrl. */
export async function testDatabase(adminUrl?: string): Promise<TestDatabase> {
  const admin = adminUrl ?? (await import('vitest')).inject('adminUrl')
  const name = `pantau_test_${randomBytes(6).toString('hex')}`
  await cloneTemplate(admin, name)
  const url = databaseAt(admin, name)
  const pool = createPool(url, { max: 8, applicationName: name })
  return {
    url,
    pool,
    drop: async () => {
      await pool.end()
      await dropDatabase(admin, name)
    },
  }
}
