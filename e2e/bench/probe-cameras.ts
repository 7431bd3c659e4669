import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import type { Targets } from '../../server/contract/probing.ts'
import type { WorkerFigures } from './probe-worker.ts'

const HOSTS = 250
export type Kind = 'tcp' | 'http' | 'hanging' | 'resetting' | 'flapping' | 'mortal'

/** The process that is probed. */
export class ProbeTargets {
  readonly #child: ChildProcess
  readonly #lines: Interface
  readonly ports: Record<Kind, number>

  private constructor(child: ChildProcess, lines: Interface, ports: Record<Kind, number>) {
    this.#child = child
    this.#lines = lines
    this.ports = ports
  }
  static async start(): Promise<ProbeTargets> {
    const script = fileURLToPath(new URL('probe-targets.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['pipe', 'pipe', 'inherit'] })
    if (child.stdout === null) throw new Error('the targets have no output')
    const lines = createInterface(child.stdout)
    const [ports] = (await once(lines, 'line')) as [string]
    return new ProbeTargets(child, lines, JSON.parse(ports) as Record<Kind, number>)
  }
  addressOf(kind: Kind, index: number): string {
    return `127.40.0.${(index % HOSTS) + 1}:${this.ports[kind]}`
  }
  targetsOf(kind: Kind, index: number): Targets {
    const address = this.addressOf(kind, index)
    return kind === 'tcp' || kind === 'mortal' ? { tcp: address } : { http: `http://${address}/` }
  }
  /** The mortal of that number refuses from the moment on that comes back, ms since 1970. */
  async kill(index: number): Promise<number> {
    const answer = once(this.#lines, 'line') as Promise<[string]>
    this.#child.stdin?.write(`die ${index}\n`)
    return (JSON.parse((await answer)[0]) as { at: number }).at
  }
  stop(): void {
    this.#child.stdin?.end()
  }
}

/** Adds cameras of a kind each, judged by probing. Returns their ids. */
export async function addProbed(
  pool: pg.Pool,
  targets: ProbeTargets,
  kinds: readonly Kind[],
  intervalSeconds: number,
): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>(
    `INSERT INTO camera (stream_id, name, latitude, longitude, site, targets, settings)
     SELECT 'probe-' || n, 'Probe ' || n, -8.03 + 0.11 * random(), 112.58 + 0.11 * random(), 'site-' || n / 4, t::jsonb, $2
     FROM unnest($1::text[]) WITH ORDINALITY AS t(t, n) ORDER BY n RETURNING id`,
    [kinds.map((kind, index) => JSON.stringify(targets.targetsOf(kind, index))), { intervalSeconds }],
  )
  const ids = rows.map(({ id }) => id)
  await pool.query(
    `INSERT INTO camera_current (camera_id, state, since, at, silent_after, judged)
     SELECT id, 'unknown', now(), '-infinity', '-infinity', true FROM unnest($1::int[]) id`,
    [ids],
  )
  return ids
}

/** The prober in a process of its own. */
export class ProbeWorker {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }
  static async start(databaseUrl: string): Promise<ProbeWorker> {
    const child = fork(fileURLToPath(new URL('probe-worker.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, DATABASE_URL: databaseUrl },
    })
    await once(child, 'message')
    return new ProbeWorker(child)
  }
  get pid(): number {
    return this.#child.pid ?? 0
  }
  async reset(): Promise<void> {
    const done = once(this.#child, 'message')
    this.#child.send('reset')
    await done
  }
  async figures(): Promise<WorkerFigures> {
    const answer = once(this.#child, 'message') as Promise<[WorkerFigures]>
    this.#child.send('figures')
    return (await answer)[0]
  }
  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.send('stop')
    await ended
  }
}
