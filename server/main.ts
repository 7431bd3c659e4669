import { setLogger } from 'node-cron'
import { buildApp, type Built } from './app.ts'
import { PackError, loadPack } from './cities/index.ts'
import { loadCity } from './cities/load.ts'
import { readConfig, type Config } from './config.ts'
import type { Context } from './context.ts'
import { credentialsKeyIn } from './credentials-key.ts'
import { startEmbedded } from './database/embedded/index.ts'
import { migrate } from './database/migrate.ts'
import { createPool, cutOnAbort } from './database/pool.ts'
import { refuseMixture } from './database/purpose.ts'
import { StartupError } from './errors-startup.ts'
import { configuredPulls, startFeeds } from './ingest/pulls.ts'
import { startDemo } from './demo/index.ts'
import { startJobs } from './jobs.ts'
import { Bus } from './live/bus.ts'
import { createLog, schedulerLog } from './log.ts'
import { listenError, requireFreePort } from './port.ts'
import { startProber } from './cameras/probe/index.ts'
import { ensureSurveyFeed } from './prices/survey/index.ts'
import { buildWeb } from './web-build.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
/** What was started, to be ended in the opposite order. */
const ends: (() => Promise<unknown> | void)[] = []
const stopping = new AbortController()

/** Everything in its order. A start that is no longer wanted ends at the next step, with nothing half done under its feet. */
async function start(config: Config, signal: AbortSignal): Promise<void> {
  const log = createLog(config.logLevel)
  setLogger(schedulerLog(log))
  const bus = new Bus()
  const purpose = config.demo ? 'demo' : 'city'
  const clock = () => new Date()
  await requireFreePort(config)
  const pack = await loadPack(config.city)
  const pulls = await configuredPulls(config.feedsFile)
  const [url] = await together(
    signal,
    async (wanted) => config.databaseUrl ?? (await startDatabase(config, bus, wanted)),
    (wanted) => buildWeb(say, wanted),
  )
  const pool = createPool(url, { max: 12, applicationName: 'pantau-kota' })
  ends.push(() => pool.end())
  const startIsOver = cutOnAbort(pool, signal)
  const applied = await migrate(url, { log: (line: string) => log.debug(line) })
  if (applied.length > 0) say(`Migrated the database: ${applied.length} steps`)
  await refuseMixture(pool, purpose)
  await loadCity(pool, pack, say)
  await ensureSurveyFeed({ pool, pack, config })
  signal.throwIfAborted()

  const context: Context = { config, pool, clock, pack, bus, log }
  const built = await buildApp(context)
  ends.push(() => built.app.close())
  if (config.demo) {
    say('Starting the demo: its data comes from a stand-in server on this machine')
    const demo = await startDemo(pool, pack, config, clock, say, bus)
    ends.push(() => demo.close())
    pulls.push(...demo.pulls)
    config.probeCanaries.push(...demo.canaries)
  }
  signal.throwIfAborted()
  startIsOver()
  const feeds = await startFeeds(context, built.ingest, pulls)
  ends.push(() => feeds.stop())
  if (config.probe) {
    const prober = await startProber(context)
    ends.push(() => prober.stop())
  }
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

/** Both at once, since one waits for the network and the other computes; where one fails, the other is called off. */
async function together<A, B>(
  signal: AbortSignal,
  first: (wanted: AbortSignal) => Promise<A>,
  second: (wanted: AbortSignal) => Promise<B>,
): Promise<[A, B]> {
  const failed = new AbortController()
  const wanted = AbortSignal.any([signal, failed.signal])
  const guarded = <T>(work: Promise<T>) =>
    work.catch((error: unknown) => {
      failed.abort(error)
      throw error
    })
  const both = [guarded(first(wanted)), guarded(second(wanted))] as const
  await Promise.allSettled(both)
  wanted.throwIfAborted()
  return Promise.all(both)
}

async function startDatabase(config: Config, bus: Bus, signal: AbortSignal): Promise<string> {
  const database = await startEmbedded({
    dataDir: config.dataDir,
    ...(config.cacheDir === undefined ? {} : { cacheDir: config.cacheDir }),
    ...(config.debianMirror === undefined ? {} : { mirror: config.debianMirror }),
    purpose: config.demo ? 'demo' : 'city',
    signal,
    onProgress: say,
    onUp: () => bus.tell('database:returned', null),
  })
  ends.push(() => database.stop())
  return database.url
}

const listen = ({ app }: Built, { host, port }: Config) =>
  app.listen({ host, port }).catch((cause: unknown) => {
    throw listenError(cause, { host, port })
  })

const portOf = ({ app }: Built, config: Config) => {
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : config.port
}

async function endAll(): Promise<void> {
  for (const step of ends.splice(0).reverse())
    await Promise.resolve(step()).catch((error: unknown) =>
      process.stderr.write(`While ending: ${String(error)}\n`),
    )
}

/** What it says to the one who started it: a sentence where the cause is known, else with where it happened. */
function tell(error: unknown): void {
  const known = error instanceof StartupError || error instanceof PackError
  process.stderr.write(
    `${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
}

// The same signal comes twice where a terminal and npm both send it, so more of them change nothing.
const asked = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()))
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort())

let code = 0
try {
  const config = readConfig(process.env)
  config.credentialsKey ??= credentialsKeyIn(config.dataDir)
  await start(config, stopping.signal)
  await asked
} catch (error) {
  if (!stopping.signal.aborted) {
    tell(error)
    code = 1
  }
}
await endAll()
process.exit(code)
