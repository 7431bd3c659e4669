import { createHash } from 'node:crypto'
import {
  at,
  isFields,
  readEach,
  refuse,
  textOf,
  wrongShape,
  type CameraReading,
  type Feed,
  type RowResult,
} from '../../ingest/reading.ts'
import { entriesOf, pick } from './camera-list.entries.ts'
import { CameraListOptions, type TimeFormat } from './camera-list.options.ts'
import { statusOf } from './camera-list.status.ts'
import { listed, type Said } from './listed.ts'

/** Any city's camera list, its fields and status words mapped by configuration. */
export const cameraList: Feed<CameraReading, CameraListOptions> = {
  kind: 'camera-list',
  domain: 'cameras',
  accepts: 'text',
  options: CameraListOptions,
  requests: ({ url }) => [{ url }],
  read(payload, { options }) {
    const entries = entriesOf(payload, options)
    return entries === undefined
      ? wrongShape(payload, `a list of cameras as ${options.format} at ${options.rows ?? 'the top'}`)
      : readEach(
          entries,
          (entry) => readCamera(entry, options),
          (entry) => [entry],
        )
  },
}

function readCamera(whole: unknown, options: CameraListOptions): RowResult<CameraReading> {
  const entry = options.entry === undefined ? whole : at(whole, options.entry)
  if (!isFields(entry)) return refuse(options.entry ?? '', 'shape', 'an object')
  const status = statusOf(entry, options)
  if ('reject' in status) return status
  if (status.state === 'skip') return 'not-reported'
  const time = timeOf(entry, options.time)
  if (time !== undefined && 'reject' in time) return time
  const said = (path: string): Said => ({ field: path, value: pick(entry, path) })
  const optional = (path: string | undefined) => (path === undefined ? undefined : said(path))
  return listed({
    id: options.id === undefined ? hashedId(entry, options) : said(options.id),
    name: said(options.name),
    latitude: said(options.latitude),
    longitude: said(options.longitude),
    address: optional(options.address),
    publishedDistrict: optional(options.district),
    owner: optional(options.owner),
    state: status.state,
    reason: status.words,
    at: time,
  })
}

/** Sources without ids get one from what stays the same; a stream's address is only ever hashed. */
function hashedId(entry: unknown, { name, idFrom }: CameraListOptions): Said {
  const more = idFrom === undefined ? '' : pick(entry, idFrom)
  if (typeof more !== 'string' && typeof more !== 'number') return { field: idFrom ?? name, value: undefined }
  const text = `${textOf(pick(entry, name)) ?? ''}\n${more}`
  return { field: name, value: `h-${createHash('sha256').update(text).digest('hex').slice(0, 20)}` }
}

function timeOf(
  entry: unknown,
  time: CameraListOptions['time'],
): Date | undefined | ReturnType<typeof refuse> {
  const value = time === undefined ? undefined : pick(entry, time.path)
  if (time === undefined || value === undefined || value === null || value === '') return undefined
  const moment = readTime(value, time.format)
  return Number.isNaN(moment.getTime()) ? refuse(time.path, 'not-a-time', `a time as ${time.format}`) : moment
}

function readTime(value: unknown, format: TimeFormat): Date {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  if (format === 'epoch-seconds') return new Date(/^\d{9,11}$/.test(text) ? Number(text) * 1000 : Number.NaN)
  if (format === 'iso')
    return new Date(/^\d{4}-\d{2}-\d{2}T.{1,30}(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : Number.NaN)
  // 05/01/2020 08:45:00 AM +0000
  const us = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}):(\d{2}):(\d{2}) (AM|PM) ([+-]\d{2})(\d{2})$/.exec(text)
  if (us === null) return new Date(Number.NaN)
  const [, month, day, year, hour, minute, second, half, zoneHour, zoneMinute] = us
  const hours = (Number(hour) % 12) + (half === 'PM' ? 12 : 0)
  return new Date(
    `${year}-${month}-${day}T${String(hours).padStart(2, '0')}:${minute}:${second}${zoneHour}:${zoneMinute}`,
  )
}
