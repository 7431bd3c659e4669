import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { asStartupError, StartupError } from '../../errors-startup.ts'
import type { Purpose } from '../purpose.ts'
import {
  clearRemains,
  type Cluster,
  createCluster,
  findPostmaster,
  isCreated,
  isUsable,
  markCreated,
  type Postmaster,
  resetPassword,
  startPostmaster,
  stopPostmaster,
} from './cluster.ts'
import { prepareDatabase, superuserUrl } from './databases.ts'
import { holderOf, tryLock } from './lock.ts'
import { clusterFolder, databaseOwner, ensureFolder } from './owner.ts'
import { ensurePrograms, requireRoom } from './programs.ts'
import type { Settings } from './settings.ts'
import { choosePort, isFree, newPassword, readState, type State, writeState } from './state.ts'
import { supervise } from './supervise.ts'

export interface EmbeddedOptions {
  dataDir: string
  /** where the programs are unpacked; else the user's cache directory */
  cacheDir?: string | undefined
  /** a Debian mirror, where the system's own package sources name none */
  mirror?: string | undefined
  /** whose database is opened: the demo and a city's real operation each have their own */
  purpose?: Purpose | undefined
  /** a fixed port; else a free one, chosen at the first start and kept */
  port?: number | undefined
  /** further settings of PostgreSQL, for tests */
  settings?: Settings | undefined
  /** aborted when the start is no longer wanted: it then throws the signal's reason and leaves nothing running */
  signal?: AbortSignal | undefined
  onProgress(step: string): void
  onDown?: (() => void) | undefined
  onUp?: (() => void) | undefined
}

export interface EmbeddedDatabase {
  /** of the product's role, which owns the database and nothing else; it holds the password: not for logs */
  url: string
  /** of the superuser: for tests, which make databases */
  adminUrl: string
  pid(): number | undefined
  /** ends the database in order; what else runs on this machine is left alone */
  stop(): Promise<void>
}

/** Real TimescaleDB without Docker: fetched once, started or taken over, and kept running. Throws StartupError. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { onProgress, signal } = options
  const dataDir = resolve(options.dataDir)
  requireLinux()
  ensureFolder(dataDir)
  const release = lockFolder(dataDir)
  try {
    const owner = databaseOwner()
    const bin = await ensurePrograms({
      dataDir,
      cacheDir: options.cacheDir && resolve(options.cacheDir),
      mirror: options.mirror,
      owner,
      signal,
      onProgress,
    })
    const folder = await clusterFolder(dataDir, owner, onProgress)
    const cluster: Cluster = { folder, bin, owner, settings: options.settings ?? {}, signal }
    const stateFile = join(dataDir, 'database.json')
    const { postmaster, state, url } = await bringUp(cluster, stateFile, options)
    const supervised = supervise(postmaster, {
      start: () => startPostmaster({ ...cluster, signal: undefined }, state),
      halt: stopPostmaster,
      onDown: options.onDown,
      onUp: options.onUp,
      onProgress,
    })
    return {
      url,
      adminUrl: superuserUrl(state, 'postgres'),
      pid: supervised.pid,
      stop: () => supervised.stop().finally(release),
    }
  } catch (error) {
    release()
    throw asStartupError(error, dataDir)
  }
}

async function bringUp(
  cluster: Cluster,
  stateFile: string,
  { port, purpose = 'city', onProgress }: EmbeddedOptions,
): Promise<{ postmaster: Postmaster; state: State; url: string }> {
  const kept = readState(stateFile)
  const left = findPostmaster(cluster.folder)
  if (left && kept && (port === undefined || port === kept.port) && (await isUsable(cluster, kept, left))) {
    onProgress('the database runs already')
    return { postmaster: left, state: kept, url: await prepareDatabase(kept, purpose) }
  }
  if (left) await stopPostmaster(left)
  await clearRemains(cluster.folder)

  const fresh = !isCreated(cluster.folder)
  await requireRoom(cluster.folder, fresh ? 300 : 100)
  const state = { port: await settlePort(port, kept?.port), password: kept?.password ?? newPassword() }
  if (fresh) {
    onProgress('creating the database')
    await createCluster(cluster, state.password)
    markCreated(cluster.folder)
  } else if (!kept) {
    await resetPassword(cluster, state.password)
  }
  writeState(stateFile, state)
  onProgress('starting the database')
  const postmaster = await startPostmaster(cluster, state)
  const url = await prepareDatabase(state, purpose).catch(async (error: unknown) => {
    await stopPostmaster(postmaster)
    throw error
  })
  return { postmaster, state, url }
}

/** A port that was asked for must be free; a chosen one may change. */
async function settlePort(wanted: number | undefined, kept: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (await isFree(wanted)) return wanted
    throw new StartupError(
      `The port ${wanted} for the database is taken: end what listens there, or choose another port.`,
    )
  }
  return kept !== undefined && (await isFree(kept)) ? kept : choosePort()
}

/** Two servers on one folder would each stop the other's database. */
function lockFolder(dataDir: string): () => void {
  try {
    const release = tryLock(join(dataDir, 'lock'))
    if (release) return release
  } catch (error) {
    throw asStartupError(error, dataDir)
  }
  throw new StartupError(
    `Pantau Kota already runs on ${dataDir} (process ${holderOf(join(dataDir, 'lock')) ?? '?'}): stop it, or set DATA_DIR to another folder.`,
  )
}

function requireLinux(): void {
  if (process.platform !== 'linux')
    throw new StartupError(
      'The embedded database needs Linux with apt-get: set DATABASE_URL to a PostgreSQL server of your own with TimescaleDB.',
    )
  if (!existsSync('/usr/share/zoneinfo/Asia/Jakarta'))
    throw new StartupError("The system's time zones are missing: install the package tzdata and start again.")
}
