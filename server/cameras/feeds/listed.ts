import { refuse, textOf, type CameraReading, type RowResult } from '../../ingest/reading.ts'

/** A value and the name that the source gives it. */
export interface Said {
  field: string
  value: unknown
}

/** An index takes no longer key, and nobody reads a longer name. */
const LONGEST_ID = 200
const LONGEST_TEXT = 500

type Texts = 'address' | 'publishedDistrict' | 'owner'

/** What every camera reader ends with: an id, a name and a place, each with the name of the source's field. */
export function listed(
  from: {
    id: Said
    name: Said
    latitude: Said
    longitude: Said
    state: CameraReading['state']
    reason?: string | undefined
    at?: Date | undefined
  } & Partial<Record<Texts, Said | undefined>>,
): RowResult<CameraReading> {
  const name = textOf(from.name.value)
  if (name === undefined) return refuse(from.name.field, 'missing', 'a name')
  const cameraId = idOf(from.id.value)
  if (cameraId === undefined) return refuse(from.id.field, 'missing', 'an id that is text or a number')
  if (cameraId.length > LONGEST_ID) return tooLong(from.id.field, LONGEST_ID)
  if (name.length > LONGEST_TEXT) return tooLong(from.name.field, LONGEST_TEXT)
  const place = placeOf(from.latitude, from.longitude)
  if ('reject' in place) return place
  const row: CameraReading = { cameraId, name, state: from.state, ...place }
  if (from.reason !== undefined) row.reason = from.reason
  if (from.at !== undefined) row.at = from.at
  for (const key of ['address', 'publishedDistrict', 'owner'] as const) {
    const text = textOf(from[key]?.value)
    if (text === undefined) continue
    if (text.length > LONGEST_TEXT) return tooLong(from[key]?.field ?? key, LONGEST_TEXT)
    row[key] = text
  }
  return { row }
}

/** A number that JSON can't carry exactly may stand for several cameras. */
const idOf = (value: unknown) => textOf(Number.isSafeInteger(value) ? String(value) : value)

const tooLong = (field: string, limit: number) => refuse(field, 'too-long', `at most ${limit} characters`)

/** Many lists know no place for some of their cameras ("", null, 0 and 0); a place that can't be is a fault. */
function placeOf(latitude: Said, longitude: Said): Partial<CameraReading> | ReturnType<typeof refuse> {
  if (isAbsent(latitude.value) || isAbsent(longitude.value)) return {}
  const [lat, lng] = [degrees(latitude.value), degrees(longitude.value)]
  if (Number.isNaN(lat)) return refuse(latitude.field, 'not-a-number', 'degrees such as -7.98')
  if (Number.isNaN(lng)) return refuse(longitude.field, 'not-a-number', 'degrees such as 112.63')
  if (Math.abs(lat) > 90) return refuse(latitude.field, 'out-of-range', 'a latitude from -90 to 90')
  if (Math.abs(lng) > 180) return refuse(longitude.field, 'out-of-range', 'a longitude from -180 to 180')
  return lat === 0 && lng === 0 ? {} : { latitude: lat, longitude: lng }
}

const isAbsent = (value: unknown) =>
  value === undefined || value === null || (typeof value === 'string' && /^\s*-?\s*$/.test(value))

function degrees(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN
  const text = typeof value === 'string' ? value.trim() : ''
  return /^[-+]?\d{1,3}(\.\d{0,30})?$/.test(text) ? Number(text) : Number.NaN
}
