import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { PushedPrice, PushedStatus } from '#contract/ingest.ts'
import type { Observation } from '../cameras/index.ts'
import type { CityPack } from '../cities/index.ts'
import { isDay, type QuoteRow } from '../prices/index.ts'
import type { FeedRecord } from './feeds-store.ts'
import type { NewReject } from './rejects-store.ts'
import { MAX_LINE, NotJson } from './ndjson.ts'
import { validCamera, validPrice, type PriceNames, type Valid } from './validate.ts'

const status = Compile(PushedStatus)
const price = Compile(PushedPrice)
const MAX_KEPT = 4_000

/** Reads one pushed row of unknown shape. `ids`, `names`: what the city knows. */
export interface RowReader<Row> {
  (payload: unknown): Valid<Row>
}

/** Times name their zone: "2026-06-01 10:00" could be meant in three of them. */
const ZONED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/
const timeOf = (text: string | undefined) =>
  text === undefined ? undefined : new Date(ZONED.test(text) && dayExists(text) ? text : Number.NaN)
/** JavaScript reads February 30 as March 2. */
const dayExists = (text: string) => Number(text.slice(8, 10)) <= 28 || isDay(text.slice(0, 10))

export function statusReader(
  feed: FeedRecord,
  ids: ReadonlyMap<string, number>,
  now: Date,
): RowReader<Observation> {
  // The rows of a list mostly share a few moments.
  const times = new Map<string | undefined, Date | undefined>()
  const timeOnce = (text: string | undefined) => {
    if (!times.has(text)) times.set(text, timeOf(text))
    return times.get(text)
  }
  return (payload) => {
    if (!status.Check(payload)) return misfit(status, payload)
    const { cameraId, state, at, reason, latencyMs } = payload
    return validCamera({ cameraId, state, at: timeOnce(at), reason, latencyMs }, feed, ids, now)
  }
}

export function priceReader(
  feed: FeedRecord,
  names: PriceNames,
  pack: CityPack,
  now: Date,
): RowReader<QuoteRow> {
  return (payload) => {
    if (!price.Check(payload)) return misfit(price, payload)
    return validPrice({ ...payload, at: timeOf(payload.at) }, feed, names, pack.city.timezone, now)
  }
}

const STATES = ['up', 'degraded', 'down', 'unknown', 'maintenance']
const NO_JSON = {
  reject: {
    field: '',
    reason: 'not-json' as const,
    expected: `one JSON object a line of at most ${MAX_LINE} characters`,
  },
}

function misfit(
  schema: {
    Errors(value: unknown): { instancePath: string; keyword?: string; message: string; params?: object }[]
  },
  payload: unknown,
) {
  if (payload instanceof NotJson) return NO_JSON
  const errors = schema.Errors(payload)
  const error = errors[0]
  const params = (error?.params ?? {}) as { requiredProperties?: string[]; additionalProperties?: string[] }
  const field =
    error?.instancePath.slice(1).split('/')[0] ||
    params.requiredProperties?.[0] ||
    params.additionalProperties?.[0] ||
    ''
  const missing = params.requiredProperties
  if (missing !== undefined)
    return { reject: { field, reason: 'missing' as const, expected: `the fields ${missing.join(', ')}` } }
  if (field === 'state')
    return { reject: { field, reason: 'unknown-status' as const, expected: `one of ${STATES.join(', ')}` } }
  const expected = error?.message ?? 'the documented shape'
  return { reject: { field, reason: 'shape' as const, expected } }
}

/** Sorts payloads into rows and rejects; places count from `first`. Large payloads are kept by their beginning. */
export function readRows<Row>(
  payloads: readonly unknown[],
  read: RowReader<Row>,
  first = 1,
): { rows: Row[]; rejects: NewReject[] } {
  const rows: Row[] = []
  const rejects: NewReject[] = []
  payloads.forEach((payload, index) => {
    const valid = read(payload)
    if ('row' in valid) rows.push(valid.row)
    else rejects.push({ ...valid.reject, row: first + index, payload: shortened(payload) })
  })
  return { rows, rejects }
}
export function shortened(payload: unknown): unknown {
  const text = textOf(payload)
  if (text === undefined) return { cut: true, beginning: 'nested too deeply to be kept' }
  return text.length <= MAX_KEPT ? payload : { cut: true, beginning: text.slice(0, MAX_KEPT) }
}

function textOf(payload: unknown): string | undefined {
  try {
    return JSON.stringify(payload) ?? 'null'
  } catch {
    return undefined
  }
}

export const AnyRows = Type.Array(Type.Unknown())
