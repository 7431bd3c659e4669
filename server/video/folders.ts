import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** This process's own folder below `root`; it is made when it is needed. */
export const ownFolder = (root: string, pid = process.pid): string => join(root, String(pid))

/** Removes what processes that are gone have left below `root`: after a crash nobody else would. */
export async function sweepFolders(root: string): Promise<void> {
  const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const stale = names.filter((name) => /^\d+$/.test(name) && !isRunning(Number(name)))
  await Promise.all(stale.map((name) => rm(join(root, name), { recursive: true, force: true })))
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // it runs, and belongs to somebody else
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
