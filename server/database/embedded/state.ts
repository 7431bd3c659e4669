import { randomBytes, randomInt } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { StartupError } from '../../errors-startup.ts'

/** What the next start has to know again; readable by the product's own user only. */
export interface State {
  port: number
  password: string
}

export function readState(file: string): State | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof state !== 'object' || state === null || !('port' in state) || !('password' in state))
      return undefined
    const { port, password } = state
    return typeof port === 'number' && typeof password === 'string' ? { port, password } : undefined
  } catch {
    return undefined
  }
}

export function writeState(file: string, state: State): void {
  const draft = `${file}.new`
  writeFileSync(draft, `${JSON.stringify(state)}\n`, { mode: 0o600 })
  renameSync(draft, file)
}

export const newPassword = () => randomBytes(24).toString('base64url')

/** Below the ports that the system hands to outgoing connections, so that nothing takes it during a restart. */
export async function choosePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) return port
  }
  throw new StartupError(
    'No free port was found for the database on 127.0.0.1: end what listens there and start again.',
  )
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
