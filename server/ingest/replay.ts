import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import type { CameraIds } from './camera-ids.ts'
import { findFeed, listRejects, markReplayed, openRejectIds } from './feeds-store.ts'
import type { Intake } from './intake.ts'
import { priceReader, readRows, statusReader } from './rows.ts'
import type { PriceNames } from './validate.ts'

const MOST = 5_000

export interface Replayed {
  replayed: number
  accepted: number
  rejected: number
}

/**
 * Reads kept rejects again, after a mapping was mended. Those that fit now are stored and marked; the others stay.
 * @param ids which ones; left out: the oldest 5,000 that are open
 */
export async function replayRejects(
  { pool, pack, clock }: Context,
  {
    intake,
    ids: cameraIds,
    names,
    reread,
  }: { intake: Intake; ids: CameraIds; names: PriceNames; reread: Reread },
  feedId: string,
  ids: number[] | undefined,
): Promise<Replayed> {
  const feed = await findFeed(pool, feedId)
  if (feed === undefined) throw new AppError('not-found', `No feed has the id ${feedId}.`)
  const wanted = ids ?? (await openRejectIds(pool, feedId, MOST))
  const rejects = await listRejects(pool, feedId, { limit: MOST, ids: wanted })
  const now = clock()
  const read = {
    cameras: statusReader(feed, await cameraIds.get(), now),
    prices: priceReader(feed, names, pack, now),
  }
  const done: number[] = []
  let accepted = 0
  for (const reject of rejects.reverse()) {
    const payloads = reread(feedId, reject.payload)
    const parcel =
      feed.domain === 'cameras'
        ? toParcel(readRows(payloads, read.cameras), 'observations')
        : toParcel(readRows(payloads, read.prices), 'quotes')
    if (parcel.rejects > 0 || payloads.length === 0) continue
    const counts = await intake.store({
      feed,
      ...parcel.rows,
      rejects: [],
      notReported: 0,
      received: payloads.length,
      startedAt: now,
      push: false,
      recordsRun: false,
    })
    accepted += counts.accepted + counts.unchanged
    done.push(reject.id)
  }
  await markReplayed(pool, done, now)
  return { replayed: done.length, accepted, rejected: rejects.length - done.length }
}

/** Turns a kept payload into rows of the push form: a pull feed's reader is asked anew. */
export type Reread = (feedId: string, payload: unknown) => unknown[]

function toParcel<Row>(sorted: { rows: Row[]; rejects: unknown[] }, key: 'observations' | 'quotes') {
  return { rows: { [key]: sorted.rows }, rejects: sorted.rejects.length }
}
