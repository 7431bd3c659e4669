import type { TSchema } from 'typebox'
import type { CameraState } from '#contract/camera.ts'
import type { RejectReason } from '#contract/feed.ts'
import { storableText } from '../database/text.ts'

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

export interface ReadReject {
  /** place in the payload, from 1; 0: the payload as a whole */
  row: number
  field: string
  reason: RejectReason
  expected: string
  /** the smallest payload with this row in it: the same reader reads it again once a mapping is mended */
  payload: unknown
}

/** The law of every reader: received = rows + rejects + notReported, and no payload whatever makes it throw. */
export interface Reading<Row> {
  rows: Row[]
  /** for each of the rows the smallest payload with it: kept where the row is refused later on */
  sources: unknown[]
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
  /** what is to be asked after an answer: a list of markets leads to each market's prices */
  follow?(payload: unknown, context: ReadContext<Options>): FeedRequest[]
}

export type RowResult<Row> = { row: Row } | { reject: Omit<ReadReject, 'row' | 'payload'> } | 'not-reported'

export const refuse = (field: string, reason: RejectReason, expected: string) => ({
  reject: { field, reason, expected },
})

/**
 * Reads each entry on its own: one that does not fit is kept as a reject and stops nothing.
 * @param wrap makes of an entry the smallest payload that the source could have sent with it
 */
export function readEach<Row, Entry = unknown>(
  entries: readonly Entry[],
  read: (entry: Entry, index: number) => RowResult<Row>,
  wrap: (entry: Entry) => unknown,
): Reading<Row> {
  const reading: Reading<Row> = { ...NOTHING(), received: entries.length }
  for (const [index, entry] of entries.entries()) {
    const result = read(entry, index)
    if (result === 'not-reported') reading.notReported += 1
    else if ('row' in result) {
      reading.rows.push(result.row)
      reading.sources.push(wrap(entry))
    } else reading.rejects.push({ ...result.reject, row: index + 1, payload: wrap(entry) })
  }
  return reading
}

/** The payload as a whole is not what the source sends. */
export function wrongShape<Row>(payload: unknown, expected: string): Reading<Row> {
  return {
    ...NOTHING<Row>(),
    rejects: [{ row: 0, field: '', reason: 'shape', expected, payload }],
    received: 1,
  }
}

/** True where nothing of a payload could be read at all. */
export const isWrongShape = ({ rejects, received }: Reading<unknown>): boolean =>
  received === 1 && rejects[0]?.row === 0

/** Readings of the pieces of one payload, one after the other; rejects are placed within the whole. */
export function joinReadings<Row>(readings: readonly Reading<Row>[]): Reading<Row> {
  const whole = NOTHING<Row>()
  for (const { rows, sources, rejects, notReported, received } of readings) {
    for (const row of rows) whole.rows.push(row)
    for (const source of sources) whole.sources.push(source)
    for (const reject of rejects)
      whole.rejects.push({ ...reject, row: whole.received + Math.max(1, reject.row) })
    whole.notReported += notReported
    whole.received += received
  }
  return whole
}

const NOTHING = <Row>(): Reading<Row> => ({ rows: [], sources: [], rejects: [], notReported: 0, received: 0 })

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

/**
 * Text with single spaces and none at its ends; undefined for what is no text or empty. Control characters count as
 * spaces: the store takes no zero character, and a screen none of the others.
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = storableText(value.replace(/[\s\p{Cc}]+/gu, ' ')).trim()
  return text === '' ? undefined : text
}
