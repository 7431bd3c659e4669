import type { Pool } from 'pg'
import { rollUp } from '../cameras/index.ts'
import { readHistory, siteOf, type CityPack } from '../cities/index.ts'
import type { Config } from '../config.ts'
import { defineFeed } from '../ingest/feeds-store.ts'
import type { ConfiguredPull } from '../ingest/pull/index.ts'
import { demoPulls } from './demo-feeds.ts'
import { readLevels } from './levels.ts'
import { cameraChanges, type PortalStatus } from './outages.ts'
import { portalCameras } from './portal-cameras.ts'
import { startDemoServer } from './server.ts'
import { firstStart, newestDays, writePastOnce } from './store.ts'

/** A month, and the month before it to compare with. */
const PAST_MS = 61 * 86_400_000
const STATES = { '1': 'up', '0': 'down', absent: 'unknown' } as const satisfies Record<PortalStatus, string>

export interface Demo {
  pulls: ConfiguredPull[]
  close(): Promise<void>
}

/** Starts the stand-in portals and gives the feeds that read them. The demo goes on where an earlier start left it. */
export async function startDemo(
  pool: Pool,
  pack: CityPack,
  config: Config,
  clock: () => Date,
  say: (line: string) => void = () => undefined,
): Promise<Demo> {
  const levels = await readLevels(pack, readHistory(pack.city.code))
  const startedAt = await firstStart(pool, clock())
  await writeCamerasPast(pool, pack, config.demoSeed, startedAt.getTime(), say)
  const known = await newestDays(pool)
  const shared = { pack, levels, startedAt, daySeconds: config.demoDaySeconds }
  const server = await startDemoServer({ ...shared, seed: config.demoSeed, clock })
  return {
    pulls: demoPulls({ ...shared, url: server.url, knownUntil: (feed) => known.get(feed) ?? null }),
    close: () => server.close(),
  }
}

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
