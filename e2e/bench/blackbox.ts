import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../server.ts'
import { cpuMs } from './processes.ts'

const MODULES = `modules:
  tcp: { prober: tcp, timeout: 5s }
  http: { prober: http, timeout: 5s, http: { preferred_ip_protocol: ip4 } }
`
const AT_ONCE = 16

/** prometheus-blackbox-exporter, of Debian's package of that name: what a check costs it. */
export class Blackbox {
  readonly #child: ChildProcess
  readonly #port: number
  readonly #folder: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })

  private constructor(child: ChildProcess, port: number, folder: string) {
    this.#child = child
    this.#port = port
    this.#folder = folder
  }

  static async start(): Promise<Blackbox> {
    const port = await freePort()
    const folder = mkdtempSync(join(tmpdir(), 'pantau-blackbox-'))
    const config = join(folder, 'blackbox.yml')
    writeFileSync(config, MODULES)
    const child = spawn(
      'prometheus-blackbox-exporter',
      [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    await new Promise<void>((resolve, reject) => {
      child.once('error', () =>
        reject(
          new Error('Install the Debian package prometheus-blackbox-exporter: it is what is compared with.'),
        ),
      )
      child.stderr.on('data', (chunk: Buffer) => {
        if (/Listening on|listening/i.test(chunk.toString())) resolve()
      })
      child.once('exit', (code) => reject(new Error(`the exporter ended with ${code}`)))
    })
    return new Blackbox(child, port, folder)
  }

  /** CPU of one check, ms, over all the given targets. Throws where one of them is not found to work. */
  async costOf(module: 'tcp' | 'http', targets: readonly string[]): Promise<number> {
    const queue = targets.values()
    const before = cpuMs(this.#child.pid ?? 0)
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const target of queue) await this.#probe(module, target)
      }),
    )
    return (cpuMs(this.#child.pid ?? 0) - before) / targets.length
  }

  stop(): void {
    this.#agent.destroy()
    this.#child.removeAllListeners('exit')
    this.#child.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #probe(module: string, target: string): Promise<void> {
    const path = `/probe?module=${module}&target=${encodeURIComponent(target)}`
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: this.#port, path, agent: this.#agent }, (answer) => {
        let text = ''
        answer.on('data', (chunk) => (text += String(chunk)))
        answer.on('end', () =>
          text.includes('probe_success 1')
            ? resolve()
            : reject(new Error(`${target} did not answer the exporter`)),
        )
      }).on('error', reject)
    })
  }
}
