import type { Pool } from 'pg'
import { rollUp } from '../cameras/index.ts'
import { readHistory, siteOf, type CityPack } from '../cities/index.ts'
import type { Config } from '../config.ts'
import { withTransaction } from '../database/pool.ts'
import { defineFeed } from '../ingest/feeds-store.ts'
import type { ConfiguredPull } from '../ingest/pull/index.ts'
import { Bus } from '../live/bus.ts'
import { demoMoment } from './calendar.ts'
import { demoPulls } from './demo-feeds.ts'
import { readLevels } from './levels.ts'
import { demoNetwork } from './network.ts'
import { lastPort, writeNetwork } from './network-store.ts'
import { cameraChanges, type PortalStatus } from './outages.ts'
import { portalCameras } from './portal-cameras.ts'
import { startDemoServer } from './server.ts'
import { startStandIns, type StandInOptions, type StandIns } from './stand-ins.ts'
import { firstStart, newestDays, writePastOnce } from './store.ts'
import { DemoSurveys } from './surveys.ts'

/** A month, and the month before it to compare with. */
const PAST_MS = 61 * 86_400_000
/** How often the surveys look at the demo's clock, ms: several times in its shortest day. */
const SURVEYS_MS = 500
const STATES = { '1': 'up', '0': 'down', absent: 'unknown' } as const satisfies Record<PortalStatus, string>

export interface Demo {
  pulls: ConfiguredPull[]
  /** host:port of what answers as long as the stand-in cameras run */
  canaries: string[]
  close(): Promise<void>
}

/**
 * Starts the stand-in portals and cameras and gives the feeds that read the portals. The demo goes on where an earlier
 * start left it.
 */
export async function startDemo(
  pool: Pool,
  pack: CityPack,
  config: Config,
  clock: () => Date,
  say: (line: string) => void = () => undefined,
  bus: Bus = new Bus(),
): Promise<Demo> {
  const levels = await readLevels(pack, readHistory(pack.city.code))
  const startedAt = await firstStart(pool, clock())
  await writeCamerasPast(pool, pack, config.demoSeed, startedAt.getTime(), say)
  const known = await newestDays(pool)
  const cameras = portalCameras(pack, siteOf(pack.cameras))
  const network = demoNetwork(config.demoSeed, cameras)
  const standIns = config.probe
    ? await standInsFor(pool, { network, cameras, seed: config.demoSeed, clock, onFault: tellFault(say) })
    : null
  await withTransaction(pool, (client) => writeNetwork(client, network, standIns?.port ?? null))
  const probed = network.cameras.filter(({ address }) => standIns !== null && address !== null)
  const shared = { pack, levels, startedAt, daySeconds: config.demoDaySeconds }
  const server = await startDemoServer({
    ...shared,
    seed: config.demoSeed,
    clock,
    trusting: new Set(probed.map(({ streamId }) => streamId)),
  })
  const surveys = await followSurveys(
    new DemoSurveys({ ...shared, seed: config.demoSeed, pool, clock, bus, config }, () => {
      const { daySeconds } = shared
      return demoMoment(startedAt, clock(), { timezone: pack.city.timezone, daySeconds }).day
    }),
    say,
  )
  return {
    pulls: demoPulls({ ...shared, url: server.url, knownUntil: (feed) => known.get(feed) ?? null }),
    canaries: standIns === null ? [] : [standIns.canary],
    close: async () => {
      await surveys.close()
      await server.close()
      await standIns?.close()
    },
  }
}

/** Makes the surveys and goes on with the demo's clock. A fault is told, and tried again with the next tick. */
async function followSurveys(
  surveys: DemoSurveys,
  say: (line: string) => void,
): Promise<{ close(): Promise<void> }> {
  await surveys.make()
  await surveys.follow()
  let following: Promise<unknown> | undefined
  const timer = setInterval(() => {
    following ??= surveys
      .follow()
      .catch((error: unknown) => say(`The demo's surveys cannot be published: ${String(error)}`))
      .finally(() => (following = undefined))
  }, SURVEYS_MS)
  return {
    close: async () => {
      clearInterval(timer)
      await following
    },
  }
}

/** The stand-in cameras; null where the machine has no addresses for them: then only the portal tells of cameras. */
async function standInsFor(pool: Pool, options: Omit<StandInOptions, 'port'>): Promise<StandIns | null> {
  const port = await withTransaction(pool, lastPort)
  try {
    return await startStandIns({ ...options, port })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRNOTAVAIL')) throw error
    options.onFault(error)
    return null
  }
}

const tellFault = (say: (line: string) => void) => (error: unknown) =>
  say(`A stand-in camera of the demo cannot work: ${error instanceof Error ? error.message : String(error)}`)

/** Two months of the cameras' outages before the demo's start, so that availability has something to be compared with. */
async function writeCamerasPast(
  pool: Pool,
  pack: CityPack,
  seed: number,
  until: number,
  say: (line: string) => void,
): Promise<void> {
  const feed = 'demo-cameras-past'
  await defineFeed(pool, {
    id: feed,
    domain: 'cameras',
    mode: 'history',
    kind: 'demo',
    title: `CCTV ${pack.city.name} (demo)`,
    demo: true,
  })
  const from = until - PAST_MS
  const wrote = await writePastOnce(pool, feed, { from, until }, () => {
    say('Making two months of demo history for the cameras')
    return cameraChanges(seed, portalCameras(pack, siteOf(pack.cameras)), from, until).map(
      ({ streamId, at, status }) => ({ streamId, at, state: STATES[status] }),
    )
  })
  if (wrote) await rollUp(pool, new Date(until), pack.city.timezone)
}
