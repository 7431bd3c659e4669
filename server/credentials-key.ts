import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError, asStartupError } from './errors-startup.ts'
import { ensureFolder } from './database/embedded/owner.ts'

/** The key of the data folder that seals the cameras' passwords where none is configured; made once, for its owner only. */
export function credentialsKeyIn(dataDir: string): Buffer {
  const file = join(dataDir, 'credentials.key')
  try {
    ensureFolder(dataDir)
    // Only where it is not there yet: two starts at once agree on the one that came first.
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      throw asStartupError(error, file)
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
  if (key.length !== 32)
    throw new StartupError(
      `${file} does not hold 64 hexadecimal digits: put the right file back, or remove it and enter the cameras' passwords again.`,
    )
  return key
}
