import { Type, type Static } from 'typebox'
import {
  at,
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
import { closed } from '#contract/basic.ts'
import { listed, type Said } from './listed.ts'

const Options = Type.Object(
  {
    /** the portal's address, such as https://cctv.example.go.id */
    url: Type.String({ pattern: '^https?://' }),
    districts: Type.Array(Type.String({ pattern: '^\\d+$' }), {
      default: ['1', '2', '3', '4', '5'],
      minItems: 1,
    }),
  },
  closed,
)
type Options = Static<typeof Options>

const BOUNDARY = 'pantau-kota-form'
const STATES = new Map<string, CameraReading['state']>([
  ['1', 'up'],
  ['0', 'down'],
])

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
    // It answers 200 even where it says itself that it failed; its empty list is no list then.
    if (at(payload, 'msg_main.status') === false) return wrongShape(payload, 'msg_main.status true')
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
  return readEach(Array.isArray(list) ? list : [], readMalangCamera, (entry) => ({
    msg_detail: { list_data: [entry] },
  }))
}

/** One entry of either of the portal's shapes. Its own id was reissued for every camera; stream_id stayed. */
export function readMalangCamera(entry: unknown): RowResult<CameraReading> {
  if (!isFields(entry)) return refuse('', 'shape', 'an object')
  const word = typeof entry.status === 'number' ? String(entry.status) : textOf(entry.status)
  const state = word === undefined ? undefined : STATES.get(word)
  if (state === undefined) return refuse('status', 'unknown-status', '"1" or "0"')
  const said = (field: string): Said => ({ field, value: entry[field] })
  return listed({
    id: said('stream_id'),
    name: said('name'),
    latitude: said('latitude'),
    longitude: said('longitude'),
    address: said('address'),
    publishedDistrict: { field: 'nama_kecamatan', value: titled(entry.nama_kecamatan) },
    state,
    reason: `status ${word}`,
  })
}
const titled = (name: unknown) =>
  textOf(name)
    ?.toLowerCase()
    .replace(/\b\p{L}/gu, (letter) => letter.toUpperCase())
