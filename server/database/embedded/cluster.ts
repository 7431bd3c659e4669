import {
  existsSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { diskFull, StartupError } from '../../errors-startup.ts'
import { superuser, superuserUrl } from './databases.ts'
import { commandLine, findProcesses, signal, startedAt } from './processes.ts'
import type { Owner } from './owner.ts'
import { plainEnvironment, run } from './run.ts'
import { clusterName, hostRules, postgresConf, type Settings } from './settings.ts'
import type { State } from './state.ts'

export interface Cluster {
  folder: string
  bin: string
  owner: Owner | undefined
  settings: Settings
  /** a start that is no longer wanted ends early */
  signal: AbortSignal | undefined
}

/** A running postmaster: `gone` settles when it has ended, however it was started. */
export interface Postmaster {
  pid: number
  gone: Promise<void>
}

// Create ----------------------------------------------------------------------------------------

/** Makes the cluster's files; what an interrupted start left half done is begun anew. */
export async function createCluster(
  { folder, bin, owner, signal }: Cluster,
  password: string,
): Promise<void> {
  for (const left of readdirSync(folder)) rmSync(join(folder, left), { recursive: true, force: true })
  const args = ['-D', folder, '-U', superuser, '--encoding=UTF8', '--locale=C', '--locale-provider=builtin']
  const { code, output } = await run(
    '/bin/sh',
    // through cat: a pipe of another user's cannot be opened by its name, one of its own can
    [
      '-c',
      'cat | "$@"',
      'sh',
      join(bin, 'initdb'),
      ...args,
      '--builtin-locale=C.UTF-8',
      '--auth=scram-sha-256',
      '--pwfile=/dev/fd/0',
    ],
    { owner, signal, cwd: folder, input: `${password}\n` },
  )
  if (code === 0) return
  if (/no space left/i.test(output)) throw diskFull(folder)
  throw new StartupError(`The database could not be created in ${folder}: ${lastLine(output)}`)
}

export const isCreated = (folder: string) => existsSync(join(folder, 'created'))
export const markCreated = (folder: string) => writeFileSync(join(folder, 'created'), '')

/** For a cluster whose password was lost with its state file: sets a new one while nothing runs. */
export async function resetPassword({ folder, bin, owner }: Cluster, password: string): Promise<void> {
  const { code, output } = await run(join(bin, 'postgres'), ['--single', '-D', folder, 'postgres'], {
    owner,
    cwd: folder,
    input: `ALTER ROLE ${superuser} PASSWORD '${password}'\n`,
  })
  if (code !== 0) throw new StartupError(`The database in ${folder} could not be opened: ${lastLine(output)}`)
}

// Configure -------------------------------------------------------------------------------------

const confOf = (cluster: Cluster, port: number) => postgresConf(cluster.folder, port, cluster.settings)

export function configure(cluster: Cluster, port: number): void {
  replaceFile(join(cluster.folder, 'postgresql.conf'), confOf(cluster, port))
  replaceFile(join(cluster.folder, 'pg_hba.conf'), hostRules)
}

function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o644 }) // its folder is closed to others
  renameSync(`${file}.new`, file)
}

// Find ------------------------------------------------------------------------------------------

interface PidFile {
  pid: number
  port: number
  ready: boolean
}

function readPidFile(folder: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
  } catch {
    return undefined
  }
}

const isPostmasterOf = (folder: string, pid: number) =>
  startedAt(pid) !== undefined && commandLine(pid).includes(` -D ${folder} `)

/** The postmaster that an ended server left running. */
export function findPostmaster(folder: string): Postmaster | undefined {
  const found = readPidFile(folder)
  if (!found || !isPostmasterOf(folder, found.pid)) return undefined
  return { pid: found.pid, gone: whenGone(found.pid) }
}

/** Whether it may go on as it is: it answers, and runs with the settings that this version would give it. */
export async function isUsable(cluster: Cluster, state: State, left: Postmaster): Promise<boolean> {
  try {
    if (!commandLine(left.pid).includes(cluster.bin)) return false
    if (readFileSync(join(cluster.folder, 'postgresql.conf'), 'utf8') !== confOf(cluster, state.port))
      return false
    await waitUntilReady(cluster, state, left, 10_000)
    return true
  } catch {
    return false
  }
}

async function whenGone(pid: number): Promise<void> {
  const born = startedAt(pid)
  while (born !== undefined && startedAt(pid) === born) await sleep(200, undefined, { ref: false })
}

// Start -----------------------------------------------------------------------------------------

/** Children of a killed postmaster keep its shared memory, and no new one starts before they have gone. */
export async function clearRemains(folder: string): Promise<void> {
  const title = `postgres: ${clusterName(folder)}: `
  const remains = () => findProcesses((line) => line.includes(title) || line.includes(` -D ${folder} `))
  const patience = Date.now() + 300
  for (let left = remains(); left.length > 0; left = remains()) {
    // Their postmaster is dead, so nothing that they could still write counts.
    if (Date.now() > patience) for (const pid of left) signal(pid, 'SIGKILL')
    await sleep(20)
  }
  // A number given anew to another process after a crash of the machine would keep PostgreSQL from starting.
  rmSync(join(folder, 'postmaster.pid'), { force: true })
}

/** Starts the server and waits until it takes connections; a crash before is recovered from, however long that takes. */
export async function startPostmaster(cluster: Cluster, state: State): Promise<Postmaster> {
  const { folder, bin, owner } = cluster
  await clearRemains(folder)
  configure(cluster, state.port)
  const logFile = join(folder, 'start.log')
  const log = openSync(logFile, 'w')
  // Detached: Ctrl-C in the terminal is for the product, which then stops the database in order.
  const child = spawn(join(bin, 'postgres'), ['-D', folder, '-k', ''], {
    cwd: folder,
    env: plainEnvironment(folder),
    detached: true,
    stdio: ['ignore', log, log],
    ...(owner && { uid: owner.uid, gid: owner.gid }),
  })
  closeSync(log)
  const gone = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve())
    child.once('error', reject)
  })
  // Told where it is awaited; until then it must not end the process as nobody's.
  gone.catch(() => undefined)
  child.unref()
  if (child.pid === undefined) {
    await gone
    throw new StartupError(`The database's program in ${bin} could not be started.`)
  }
  const postmaster = { pid: child.pid, gone }
  try {
    await waitUntilReady(cluster, state, postmaster, 600_000)
    return postmaster
  } catch (error) {
    await stopPostmaster(postmaster)
    throw error
  }
}

async function waitUntilReady(
  cluster: Cluster,
  state: State,
  { pid, gone }: Postmaster,
  limit: number,
): Promise<void> {
  let ended = false
  void gone.then(() => (ended = true))
  for (const until = Date.now() + limit; Date.now() < until; await sleep(20)) {
    cluster.signal?.throwIfAborted()
    if (ended) throw new StartupError(`The database did not start: ${reasonOf(cluster.folder)}`)
    const file = readPidFile(cluster.folder)
    if (file?.pid === pid && file.ready) return greet(state)
  }
  throw new StartupError(
    `The database in ${cluster.folder} did not become ready: see the files in ${cluster.folder}/log.`,
  )
}

async function greet(state: State): Promise<void> {
  const client = new pg.Client({
    connectionString: superuserUrl(state, 'postgres'),
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => undefined) // the query says so too
  try {
    await client.connect()
    await client.query('SELECT 1')
  } finally {
    // What failed before is the news, not that the connection could not be closed after it.
    await client.end().catch(() => undefined)
  }
}

function reasonOf(folder: string): string {
  const day = new Date().toLocaleDateString('en-US', { weekday: 'short', timeZone: 'UTC' })
  const texts = ['start.log', `log/postgres-${day}.log`].map((name) => {
    try {
      return readFileSync(join(folder, name), 'utf8').slice(-4_000)
    } catch {
      return ''
    }
  })
  const all = texts.join('\n')
  if (/no space left/i.test(all)) return `the disk that holds ${folder} is full, free some space there.`
  const fatal = [...all.matchAll(/(?:FATAL|PANIC): +(.*)/g)].at(-1)?.[1]
  return `${fatal ?? lastLine(all)} (see the files in ${join(folder, 'log')})`
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? ''

// Stop ------------------------------------------------------------------------------------------

/** A fast shutdown: sessions end, what is committed is written out. */
export async function stopPostmaster({ pid, gone }: Postmaster, patience = 30_000): Promise<void> {
  const ended = (limit: number) => endsWithin(gone, limit)
  if (await ended(0)) return
  for (const [name, limit] of [
    ['SIGINT', patience],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signal(pid, name)
    if (await ended(limit)) return
  }
}

/** Holds the process open meanwhile: nothing else may be left to do, and a stop that is cut off stops nothing. */
async function endsWithin(gone: Promise<void>, limit: number): Promise<boolean> {
  const timer = new AbortController()
  const late = sleep(limit, false, { signal: timer.signal }).catch(() => false)
  const ended = await Promise.race([gone.then(() => true), late])
  timer.abort()
  return ended
}
