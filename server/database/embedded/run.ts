import { spawn } from 'node:child_process'
import type { Owner } from './owner.ts'
import { signal as signalTo } from './processes.ts'

export interface Ran {
  code: number | null
  output: string
}

/** Programs see the least: no LD_* and no PG* of the caller's, the proxy settings that a download needs. */
export function plainEnvironment(home: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    HOME: home,
    LC_ALL: 'C',
    TZ: 'UTC',
  }
  for (const [key, value] of Object.entries(process.env))
    if (/^(https?|ftp|no|all)_proxy$/i.test(key)) env[key] = value
  return env
}

/**
 * Runs a program to its end, as another user where one is given, in a process group of its own: Ctrl-C is for the product,
 * which aborts `signal`. Throws where it cannot be started, and once all of the group has ended after an abort.
 */
export function run(
  program: string,
  args: string[],
  options: { owner?: Owner | undefined; cwd?: string; input?: string; signal?: AbortSignal | undefined } = {},
): Promise<Ran> {
  const { owner, cwd = '/', input, signal } = options
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: plainEnvironment(cwd),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      ...(owner && { uid: owner.uid, gid: owner.gid }),
    })
    let output = ''
    const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000))
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.stdin.on('error', () => undefined) // it ended without reading: its exit code says why
    child.stdin.end(input ?? '')
    const abort = () => child.pid !== undefined && signalTo(-child.pid, 'SIGTERM')
    signal?.addEventListener('abort', abort)
    child.on('error', reject)
    child.on('close', (code) => {
      signal?.removeEventListener('abort', abort)
      if (signal?.aborted) reject(signal.reason as Error)
      else resolve({ code, output })
    })
  })
}
