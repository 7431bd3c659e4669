import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'

export interface Part {
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>
}
export interface Program extends Part {
  /** the line that said it was ready */
  line: string
}
/** Ends a program with the test that started it, however that ends (util-linux, which every Debian has). */
const TIED = ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--']
const READY_MS = 20_000

/** Starts a program and waits for the line that says it is ready. Throws with its last words where it ends before. */
export async function startProgram(
  command: string,
  args: readonly string[],
  ready: RegExp,
): Promise<Program> {
  const [program = command, ...all] = [...(existsSync(TIED[0] ?? '') ? TIED : []), command, ...args]
  const child = spawn(program, all, { stdio: ['pipe', 'pipe', 'pipe'] })
  const gone = once(child, 'close')
  const stop = async () => {
    child.kill('SIGKILL')
    await gone
  }
  const last: string[] = []
  const line = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => child.kill('SIGKILL'), READY_MS)
    for (const output of [child.stdout, child.stderr])
      createInterface({ input: output }).on('line', (said) => {
        last.push(said)
        if (last.length > 20) last.shift()
        if (!ready.test(said)) return
        clearTimeout(late)
        resolve(said)
      })
    child.once('error', reject)
    child.once('close', () => reject(new Error(`${command} ended before it was ready:\n${last.join('\n')}`)))
    void gone.finally(() => clearTimeout(late))
  })
  return { line, stop }
}
