import { spawn } from 'node:child_process'
import type { Owner } from './owner.ts'

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

/** Runs a program to its end, as another user where one is given. Throws only where it cannot be started. */
export function run(
  program: string,
  args: string[],
  options: { owner?: Owner | undefined; cwd?: string; input?: string } = {},
): Promise<Ran> {
  const { owner, cwd = '/', input } = options
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: plainEnvironment(cwd),
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(owner && { uid: owner.uid, gid: owner.gid }),
    })
    let output = ''
    const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000))
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.stdin.on('error', () => undefined) // it ended without reading: its exit code says why
    child.stdin.end(input ?? '')
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
