import type { Pool, PoolClient } from 'pg'
import type { CameraStatus } from '#contract/camera.ts'
import type { Quote } from '#contract/price.ts'
import { storeObservations, type Observation } from '../cameras/index.ts'
import { isConnectionLoss, withTransaction } from '../database/pool.ts'
import type { Bus } from '../live/bus.ts'
import {
  renewFigures,
  storeQuotes,
  type QuoteOutcome,
  type QuoteRow,
  type StoredQuotes,
} from '../prices/index.ts'
import { recordRun, type Counts, type FeedRecord } from './feeds-store.ts'
import { keepRejects, type NewReject } from './rejects-store.ts'

/** What one request or one run of a feed brought, already validated. */
export interface Parcel {
  feed: FeedRecord
  observations?: readonly Observation[]
  quotes?: readonly QuoteRow[]
  rejects: readonly NewReject[]
  notReported: number
  received: number
  startedAt: Date
  push: boolean
  /** false: its rows are part of a longer run that records itself at its end */
  recordsRun: boolean
  /** why the run failed although it brought something: a part of its source could not be read */
  fault?: string | undefined
  /** rows that were refused and are not kept, only counted */
  refusedMore?: number
}
interface Waiting {
  parcel: Parcel
  resolve: (counts: Counts) => void
  reject: (error: unknown) => void
}
/** How many rows share a commit at most, and how many commits are under way at once. */
const MAX_ROWS = 4_000
const WRITERS = 2

/**
 * The one way into the store. Parcels that wait while a commit is under way share the next one, so that many small
 * requests cost few commits. A parcel's promise settles after its commit: what is acknowledged is on disk.
 */
export class Intake {
  readonly #pool: Pool
  readonly #bus: Bus
  readonly #clock: () => Date
  #waiting: Waiting[] = []
  #writing = 0
  #drained: (() => void)[] = []

  constructor({ pool, bus, clock }: { pool: Pool; bus: Bus; clock: () => Date }) {
    this.#pool = pool
    this.#bus = bus
    this.#clock = clock
  }

  store(parcel: Parcel): Promise<Counts> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ parcel, resolve, reject })
      if (this.#writing === 0) queueMicrotask(() => this.#next())
      else this.#next()
    })
  }

  /** Resolves when nothing waits or is under way. */
  async drain(): Promise<void> {
    if (this.#writing === 0 && this.#waiting.length === 0) return
    await new Promise<void>((resolve) => this.#drained.push(resolve))
  }

  #next(): void {
    // A second writer only helps full batches; small parcels gain by sharing the commit that comes next.
    const rowsWaiting = this.#waiting.reduce((sum, { parcel }) => sum + sizeOf(parcel), 0)
    if (this.#waiting.length === 0 || this.#writing >= WRITERS || (this.#writing > 0 && rowsWaiting < 500))
      return
    const batch: Waiting[] = []
    let rows = 0
    while (
      this.#waiting[0] !== undefined &&
      (batch.length === 0 || rows + sizeOf(this.#waiting[0].parcel) <= MAX_ROWS)
    ) {
      const waiting = this.#waiting.shift() as Waiting
      rows += sizeOf(waiting.parcel)
      batch.push(waiting)
    }
    this.#writing += 1
    void this.#write(batch).finally(() => {
      this.#writing -= 1
      this.#next()
      if (this.#writing === 0 && this.#waiting.length === 0)
        this.#drained.splice(0).forEach((resolve) => resolve())
    })
  }

  async #write(batch: Waiting[]): Promise<void> {
    try {
      const parcels = batch.map((waiting) => waiting.parcel)
      const begun = performance.now()
      const { counts, changed, quotes, city } = await withTransaction(this.#pool, (client) =>
        this.#commit(client, parcels),
      )
      this.#bus.tell('rows:committed', {
        parcels: parcels.map(({ feed }, index) => ({ feed: feed.id, counts: counts[index] as Counts })),
        tookMs: performance.now() - begun,
      })
      if (changed.length > 0) this.#bus.tell('cameras:changed', changed)
      if (quotes.length > 0 || city.length > 0) {
        const latestDay = city.reduce<string | null>(
          (latest, { day }) => (latest === null || day > latest ? day : latest),
          null,
        )
        this.#bus.tell('prices:changed', { latestDay, city, quotes })
      }
      batch.forEach((waiting, index) => waiting.resolve(counts[index] as Counts))
    } catch (error) {
      // One parcel's fault is not its neighbours': each is tried for itself. A database that is away refuses all.
      if (batch.length === 1 || isConnectionLoss(error)) batch.forEach((waiting) => waiting.reject(error))
      else for (const waiting of batch) await this.#write([waiting])
    }
  }

  async #commit(client: PoolClient, parcels: Parcel[]) {
    const now = this.#clock()
    const counts = parcels.map(emptyCounts)
    let changed: CameraStatus[] = []
    const quotes: Quote[] = []
    const observations = parcels.flatMap((parcel) => parcel.observations ?? [])
    if (observations.length > 0) {
      const stored = await storeObservations(client, observations, now)
      changed = stored.changed
      let place = 0
      for (const [index, { observations: own }] of parcels.entries()) {
        const end = place + (own?.length ?? 0)
        tally(counts[index] as Counts, stored.outcomes.slice(place, end))
        place = end
      }
    }
    const touched: StoredQuotes['touched'] = []
    // One request at a time: what stands twice in a request is an order of revisions, in two requests a repetition.
    for (const [index, parcel] of parcels.entries()) {
      if (parcel.quotes === undefined || parcel.quotes.length === 0) continue
      const stored = await storeQuotes(client, parcel.quotes, now)
      quotes.push(...stored.quotes)
      const locked = parcel.quotes.filter((_, place) => stored.outcomes[place] === 'locked')
      await keepRejects(client, parcel.feed.id, locked.map(lockedReject), now)
      touched.push(...stored.touched)
      tally(counts[index] as Counts, stored.outcomes)
    }
    const city = await renewFigures(client, touched)
    await this.#record(client, parcels, counts, now)
    return { counts, changed, quotes, city }
  }

  /** Rejects and runs, one statement a feed. */
  async #record(client: PoolClient, parcels: Parcel[], counts: Counts[], now: Date): Promise<void> {
    const feeds = new Map<string, { rejects: NewReject[]; push?: Counts; startedAt: Date }>()
    for (const [index, parcel] of parcels.entries()) {
      const entry = feeds.get(parcel.feed.id) ?? { rejects: [], startedAt: parcel.startedAt }
      for (const reject of parcel.rejects) entry.rejects.push(reject)
      const own = counts[index] as Counts
      if (parcel.push && parcel.recordsRun) entry.push = entry.push === undefined ? own : add(entry.push, own)
      else if (parcel.recordsRun)
        await recordRun(client, parcel.feed.id, {
          ...own,
          startedAt: parcel.startedAt,
          tookMs: now.getTime() - parcel.startedAt.getTime(),
          outcome: parcel.fault === undefined ? 'ok' : 'failed',
          ...(parcel.fault === undefined ? {} : { error: parcel.fault }),
        })
      feeds.set(parcel.feed.id, entry)
    }
    for (const [feedId, { rejects, push, startedAt }] of [...feeds].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await keepRejects(client, feedId, rejects, now)
      if (push !== undefined)
        await recordRun(client, feedId, {
          ...push,
          startedAt,
          tookMs: now.getTime() - startedAt.getTime(),
          outcome: 'ok',
          push: true,
        })
    }
  }
}

const sizeOf = (parcel: Parcel) =>
  (parcel.observations?.length ?? 0) + (parcel.quotes?.length ?? 0) + parcel.rejects.length + 1

const emptyCounts = (parcel: Parcel): Counts => ({
  received: parcel.received,
  accepted: 0,
  unchanged: 0,
  duplicate: 0,
  notReported: parcel.notReported,
  rejected: parcel.rejects.length + (parcel.refusedMore ?? 0),
})

export function add(a: Counts, b: Counts): Counts {
  return {
    received: a.received + b.received,
    accepted: a.accepted + b.accepted,
    unchanged: a.unchanged + b.unchanged,
    duplicate: a.duplicate + b.duplicate,
    notReported: a.notReported + b.notReported,
    rejected: a.rejected + b.rejected,
  }
}

function tally(counts: Counts, outcomes: readonly QuoteOutcome[]): void {
  for (const outcome of outcomes) counts[outcome === 'locked' ? 'rejected' : outcome] += 1
}

/** In the form in which it can be pushed again, once the month is open. */
const lockedReject = (
  { market, commodity, day, price, status, reportedAt }: QuoteRow,
  row: number,
): NewReject => ({
  row: row + 1,
  field: 'day',
  reason: 'locked-month',
  expected: `a day of a month that is open; ${day.slice(0, 7)} was closed`,
  payload: {
    market,
    commodity,
    day,
    price,
    ...(status === 'imputed' ? { status } : {}),
    ...(reportedAt === null ? {} : { at: reportedAt.toISOString() }),
  },
})
