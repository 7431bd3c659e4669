import { mkdir } from 'node:fs/promises'
import { setLogger } from 'node-cron'
import { buildApp, type Built } from './app.ts'
import { PackError, loadPack } from './cities/index.ts'
import { loadCity } from './cities/load.ts'
import { readConfig, type Config } from './config.ts'
import type { Context } from './context.ts'
import { startEmbedded } from './database/embedded/index.ts'
import { checkTimescale, migrate } from './database/migrate.ts'
import { createPool } from './database/pool.ts'
import { StartupError } from './errors-startup.ts'
import { configuredPulls, startFeeds } from './ingest/pulls.ts'
import { startDemo } from './demo/index.ts'
import { startJobs } from './jobs.ts'
import { Bus } from './live/bus.ts'
import { createLog, schedulerLog } from './log.ts'
import { buildWeb } from './web-build.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
/** What was started, to be ended in the opposite order. */
const ends: (() => Promise<unknown> | void)[] = []

async function start(config: Config): Promise<void> {
  const log = createLog(config.logLevel)
  setLogger(schedulerLog(log))
  const bus = new Bus()
  await buildWeb(say)
  const pack = await loadPack(config.city)
  const pulls = await configuredPulls(config.feedsFile)

  const url = config.databaseUrl ?? (await startDatabase(config, bus))
  const pool = createPool(url, { max: 12, applicationName: 'pantau-kota' })
  ends.push(() => pool.end())
  await checkTimescale(pool)
  const applied = await migrate(url, { log: (line: string) => log.debug(line) })
  if (applied.length > 0) say(`Migrated the database: ${applied.length} steps`)
  await loadCity(pool, pack, say)

  const context: Context = { config, pool, clock: () => new Date(), pack, bus, log }
  const built = await buildApp(context)
  ends.push(() => built.app.close())
  if (config.demo) {
    say('Starting the demo: its data comes from a stand-in server on this machine')
    const demo = await startDemo(pool, pack, config, context.clock, say)
    ends.push(() => demo.close())
    pulls.push(...demo.pulls)
  }
  const feeds = await startFeeds(context, built.ingest, pulls)
  ends.push(() => feeds.stop())
  const jobs = startJobs(context, built.access)
  ends.push(() => jobs.stop())
  await listen(built, config)
  const setup = await built.access.ensureSetup()
  const address =
    config.publicUrl ??
    `http://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${portOf(built, config)}`
  if (setup !== null) say(`Create the administrator's account (one-time link, 24 hours): ${address}${setup}`)
  say(`Pantau Kota is ready: ${address}`)
}

async function startDatabase(config: Config, bus: Bus): Promise<string> {
  await mkdir(config.dataDir, { recursive: true }).catch((cause: unknown) => {
    throw new StartupError(
      `The data folder ${config.dataDir} can't be made (${codeOf(cause)}): set DATA_DIR to a folder that you may write to.`,
    )
  })
  const database = await startEmbedded({
    dataDir: config.dataDir,
    ...(config.cacheDir === undefined ? {} : { cacheDir: config.cacheDir }),
    ...(config.debianMirror === undefined ? {} : { mirror: config.debianMirror }),
    onProgress: say,
    onUp: () => bus.tell('database:returned', null),
  })
  ends.push(() => database.stop())
  return database.url
}

async function listen({ app }: Built, { host, port }: Config): Promise<void> {
  await app.listen({ host, port }).catch((cause: unknown) => {
    const code = codeOf(cause)
    if (code === 'EADDRINUSE')
      throw new StartupError(`Port ${port} is taken by another program: end it, or set PORT to a free one.`)
    if (code === 'EACCES')
      throw new StartupError(`Port ${port} needs more rights than this user has: set PORT to one above 1023.`)
    throw cause
  })
}

const portOf = ({ app }: Built, config: Config) => {
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : config.port
}
const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown'

let ending: Promise<void> | undefined
function end(code: number): Promise<void> {
  ending ??= (async () => {
    for (const step of ends.splice(0).reverse())
      await Promise.resolve(step()).catch((error: unknown) =>
        process.stderr.write(`While ending: ${String(error)}\n`),
      )
    process.exit(code)
  })()
  return ending
}

process.on('SIGINT', () => void end(0))
process.on('SIGTERM', () => void end(0))

try {
  await start(readConfig(process.env))
} catch (error) {
  const known = error instanceof StartupError || error instanceof PackError
  process.stderr.write(
    `${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  await end(1)
}
