import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { Type, type Static } from 'typebox'
import { CameraState } from '#contract/model.ts'
import {
  at,
  coordinate,
  isFields,
  readEach,
  refuse,
  textOf,
  wrongShape,
  type CameraReading,
  type Feed,
  type RowResult,
} from '../../ingest/reading.ts'

const Path = Type.String({
  minLength: 1,
  description: 'keys with dots; "list[key=value].field" picks an entry of a list',
})
const Status = Type.Object(
  {
    path: Path,
    /** the source's words, as text, to a state; "skip": the camera is not there (any more) */
    words: Type.Record(Type.String(), Type.Union([CameraState, Type.Literal('skip')])),
  },
  { additionalProperties: false },
)
export const CameraListOptions = Type.Object(
  {
    url: Type.String({ pattern: '^https?://' }),
    format: Type.Union([Type.Literal('json'), Type.Literal('csv')]),
    /** path of the list in a JSON payload; left out: the payload is the list */
    rows: Type.Optional(Path),
    /** path within each entry where the camera stands */
    entry: Type.Optional(Path),
    /** left out: a hash of the name and of `idFrom`, for sources without ids */
    id: Type.Optional(Path),
    idFrom: Type.Optional(Path),
    name: Path,
    address: Type.Optional(Path),
    latitude: Path,
    longitude: Path,
    district: Type.Optional(Path),
    owner: Type.Optional(Path),
    /** asked in order; the first that says other than "up" decides */
    status: Type.Array(Status, { minItems: 1 }),
    /** several streams per camera: all up, some up (degraded) or none up (down) */
    links: Type.Optional(Type.Object({ path: Path, status: Status }, { additionalProperties: false })),
    time: Type.Optional(
      Type.Object(
        {
          path: Path,
          format: Type.Union([Type.Literal('iso'), Type.Literal('epoch-seconds'), Type.Literal('us')]),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
export type CameraListOptions = Static<typeof CameraListOptions>

/** Any city's camera list, its fields and status words mapped by configuration. */
export const cameraList: Feed<CameraReading, CameraListOptions> = {
  kind: 'camera-list',
  domain: 'cameras',
  accepts: 'text',
  options: CameraListOptions,
  requests: ({ url }) => [{ url }],
  read(payload, { options }) {
    const list = entriesOf(payload, options)
    return list === undefined
      ? wrongShape(payload, `a list of cameras as ${options.format} at ${options.rows ?? 'the top'}`)
      : readEach(list, (entry) => readCamera(entry, options))
  },
}

function entriesOf(payload: unknown, { format, rows }: CameraListOptions): unknown[] | undefined {
  try {
    if (format === 'csv') {
      if (typeof payload !== 'string') return undefined
      return parse(payload, {
        columns: true,
        bom: true,
        relax_column_count: true,
        skip_empty_lines: true,
        relax_quotes: true,
      })
    }
    const value: unknown = typeof payload === 'string' ? JSON.parse(payload) : payload
    const list = rows === undefined ? value : at(value, rows)
    return Array.isArray(list) ? list : undefined
  } catch {
    return undefined
  }
}

function readCamera(whole: unknown, options: CameraListOptions): RowResult<CameraReading> {
  const entry = options.entry === undefined ? whole : at(whole, options.entry)
  if (!isFields(entry)) return refuse(options.entry ?? '', 'shape', 'an object')
  const name = textOf(pick(entry, options.name))
  if (name === undefined) return refuse(options.name, 'missing', 'a name')
  const cameraId = idOf(entry, options, name)
  if (cameraId === undefined)
    return refuse(options.id ?? options.name, 'missing', 'an id that is text or a number')
  const status = statusOf(entry, options)
  if ('reject' in status) return status
  if (status.state === 'skip') return 'not-reported'
  const time = options.time === undefined ? undefined : pick(entry, options.time.path)
  const when =
    options.time === undefined || time === undefined || time === null || time === ''
      ? undefined
      : timeOf(time, options.time.format)
  if (when !== undefined && Number.isNaN(when.getTime()))
    return refuse(options.time?.path ?? 'time', 'not-a-time', `a time as ${options.time?.format}`)
  const [latitude, longitude] = [
    coordinate(pick(entry, options.latitude), 90),
    coordinate(pick(entry, options.longitude), 180),
  ]
  const optional = (key: 'address' | 'district' | 'owner') => {
    const path = options[key]
    return path === undefined ? undefined : textOf(pick(entry, path))
  }
  const [address, publishedDistrict, owner] = [optional('address'), optional('district'), optional('owner')]
  return {
    row: {
      cameraId,
      name,
      state: status.state,
      reason: status.words,
      ...(when === undefined ? {} : { at: when }),
      ...(latitude === undefined || longitude === undefined ? {} : { latitude, longitude }),
      ...(address === undefined ? {} : { address }),
      ...(publishedDistrict === undefined ? {} : { publishedDistrict }),
      ...(owner === undefined ? {} : { owner }),
    },
  }
}

/** Sources without ids get one from what stays the same; a stream's address is only ever hashed. */
function idOf(entry: unknown, { id, idFrom }: CameraListOptions, name: string): string | undefined {
  if (id !== undefined) {
    const value = pick(entry, id)
    return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textOf(value)
  }
  const more = idFrom === undefined ? '' : String(pick(entry, idFrom) ?? '')
  return `h-${createHash('sha256').update(`${name}\n${more}`).digest('hex').slice(0, 20)}`
}

type Judged = { state: CameraReading['state'] | 'skip'; words: string } | ReturnType<typeof refuse>

function statusOf(entry: unknown, { status, links }: CameraListOptions): Judged {
  if (links !== undefined) return linkStatus(pick(entry, links.path), links)
  let judged: Judged = { state: 'up', words: '' }
  const words: string[] = []
  for (const one of status) {
    judged = wordOf(pick(entry, one.path), one)
    if ('reject' in judged) return judged
    words.push(judged.words)
    if (judged.state !== 'up') break
  }
  return { ...judged, words: words.join(', ') }
}

function wordOf(value: unknown, { path, words }: Static<typeof Status>): Judged {
  // "false" is a word like any other; it is never taken for something true.
  const word =
    typeof value === 'string'
      ? value.trim()
      : typeof value === 'boolean' || typeof value === 'number'
        ? String(value)
        : undefined
  const state = word !== undefined && Object.hasOwn(words, word) ? words[word] : undefined
  return word === undefined || state === undefined
    ? refuse(path, 'unknown-status', `one of ${Object.keys(words).join(', ')}`)
    : { state, words: word }
}

function linkStatus(list: unknown, { path, status }: NonNullable<CameraListOptions['links']>): Judged {
  if (!Array.isArray(list) || list.length === 0) return refuse(path, 'missing', 'a list of streams')
  const states: string[] = []
  for (const link of list) {
    const judged = wordOf(pick(link, status.path), status)
    if ('reject' in judged) return judged
    states.push(judged.state)
  }
  const up = states.filter((state) => state === 'up').length
  return {
    state: up === states.length ? 'up' : up > 0 ? 'degraded' : 'down',
    words: `${up}/${states.length}`,
  }
}

/** Value at a path; "additionalProperties[key=available].value" looks an entry of a list up. */
function pick(entry: unknown, path: string): unknown {
  const lookup = /^([^[]+)\[(\w+)=([^\]]+)\]\.(.+)$/.exec(path)
  if (lookup === null) return isFields(entry) && Object.hasOwn(entry, path) ? entry[path] : at(entry, path)
  const [, list = '', key = '', value, rest = ''] = lookup
  const found = at(entry, list)
  return Array.isArray(found)
    ? at(
        found.find((one) => at(one, key) === value),
        rest,
      )
    : undefined
}

function timeOf(value: unknown, format: 'iso' | 'epoch-seconds' | 'us'): Date {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  if (format === 'epoch-seconds') return new Date(/^\d{9,11}$/.test(text) ? Number(text) * 1000 : Number.NaN)
  if (format === 'iso')
    return new Date(/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : Number.NaN)
  // 05/01/2020 08:45:00 AM +0000
  const us = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}):(\d{2}):(\d{2}) (AM|PM) ([+-]\d{2})(\d{2})$/.exec(text)
  if (us === null) return new Date(Number.NaN)
  const [, month, day, year, hour, minute, second, half, zoneHour, zoneMinute] = us
  const hours = (Number(hour) % 12) + (half === 'PM' ? 12 : 0)
  return new Date(
    `${year}-${month}-${day}T${String(hours).padStart(2, '0')}:${minute}:${second}${zoneHour}:${zoneMinute}`,
  )
}
