import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import type { Reject, RejectReason } from '#contract/feed.ts'
import { lockedMonths, monthOf } from '../prices/index.ts'
import { findFeed, type FeedRecord } from './feeds-store.ts'
import { listRejects, markReplayed, openRejectIds } from './rejects-store.ts'
import { fitCameras, fitPrices, type Fitted } from './fit.ts'
import type { Ingest } from './index.ts'
import { isCut, keptOf } from './kept.ts'
import { isFields, type CameraReading } from './reading.ts'
import { priceReader, readRows, statusReader } from './rows.ts'

const MOST = 5_000

export interface Replayed {
  replayed: number
  accepted: number
  rejected: number
  /** those that still do not fit, and why now */
  rejects: Pick<Reject, 'id' | 'field' | 'reason' | 'expected'>[]
}

type Deps = Pick<Ingest, 'intake' | 'ids' | 'names' | 'listings' | 'pulls'>

/**
 * Reads kept rejects again, after a mapping was mended: those of a pulled feed by its own reader with its present
 * mapping, pushed ones as they would be if they were sent now. Those that fit are stored, all in one commit, and
 * marked; the others stay. A status without a time of its own speaks of the moment at which it was refused.
 * @param ids which ones; left out: the oldest 5,000 that are open
 */
export async function replayRejects(
  context: Context,
  deps: Deps,
  feedId: string,
  ids: number[] | undefined,
): Promise<Replayed> {
  const { pool, clock } = context
  const feed = await findFeed(pool, feedId)
  if (feed === undefined) throw new AppError('not-found', `No feed has the id ${feedId}.`)
  const wanted = ids ?? (await openRejectIds(pool, feedId, MOST))
  const rejects = (await listRejects(pool, feedId, { limit: MOST, ids: wanted })).reverse()
  const now = clock()
  const read = await (feed.mode === 'pull' ? readPulled : readPushed)(context, deps, feed, rejects, now)
  const locked = await lockedMonths(
    pool,
    read.flatMap((one) => one?.quotes.map(({ day }) => day) ?? []),
  )
  const fitting: Fitted = { observations: [], quotes: [], rejects: [] }
  const done: number[] = []
  const still: Replayed['rejects'] = []
  rejects.forEach(({ id, payload }, index) => {
    const { observations, quotes, rejects: faults } = isCut(payload) ? CUT : (read[index] ?? NOT_KEPT)
    const [fault] = faults
    if (fault !== undefined)
      return still.push({ id, field: fault.field, reason: fault.reason, expected: fault.expected })
    if (quotes.some(({ day }) => locked.has(monthOf(day))))
      return still.push({
        id,
        field: 'day',
        reason: 'locked-month',
        expected: 'a day of a month that is open',
      })
    fitting.observations.push(...observations)
    fitting.quotes.push(...quotes)
    return done.push(id)
  })
  const accepted = await storeAll(deps, feed, fitting, now)
  await markReplayed(pool, done, now)
  return { replayed: done.length, accepted, rejected: still.length, rejects: still }
}

const refused = (reason: RejectReason, expected: string): Fitted => ({
  observations: [],
  quotes: [],
  rejects: [{ row: 0, field: '', reason, expected, payload: null }],
})
const CUT = refused('cut', 'the whole row: only its beginning was kept, the source has to send it again')
const NOT_KEPT = refused(
  'not-kept',
  'a row with the part of the source it came from: it comes with the next run',
)

/** A pulled feed's rejects go through the feed's reader, as when they were pulled; undefined for what can't. */
async function readPulled(
  { pack }: Context,
  { pulls, names, listings, ids }: Deps,
  feed: FeedRecord,
  rejects: readonly Reject[],
  now: Date,
): Promise<(Fitted | undefined)[]> {
  const pull = pulls.get(feed.id)
  if (pull === undefined)
    throw new AppError(
      'conflict',
      `The feed ${feed.id} is not read on a schedule now: configure it again, then replay its rejects.`,
    )
  const parts = rejects.map(({ payload, lastAt }) => {
    const kept = keptOf(payload)
    if (kept === undefined) return undefined
    const takenAt = new Date(lastAt)
    const request = { url: pull.source, part: kept.part }
    const reading = pull.feed.read(kept.source, { options: pull.options as never, request, now: takenAt })
    return { takenAt, part: { request, reading } }
  })
  if (feed.domain === 'prices') {
    const { timezone } = pack.city
    return parts.map((one) => one && fitPrices(feed, [one.part], { names, timezone, now }))
  }
  await listings.add(parts.flatMap((one) => (one?.part.reading.rows ?? []) as CameraReading[]))
  const known = await ids.get()
  return parts.map((one) => one && fitCameras(feed, [one.part], known, { takenAt: one.takenAt, now }))
}

/** Pushed rejects are read as if they were sent now; a status without a time is of the moment when it came last. */
async function readPushed(
  { pack }: Context,
  { names, ids }: Deps,
  feed: FeedRecord,
  rejects: readonly Reject[],
  now: Date,
): Promise<Fitted[]> {
  const price = priceReader(feed, names, pack, now)
  const status = statusReader(feed, await ids.get(), now)
  return rejects.map(({ payload, lastAt }) => {
    if (feed.domain === 'prices') {
      const { rows, rejects: refused } = readRows([payload], price)
      return { observations: [], quotes: rows, rejects: refused }
    }
    const dated = isFields(payload) && payload.at === undefined ? { ...payload, at: lastAt } : payload
    const { rows, rejects: refused } = readRows([dated], status)
    return { observations: rows, quotes: [], rejects: refused }
  })
}

async function storeAll({ intake }: Deps, feed: FeedRecord, fitting: Fitted, now: Date): Promise<number> {
  const received = fitting.observations.length + fitting.quotes.length
  if (received === 0) return 0
  const { accepted, unchanged } = await intake.store({
    feed,
    ...fitting,
    notReported: 0,
    received,
    startedAt: now,
    push: false,
    recordsRun: false,
  })
  return accepted + unchanged
}
