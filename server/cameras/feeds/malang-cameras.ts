import { Type, type Static } from 'typebox'
import {
  at,
  coordinate,
  isFields,
  joinReadings,
  readEach,
  refuse,
  textOf,
  wrongShape,
  type CameraReading,
  type Feed,
  type Reading,
  type RowResult,
} from '../../ingest/reading.ts'

const Options = Type.Object(
  {
    /** the portal's address, such as https://cctv.example.go.id */
    url: Type.String({ pattern: '^https?://' }),
    districts: Type.Array(Type.String({ pattern: '^\\d+$' }), {
      default: ['1', '2', '3', '4', '5'],
      minItems: 1,
    }),
  },
  { additionalProperties: false },
)
type Options = Static<typeof Options>

const BOUNDARY = 'pantau-kota-form'
const STATES: Record<string, CameraReading['state']> = { '1': 'up', '0': 'down' }

/** Malang's camera list as it is since 2025: a payload per district, every field a string. */
export const malangCameras: Feed<CameraReading, Options> = {
  kind: 'malang-cameras',
  domain: 'cameras',
  accepts: 'json',
  options: Options,
  requests: ({ url, districts }) =>
    districts.map((district) => ({
      url: `${url.replace(/\/$/, '')}/api/v2/get-cameras`,
      method: 'POST',
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      body: `--${BOUNDARY}\r\ncontent-disposition: form-data; name="m_kecamatan_id"\r\n\r\n${district}\r\n--${BOUNDARY}--\r\n`,
      part: { district },
    })),
  read(payload) {
    if (Array.isArray(at(payload, 'msg_detail.list_data'))) return readDistrict(payload)
    // All districts in one object, keyed by their number.
    if (
      isFields(payload) &&
      Object.keys(payload).length > 0 &&
      Object.values(payload).every((one) => Array.isArray(at(one, 'msg_detail.list_data')))
    )
      return joinReadings(Object.values(payload).map(readDistrict))
    return wrongShape(payload, 'msg_detail.list_data[] of a district')
  },
}

function readDistrict(payload: unknown): Reading<CameraReading> {
  const list = at(payload, 'msg_detail.list_data')
  return readEach(Array.isArray(list) ? list : [], readMalangCamera)
}

/** One entry of either of the portal's shapes. Its own id was reissued for every camera; stream_id stayed. */
export function readMalangCamera(entry: unknown): RowResult<CameraReading> {
  if (!isFields(entry)) return refuse('', 'shape', 'an object')
  const cameraId = textOf(entry.stream_id)
  if (cameraId === undefined) return refuse('stream_id', 'missing', 'the id of the stream')
  const name = textOf(entry.name)
  if (name === undefined) return refuse('name', 'missing', 'a name')
  const state =
    typeof entry.status === 'string' || typeof entry.status === 'number'
      ? STATES[String(entry.status)]
      : undefined
  if (state === undefined) return refuse('status', 'unknown-status', '"1" or "0"')
  const [latitude, longitude] = [coordinate(entry.latitude, 90), coordinate(entry.longitude, 180)]
  const address = textOf(entry.address)
  const publishedDistrict = textOf(entry.nama_kecamatan)
  return {
    row: {
      cameraId,
      name,
      state,
      reason: `status ${String(entry.status)}`,
      ...(address === undefined ? {} : { address }),
      ...(latitude === undefined || longitude === undefined ? {} : { latitude, longitude }),
      ...(publishedDistrict === undefined ? {} : { publishedDistrict: titled(publishedDistrict) }),
    },
  }
}
const titled = (name: string) => name.toLowerCase().replace(/\b\p{L}/gu, (letter) => letter.toUpperCase())
