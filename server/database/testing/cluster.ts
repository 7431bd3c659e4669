import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPostmaster, stopPostmaster } from '../embedded/cluster.ts'
import { startEmbedded } from '../embedded/index.ts'
import { holderOf } from '../embedded/lock.ts'
import { makeTemplate } from './template.ts'

export interface TestCluster {
  /** of a role that may create databases */
  adminUrl: string
  stop(): Promise<void>
}

const prefix = 'pantau-test-'

/** A throw-away TimescaleDB with the migrated template, for vitest, Playwright and benchmarks alike. */
export async function startTestCluster(
  options: { durable?: boolean; onProgress?: (step: string) => void } = {},
): Promise<TestCluster> {
  const own = process.env['TEST_DATABASE_URL']
  if (own) {
    await makeTemplate(own)
    return { adminUrl: own, stop: () => Promise.resolve() }
  }
  await sweep()
  const dataDir = await mkdtemp(join(tmpdir(), prefix))
  chmodSync(dataDir, 0o755) // under root the database's user has to come in
  const database = await startEmbedded({
    dataDir,
    cacheDir: process.env['CACHE_DIR'],
    mirror: process.env['DEBIAN_MIRROR'],
    settings: { max_connections: 200, ...(options.durable ? {} : fast) },
    onProgress: options.onProgress ?? (() => undefined),
  })
  const stop = async () => {
    await database.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    await makeTemplate(database.adminUrl)
    return { adminUrl: database.adminUrl, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Nothing in a test outlives a crash of the machine. */
const fast = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  shared_buffers: '128MB',
  'timescaledb.max_background_workers': 0,
}

/** Ends and removes what test runs that were killed left behind. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name)
    try {
      const old = Date.now() - statSync(folder).mtimeMs > 60_000
      if (!old || holderOf(join(folder, 'lock')) !== undefined) continue
      const left = findPostmaster(join(folder, 'postgres'))
      if (left) await stopPostmaster(left)
      rmSync(folder, { recursive: true, force: true })
    } catch {
      continue // another user's, or gone in the meantime
    }
  }
}
