import type { Observation } from '../cameras/index.ts'
import type { QuoteRow } from '../prices/index.ts'
import type { FeedRecord } from './feeds-store.ts'
import type { NewReject } from './rejects-store.ts'
import { keep } from './kept.ts'
import type { PartReading } from './pull/index.ts'
import type { CameraReading, PriceReading, Reading } from './reading.ts'
import { validCamera, validPrice, type PriceNames } from './validate.ts'

/** What readers understood, fitted to the store, and what did not fit: each reject can be read again. */
export interface Fitted {
  observations: Observation[]
  quotes: QuoteRow[]
  rejects: NewReject[]
}

/**
 * Fits statuses to the store. `takenAt` stands for the source's time where it gave none; what is too old or in the
 * future is judged by `now`.
 */
export function fitCameras(
  feed: FeedRecord,
  parts: readonly PartReading[],
  known: ReadonlyMap<string, number>,
  { takenAt, now }: { takenAt: Date; now: Date },
): Fitted {
  const fitted: Fitted = { observations: [], quotes: [], rejects: [] }
  for (const { request, reading } of parts as readonly PartReading<Reading<CameraReading>>[]) {
    const where = JSON.stringify(request.part ?? {})
    // A list comes again every few seconds: what it says of one camera is one reject, seen often, the newest kept.
    keepRefused(fitted, request.part, reading, (row) => `${where}#${row}`)
    reading.rows.forEach((row, index) => {
      const valid = validCamera({ ...row, at: row.at ?? takenAt }, feed, known, now)
      if ('row' in valid) fitted.observations.push(valid.row)
      else
        fitted.rejects.push({
          ...valid.reject,
          row: index + 1,
          payload: keep(reading.sources[index], request.part),
          key: row.cameraId,
        })
    })
  }
  return fitted
}

/** Fits prices to the store: the source's names become ours, its units the canonical ones. */
export function fitPrices(
  feed: FeedRecord,
  parts: readonly PartReading[],
  { names, timezone, now }: { names: PriceNames; timezone: string; now: Date },
): Fitted {
  const fitted: Fitted = { observations: [], quotes: [], rejects: [] }
  for (const { request, reading } of parts as readonly PartReading<Reading<PriceReading>>[]) {
    keepRefused(fitted, request.part, reading, (row) => (row === 0 ? 'whole' : undefined))
    reading.rows.forEach((row, index) => {
      const valid = validPrice(row, feed, names, timezone, now)
      if ('row' in valid) fitted.quotes.push(valid.row)
      else
        fitted.rejects.push({
          ...valid.reject,
          row: index + 1,
          payload: keep(reading.sources[index], request.part),
        })
    })
  }
  return fitted
}

function keepRefused(
  { rejects }: Fitted,
  part: Record<string, string> | undefined,
  reading: Reading<unknown>,
  keyOf: (row: number) => string | undefined,
): void {
  for (const reject of reading.rejects)
    rejects.push({ ...reject, payload: keep(reject.payload, part), key: keyOf(reject.row) })
}
