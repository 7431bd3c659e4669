import { cameraFeeds } from '../cameras/feeds/index.ts'
import type { Context } from '../context.ts'
import { priceFeeds } from '../prices/feeds/index.ts'
import { VERSION } from '../version.ts'
import { defineFeed, findFeed, recordRun, switchOffOthers, type FeedRecord } from './feeds-store.ts'
import { fitCameras, fitPrices, type Fitted } from './fit.ts'
import type { Ingest } from './index.ts'
import { readFeedsFile, startPulls, type ConfiguredPull, type PartReading, type Pulls } from './pull/index.ts'
import type { CameraReading } from './reading.ts'

/** The feeds of the city's own file, each checked; none without a file. */
export async function configuredPulls(path: string | undefined): Promise<ConfiguredPull[]> {
  return path === undefined ? [] : readFeedsFile(path, { ...cameraFeeds, ...priceFeeds })
}

/** Defines the feeds and reads them on their schedules from now on. */
export async function startFeeds(context: Context, ingest: Ingest, pulls: ConfiguredPull[]): Promise<Pulls> {
  const { pool, pack, clock, log } = context
  for (const pull of pulls)
    await defineFeed(pool, {
      id: pull.id,
      domain: pull.feed.domain,
      mode: 'pull',
      kind: pull.feed.kind,
      title: pull.title,
      source: pull.source,
      demo: pull.demo,
      schedule: pull.schedule,
      ...(pull.holdSeconds === undefined ? {} : { holdSeconds: pull.holdSeconds }),
      ...(pull.staleSeconds === undefined ? {} : { staleSeconds: pull.staleSeconds }),
    })
  await switchOffOthers(
    pool,
    pulls.map((pull) => pull.id),
  )
  const feeds = new Map<string, FeedRecord>()
  for (const { id } of pulls) {
    const feed = await findFeed(pool, id)
    if (feed !== undefined) feeds.set(id, feed)
  }
  const feedOf = (pull: ConfiguredPull) => feeds.get(pull.id) as FeedRecord
  const none = { received: 0, accepted: 0, unchanged: 0, duplicate: 0, notReported: 0, rejected: 0 }
  for (const pull of pulls) ingest.pulls.set(pull.id, pull)

  const store = async (pull: ConfiguredPull, parts: PartReading[], startedAt: Date, fault?: string) => {
    const feed = feedOf(pull)
    const { rejects, ...fitted } = await fit(context, ingest, feed, parts)
    await ingest.intake.store({
      feed,
      ...fitted,
      rejects: rejects.slice(0, MOST_KEPT),
      refusedMore: Math.max(0, rejects.length - MOST_KEPT),
      notReported: sum(parts, (part) => part.reading.notReported),
      received: sum(parts, (part) => part.reading.received),
      startedAt,
      push: false,
      recordsRun: true,
      fault,
    })
  }

  return startPulls(pulls, {
    timezone: pack.city.timezone,
    userAgent: `PantauKota/${VERSION}`,
    clock,
    log,
    store,
    notModified: async (pull, parts, startedAt) => {
      // A list that is as it was confirms every camera in it; prices that are as they were say nothing new.
      if (pull.feed.domain === 'cameras' && parts.length > 0) return store(pull, parts, startedAt)
      await recordRun(pool, pull.id, {
        ...none,
        startedAt,
        tookMs: clock().getTime() - startedAt.getTime(),
        outcome: 'not-modified',
      })
    },
    failed: (pull, startedAt, tookMs, error) =>
      recordRun(pool, pull.id, { ...none, startedAt, tookMs, outcome: 'failed', error }),
  })
}

/**
 * Of one run, as many refused rows are kept as one replay reads; all are counted. What a wrong mapping refuses in a
 * list of hundreds of thousands comes again with every run, and would hold up every other feed each time.
 */
const MOST_KEPT = 5_000

const sum = (parts: PartReading[], of: (part: PartReading) => number) =>
  parts.reduce((total, part) => total + of(part), 0)

async function fit(
  { clock, pack }: Context,
  { ids, names, listings }: Ingest,
  feed: FeedRecord,
  parts: PartReading[],
): Promise<Fitted> {
  const now = clock()
  if (feed.domain === 'prices') return fitPrices(feed, parts, { names, timezone: pack.city.timezone, now })
  await listings.renew(parts.flatMap((part) => part.reading.rows as CameraReading[]))
  return fitCameras(feed, parts, await ids.get(), { takenAt: now, now })
}
