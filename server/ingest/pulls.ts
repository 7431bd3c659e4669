import { registerCameras, type Listing, type Observation } from '../cameras/index.ts'
import { cameraFeeds } from '../cameras/feeds/index.ts'
import type { Context } from '../context.ts'
import { priceFeeds } from '../prices/feeds/index.ts'
import type { QuoteRow } from '../prices/index.ts'
import { VERSION } from '../version.ts'
import {
  defineFeed,
  findFeed,
  recordRun,
  switchOffOthers,
  type FeedRecord,
  type NewReject,
} from './feeds-store.ts'
import type { Ingest } from './index.ts'
import type { Parcel } from './intake.ts'
import { readFeedsFile, startPulls, type ConfiguredPull, type PartReading, type Pulls } from './pull/index.ts'
import type { CameraReading, PriceReading } from './reading.ts'
import { shortened } from './rows.ts'
import { validCamera, validPrice } from './validate.ts'

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
  const listings = new Listings(context, ingest)
  const none = { received: 0, accepted: 0, unchanged: 0, duplicate: 0, notReported: 0, rejected: 0 }

  const store = async (pull: ConfiguredPull, parts: PartReading[], startedAt: Date) => {
    const feed = feedOf(pull)
    const rows =
      feed.domain === 'cameras'
        ? await camerasOf(context, ingest, listings, feed, parts)
        : pricesOf(context, ingest, feed, parts)
    await ingest.intake.store({
      feed,
      ...rows,
      notReported: sum(parts, (part) => part.reading.notReported),
      received: sum(parts, (part) => part.reading.received),
      startedAt,
      push: false,
      recordsRun: true,
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

const sum = (parts: PartReading[], of: (part: PartReading) => number) =>
  parts.reduce((total, part) => total + of(part), 0)

function readRejects(parts: PartReading[]): NewReject[] {
  return parts.flatMap(({ reading }) =>
    reading.rejects.map((reject) => ({ ...reject, payload: shortened(reject.payload) })),
  )
}

type Rows = Pick<Parcel, 'observations' | 'quotes' | 'rejects'>

async function camerasOf(
  { clock }: Context,
  { ids }: Ingest,
  listings: Listings,
  feed: FeedRecord,
  parts: PartReading[],
): Promise<Rows> {
  const readings = parts.flatMap((part) => part.reading.rows as CameraReading[])
  await listings.renew(readings)
  const known = await ids.get()
  const now = clock()
  const observations: Observation[] = []
  const rejects = readRejects(parts)
  readings.forEach((reading, index) => {
    const valid = validCamera(reading, feed, known, now)
    if ('row' in valid) observations.push(valid.row)
    else
      rejects.push({
        ...valid.reject,
        row: index + 1,
        payload: { cameraId: reading.cameraId, state: reading.state, at: reading.at },
      })
  })
  return { observations, rejects }
}

/** Rejects of this stage keep the understood row, so that a mended alias lets them in again. */
function pricesOf({ clock, pack }: Context, { names }: Ingest, feed: FeedRecord, parts: PartReading[]): Rows {
  const now = clock()
  const quotes: QuoteRow[] = []
  const rejects = readRejects(parts)
  for (const { reading } of parts)
    (reading.rows as PriceReading[]).forEach((row, index) => {
      const valid = validPrice(row, feed, names, pack.city.timezone, now)
      if ('row' in valid) quotes.push(valid.row)
      else rejects.push({ ...valid.reject, row: index + 1, payload: row })
    })
  return { quotes, rejects }
}

/** What sources said of their cameras last; only what is new or changed is written. */
class Listings {
  readonly #context: Context
  readonly #ingest: Ingest
  #said = new Map<string, string>()
  constructor(context: Context, ingest: Ingest) {
    this.#context = context
    this.#ingest = ingest
  }
  async renew(readings: readonly CameraReading[]): Promise<void> {
    const changed = new Map<string, Listing>()
    const said = new Map<string, string>()
    for (const { cameraId, name, address, latitude, longitude, publishedDistrict, owner } of readings) {
      const listing = { streamId: cameraId, name, address, latitude, longitude, publishedDistrict, owner }
      const text = JSON.stringify(listing)
      if (this.#said.get(cameraId) === text) continue
      changed.set(cameraId, listing)
      said.set(cameraId, text)
    }
    if (changed.size === 0) return
    await registerCameras(this.#context.pool, this.#context.pack, [...changed.values()])
    await this.#ingest.ids.renew()
    said.forEach((text, id) => this.#said.set(id, text))
  }
}
