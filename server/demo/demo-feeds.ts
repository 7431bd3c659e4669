import { cameraFeeds } from '../cameras/feeds/index.ts'
import type { CityPack } from '../cities/index.ts'
import type { AnyFeed, ConfiguredPull } from '../ingest/pull/index.ts'
import type { FeedRequest } from '../ingest/reading.ts'
import { priceFeeds } from '../prices/feeds/index.ts'
import { addDays } from '../prices/index.ts'
import { demoMoment } from './calendar.ts'
import { daysBetween, type PriceLevels } from './levels.ts'
import { districtNames } from './portal-cameras.ts'
import { portalMarkets } from './portal-siskaperbapo.ts'
import { provinceOf } from './portal-pihps.ts'
import { cityKey } from './server.ts'

export interface DemoFeedOptions {
  url: string
  pack: CityPack
  levels: PriceLevels
  startedAt: Date
  daySeconds: number
  /** newest day that each feed has in the store: what lies before it is not asked for again */
  knownUntil: (feedId: string) => string | null
}

/** So much of the time between the real history and the demo's first day is filled in, at most. */
const MOST_DAYS_BACK = 200
const PIHPS_DAYS = 31
const SOURCE = 'Pantau Kota demo'

/** The demo's feeds: the very readers of the real portals, pointed at the stand-in server. */
export function demoPulls(demo: DemoFeedOptions): ConfiguredPull[] {
  const { url, pack } = demo
  const { timezone } = pack.city
  const shared = {
    source: SOURCE,
    demo: true,
    jitterMs: 0,
    timeoutMs: 10_000,
    maxBytes: 4_000_000,
    runAtStart: true,
  }
  const cameras: ConfiguredPull = {
    ...shared,
    id: 'demo-malang-cameras',
    title: `CCTV ${pack.city.name} (demo)`,
    feed: kindOf(cameraFeeds, 'malang-cameras'),
    options: { url, districts: districtNames(pack).map((_, index) => String(index + 1)) },
    schedule: '*/5 * * * * *',
    holdSeconds: 30,
    staleSeconds: 30,
  }
  const table: ConfiguredPull = {
    ...shared,
    id: 'demo-siskaperbapo',
    title: 'SISKAPERBAPO (demo)',
    ...dayByDay(demo, kindOf(priceFeeds, 'siskaperbapo-table'), 'demo-siskaperbapo', (days) =>
      days.map((day) => ({ days: 1, last: day })),
    ),
    options: {
      url,
      city: cityKey(pack),
      markets: portalMarkets(pack).map(({ id, code }) => ({ id, market: code })),
      days: 1,
      timezone,
    },
    schedule: '*/10 * * * * *',
    staleSeconds: 90,
  }
  const province = provinceOf(pack)
  if (province === undefined) return [cameras, table]
  const pihps: ConfiguredPull = {
    ...shared,
    id: 'demo-pihps',
    title: 'BI PIHPS (demo)',
    ...dayByDay(demo, kindOf(priceFeeds, 'pihps'), 'demo-pihps', weeksOf),
    options: {
      url,
      province: pack.city.portalCodes.pihps?.province_id ?? '1',
      market: province,
      priceType: 1,
      days: 7,
      timezone,
    },
    schedule: '*/20 * * * * *',
    staleSeconds: 75,
  }
  return [cameras, table, pihps]
}

function kindOf<F extends AnyFeed>(feeds: Readonly<Record<string, F>>, kind: string): F {
  const feed = feeds[kind]
  if (feed === undefined) throw new Error(`the demo needs the feed kind ${kind}, which is not registered`)
  return feed
}

interface Span {
  days: number
  last: string
}

/**
 * Lets a reader ask by the demo's calendar: at first every day that the store lacks, then only the day that is being
 * reported and, once, the one that just ended.
 */
function dayByDay(
  { pack, levels, startedAt, daySeconds, knownUntil }: DemoFeedOptions,
  feed: AnyFeed,
  id: string,
  spansOf: (days: string[]) => Span[],
): Pick<ConfiguredPull, 'feed' | 'onStored'> {
  let next = knownUntil(id) ?? addDays(levels.lastDay, 1)
  let asked = next
  const requests = (options: object, now: Date): FeedRequest[] => {
    const { day } = demoMoment(startedAt, now, { timezone: pack.city.timezone, daySeconds })
    asked = day
    const back = Math.min(MOST_DAYS_BACK, Math.max(0, daysBetween(next, day)))
    const days = Array.from({ length: back + 1 }, (_, index) => addDays(day, index - back))
    return spansOf(days).flatMap(({ days: count, last }) =>
      // noon in UTC is the same day in every zone of Indonesia
      feed.requests({ ...options, days: count } as never, new Date(`${last}T12:00:00Z`)),
    )
  }
  return { feed: { ...feed, requests } as AnyFeed, onStored: () => void (next = asked) }
}

/** Spans of days that end with the newest, each as long as the portal allows; a week at least, for its newest days lag. */
function weeksOf(days: string[]): Span[] {
  const last = days.at(-1)
  if (last === undefined) return []
  const total = Math.max(7, days.length)
  return Array.from({ length: Math.ceil(total / PIHPS_DAYS) }, (_, turn) => ({
    days: Math.min(PIHPS_DAYS, total - turn * PIHPS_DAYS),
    last: addDays(last, -turn * PIHPS_DAYS),
  })).reverse()
}
