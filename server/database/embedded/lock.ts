import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { startedAt } from './processes.ts'

/** The process that holds a lock file, or undefined where none is alive. */
export function holderOf(file: string): number | undefined {
  try {
    const [pid = '', started] = readFileSync(file, 'utf8').trim().split(' ')
    return startedAt(Number(pid)) === started ? Number(pid) : undefined
  } catch {
    return undefined
  }
}

/** Takes a lock file that outlives nobody: one left by a dead process is taken over. Returns the release, or undefined. */
export function tryLock(file: string): (() => void) | undefined {
  const mine = `${file}.${process.pid}`
  writeFileSync(mine, `${process.pid} ${startedAt(process.pid)}\n`)
  try {
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        linkSync(mine, file) // appears whole or not at all
        return () => rmSync(file, { force: true })
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
        if (holderOf(file) !== undefined) return undefined
        rmSync(file, { force: true })
      }
    }
    return undefined
  } finally {
    rmSync(mine, { force: true })
  }
}
