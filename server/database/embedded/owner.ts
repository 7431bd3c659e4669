import { createHash } from 'node:crypto'
import { accessSync, chmodSync, chownSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asStartupError, StartupError } from '../../errors-startup.ts'
import { run } from './run.ts'

/** The user that the database runs as where the product itself is root, which PostgreSQL refuses. */
export interface Owner {
  name: string
  uid: number
  gid: number
}

export function databaseOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const user = users.find(([name]) => name === wanted)
    if (user) return { name: wanted, uid: Number(user[2]), gid: Number(user[3]) }
  }
  throw new StartupError(
    'PostgreSQL does not run as root: start Pantau Kota as an ordinary user, or set DATABASE_URL to a server of your own.',
  )
}

/** A folder that exists and that this process can write; a sentence where it cannot. */
export function ensureFolder(folder: string, mode?: number): void {
  try {
    mkdirSync(folder, { recursive: true })
    if (mode !== undefined) chmodSync(folder, mode)
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw asStartupError(error, folder)
  }
}

export async function canReach(folder: string, owner: Owner | undefined): Promise<boolean> {
  if (!owner) return true
  const { code } = await run('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], { owner })
  return code === 0
}

const systemFolder = '/var/lib/pantau-kota'
const holdsCluster = (folder: string) => existsSync(join(folder, 'PG_VERSION'))

/** The cluster's folder: below the data folder, or a system folder where the database's user cannot come in there. */
export async function clusterFolder(
  dataDir: string,
  owner: Owner | undefined,
  onProgress: (step: string) => void,
): Promise<string> {
  const own = join(dataDir, 'postgres')
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  const fallback = join(systemFolder, hash)
  const reachable = await canReach(dataDir, owner)

  if (owner && !holdsCluster(own) && (holdsCluster(fallback) || !reachable)) {
    onProgress(`the user ${owner.name} cannot enter ${dataDir}, so the database lies in ${fallback}`)
    ensureFolder(systemFolder, 0o755)
    return giveTo(fallback, owner)
  }
  if (owner && !reachable)
    throw new StartupError(
      `The user ${owner.name}, as whom the database runs, can no longer enter ${dataDir}: allow it (chmod o+x on the folders above), or start Pantau Kota as an ordinary user.`,
    )
  return giveTo(own, owner)
}

function giveTo(folder: string, owner: Owner | undefined): string {
  ensureFolder(folder, 0o700)
  if (owner) chownSync(folder, owner.uid, owner.gid)
  return folder
}
