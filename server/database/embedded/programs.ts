import { existsSync } from 'node:fs'
import { chmod, mkdtemp, open, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asStartupError, diskFull } from '../../errors-startup.ts'
import { tryLock } from './lock.ts'
import { canReach, ensureFolder, type Owner } from './owner.ts'
import { debianArchitecture, fetchPackages } from './packages.ts'

/** Counted up where what is unpacked, or how it is wrapped, changes. */
const layout = 1

const machines: Record<string, { triplet: string; loader: string }> = {
  amd64: { triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
}

export interface ProgramOptions {
  dataDir: string
  cacheDir: string | undefined
  mirror: string | undefined
  owner: Owner | undefined
  signal: AbortSignal | undefined
  onProgress: (step: string) => void
}

/** The folder with postgres, initdb and the like, fetched first where it is not there yet. */
export async function ensurePrograms(options: ProgramOptions): Promise<string> {
  const architecture = await debianArchitecture()
  const cache = await usableCache(options)
  const home = join(cache, `postgresql-17-${architecture}-${layout}`)
  const bin = join(home, 'usr/lib/postgresql/17/bin')
  const stamp = join(home, 'complete')
  if (existsSync(stamp)) return bin

  const release = await waitForLock(join(cache, 'fetch.lock'), options)
  try {
    if (existsSync(stamp)) return bin
    await requireRoom(cache, 400, 'CACHE_DIR')
    await fetchInto({ ...options, architecture, cache, home })
    return bin
  } catch (error) {
    throw asStartupError(error, cache, 'CACHE_DIR')
  } finally {
    release()
  }
}

/** The first folder that can be written here and entered by the database's user. */
async function usableCache({ dataDir, cacheDir, owner, onProgress }: ProgramOptions): Promise<string> {
  const own = owner ? '/var/cache' : process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  const last = join(dataDir, 'programs')
  for (const folder of [cacheDir ?? join(own, 'pantau-kota'), last]) {
    try {
      ensureFolder(folder)
      if (await canReach(folder, owner)) return folder
    } catch (error) {
      if (folder === last) throw error
    }
    onProgress(`${folder} cannot be used for the database's programs, trying the next folder`)
  }
  ensureFolder('/var/cache/pantau-kota', 0o755)
  return '/var/cache/pantau-kota'
}

async function waitForLock(file: string, { onProgress, signal }: ProgramOptions): Promise<() => void> {
  for (let told = false; ; told = true) {
    const release = tryLock(file)
    if (release) return release
    if (!told) onProgress('waiting for another start that fetches the database')
    await sleep(200, undefined, { signal })
  }
}

export async function requireRoom(
  folder: string,
  megabytes: number,
  setting: 'DATA_DIR' | 'CACHE_DIR' = 'DATA_DIR',
): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = Math.floor((bavail * bsize) / 1e6)
  if (free < megabytes) throw diskFull(folder, setting, ` (${free} MB free, ${megabytes} MB needed)`)
}

/** Everything happens in a folder of its own and appears by one rename: an interrupted start leaves nothing half done. */
async function fetchInto(
  options: ProgramOptions & { architecture: string; cache: string; home: string },
): Promise<void> {
  const { cache, home } = options
  for (const left of await readdir(cache))
    if (left.startsWith('fetching-')) await rm(join(cache, left), { recursive: true, force: true })
  const folder = await mkdtemp(join(cache, 'fetching-'))
  await chmod(folder, 0o755)
  try {
    const root = join(folder, 'root')
    await fetchPackages({ ...options, folder, root })
    await chmod(root, 0o755)
    await wrapPrograms(root, options.architecture)
    await writeFile(join(root, 'complete'), '')
    await rm(home, { recursive: true, force: true })
    await rename(root, home)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The unpacked libc is newer than the system's may be, so every program starts through the unpacked loader. */
async function wrapPrograms(root: string, architecture: string): Promise<void> {
  const bin = join(root, 'usr/lib/postgresql/17/bin')
  const { triplet, loader } = machines[architecture]!
  for (const name of await readdir(bin)) {
    const file = join(bin, name)
    if (!(await stat(file)).isFile() || !(await isElf(file))) continue
    await rename(file, `${file}.bin`)
    await writeFile(file, wrapper(triplet, loader, name), { mode: 0o755 })
    await chmod(file, 0o755)
  }
}

const wrapper = (triplet: string, loader: string, name: string) => `#!/bin/sh
here=\${0%/*}; lib="\${here%/*/*/*}/${triplet}"
exec "$lib/${loader}" --inhibit-cache --library-path "$lib" --argv0 "$here/${name}" "$here/${name}.bin" "$@"
`

async function isElf(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.toString('latin1') === '\x7fELF'
  } finally {
    await handle.close()
  }
}
