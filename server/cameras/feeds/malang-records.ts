import { Type, type Static } from 'typebox'
import { closed } from '#contract/basic.ts'
import { at, readEach, wrongShape, type CameraReading, type Feed } from '../../ingest/reading.ts'
import { readMalangCamera } from './malang-cameras.ts'

const Options = Type.Object({ url: Type.String({ pattern: '^https?://' }) }, closed)
type Options = Static<typeof Options>

/** Malang's camera list as it was until 2021: all cameras in one payload, the status a number, no district. */
export const malangRecords: Feed<CameraReading, Options> = {
  kind: 'malang-records',
  domain: 'cameras',
  accepts: 'json',
  options: Options,
  requests: ({ url }) => [{ url: `${url.replace(/\/$/, '')}/records/cameras` }],
  read(payload) {
    const records = at(payload, 'records')
    return Array.isArray(records)
      ? readEach(records, readMalangCamera, (entry) => ({ records: [entry] }))
      : wrongShape(payload, 'records[]')
  },
}
