import type { TSchema } from 'typebox'
import type { CameraState } from '#contract/model.ts'

/** One camera as a feed's reader understood it. Stream addresses are never kept: they may name what is inside. */
export interface CameraReading {
  /** the source's stable id (Malang: stream_id) */
  cameraId: string
  state: CameraState
  /** the source's own time, where it says one */
  at?: Date
  /** the source's words for the state */
  reason?: string
  name: string
  address?: string
  latitude?: number
  longitude?: number
  publishedDistrict?: string
  owner?: string
}

/** One price as a feed's reader understood it: the source's names, its unit, rupiah. */
export interface PriceReading {
  market: string
  commodity: string
  /** YYYY-MM-DD */
  day: string
  price: number
  unit?: string
  status?: 'reported' | 'imputed'
}

export type RejectReason =
  'shape' | 'missing' | 'not-a-number' | 'not-a-day' | 'not-a-time' | 'out-of-range' | 'unknown-status'

export interface ReadReject {
  /** place in the payload, from 1; 0: the payload as a whole */
  row: number
  field: string
  reason: RejectReason
  expected: string
  payload: unknown
}

/** The law of every reader: received = rows + rejects + notReported, and no payload whatever makes it throw. */
export interface Reading<Row> {
  rows: Row[]
  rejects: ReadReject[]
  /** rows that carry no value on purpose ("-", 0, null): told apart from a value that did not change */
  notReported: number
  received: number
}

export interface FeedRequest {
  url: string
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  /** names the part of the source that this request asks for: a district, a market and a day */
  part?: Record<string, string>
}

export interface ReadContext<Options> {
  options: Options
  request: FeedRequest
  now: Date
}

/** One source: what to ask it for, and how to read what it answers. */
export interface Feed<Row, Options = never> {
  kind: string
  domain: 'cameras' | 'prices'
  accepts: 'json' | 'text'
  options: TSchema
  requests(options: Options, now: Date): FeedRequest[]
  read(payload: unknown, context: ReadContext<Options>): Reading<Row>
}

export type RowResult<Row> = { row: Row } | { reject: Omit<ReadReject, 'row' | 'payload'> } | 'not-reported'

export const refuse = (field: string, reason: RejectReason, expected: string) => ({
  reject: { field, reason, expected },
})

/** Reads each entry on its own: one that does not fit is kept as a reject and stops nothing. */
export function readEach<Row>(
  entries: readonly unknown[],
  read: (entry: unknown, index: number) => RowResult<Row>,
): Reading<Row> {
  const reading: Reading<Row> = { rows: [], rejects: [], notReported: 0, received: entries.length }
  entries.forEach((entry, index) => {
    const result = read(entry, index)
    if (result === 'not-reported') reading.notReported += 1
    else if ('row' in result) reading.rows.push(result.row)
    else reading.rejects.push({ ...result.reject, row: index + 1, payload: entry })
  })
  return reading
}

/** The payload as a whole is not what the source sends. */
export function wrongShape<Row>(payload: unknown, expected: string): Reading<Row> {
  return {
    rows: [],
    rejects: [{ row: 0, field: '', reason: 'shape', expected, payload }],
    notReported: 0,
    received: 1,
  }
}

export function joinReadings<Row>(readings: readonly Reading<Row>[]): Reading<Row> {
  return {
    rows: readings.flatMap((reading) => reading.rows),
    rejects: readings.flatMap((reading) => reading.rejects),
    notReported: readings.reduce((sum, reading) => sum + reading.notReported, 0),
    received: readings.reduce((sum, reading) => sum + reading.received, 0),
  }
}

export type Fields = Record<string, unknown>
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Own value at a path of keys and indexes ("location.coordinates.1"); undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  let current = value
  for (const key of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined
    current = (current as Fields)[key]
  }
  return current
}

/** Text with single spaces and none at its ends; undefined for what is no text or empty. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.replace(/\s+/g, ' ').trim()
  return text === '' ? undefined : text
}

/** A coordinate from a number or from text; undefined for what is none. */
export function coordinate(value: unknown, limit: 90 | 180): number | undefined {
  const text = typeof value === 'string' ? value.trim() : value
  const number =
    typeof text === 'number'
      ? text
      : typeof text === 'string' && /^-?\d{1,3}(\.\d+)?$/.test(text)
        ? Number(text)
        : Number.NaN
  return Math.abs(number) <= limit ? number : undefined
}
