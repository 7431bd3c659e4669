import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CameraReading, Reading } from '../../ingest/reading.ts'
import { cameraList, type CameraListOptions } from './camera-list.ts'
import { cameraListPresets } from './camera-list.presets.ts'
import { malangCameras } from './malang-cameras.ts'
import { malangRecords } from './malang-records.ts'

const recorded = (name: string) => readFileSync(new URL(`./recorded/${name}`, import.meta.url), 'utf8')
const now = new Date('2026-11-24T03:00:00Z')
const request = { url: 'http://portal.example' }
const malang = (payload: unknown) =>
  malangCameras.read(payload, { options: { url: request.url, districts: ['1'] }, request, now })
const records = (payload: unknown) =>
  malangRecords.read(payload, { options: { url: request.url }, request, now })
const list = (preset: keyof typeof cameraListPresets, payload: unknown) => {
  const options: CameraListOptions = { url: request.url, ...cameraListPresets[preset] }
  return cameraList.read(payload, { options, request, now })
}
const shapes = JSON.parse(recorded('indonesia-city-cctv-shapes.json')) as Record<string, unknown>
const holds = ({ received, rows, rejects, notReported }: Reading<CameraReading>): void => {
  expect(received).toBe(rows.length + rejects.length + notReported)
}

describe("Malang's camera list", () => {
  it('reads all 253 cameras of the five districts, keyed on stream_id', () => {
    const reading = malang(JSON.parse(recorded('malang-get-cameras-2026-06.json')))
    expect(reading).toMatchObject({ received: 253, notReported: 0, rejects: [] })
    expect(new Set(reading.rows.map((row) => row.cameraId)).size).toBe(253)
    expect(reading.rows[0]).toEqual({
      cameraId: '637253114452609264665590',
      name: 'Jl. Letjen S. Parman Arah Utara',
      address: 'GKJW Waru,, Purwantoro, Kec. Blimbing, Kota Malang, Jawa Timur, Indonesia',
      latitude: -7.9516399570327,
      longitude: 112.63919951939,
      publishedDistrict: 'Blimbing',
      state: 'up',
      reason: 'status 1',
    })
    expect(reading.rows.every((row) => row.name === row.name.trim())).toBe(true)
  })
  it('reads the 2021 shape, whose status is a number, and finds the same streams in it', () => {
    const reading = records(JSON.parse(recorded('malang-records-cameras-2021.json')))
    expect(reading).toMatchObject({ received: 230, rejects: [] })
    const today = new Set(
      malang(JSON.parse(recorded('malang-get-cameras-2026-06.json'))).rows.map((row) => row.cameraId),
    )
    expect(reading.rows.filter((row) => today.has(row.cameraId)).length).toBeGreaterThan(100)
  })
  it('asks for each district with a multipart form', () => {
    const requests = malangCameras.requests({ url: 'http://portal.example/', districts: ['1', '5'] }, now)
    expect(requests.map((one) => one.part)).toEqual([{ district: '1' }, { district: '5' }])
    expect(requests[1]?.body).toContain('name="m_kecamatan_id"\r\n\r\n5\r\n')
  })
  it('keeps an entry that does not fit as a reject that names the field', () => {
    const entry = { stream_id: 's', name: ' A  b ', status: '1', latitude: '', longitude: '' }
    const reading = malang({
      msg_detail: {
        list_data: [
          entry,
          { ...entry, status: '7' },
          { ...entry, stream_id: '' },
          { ...entry, name: null },
          3,
        ],
      },
    })
    expect(reading.rows).toEqual([{ cameraId: 's', name: 'A b', state: 'up', reason: 'status 1' }])
    expect(reading.rejects.map(({ row, field, reason }) => [row, field, reason])).toEqual([
      [2, 'status', 'unknown-status'],
      [3, 'stream_id', 'missing'],
      [4, 'name', 'missing'],
      [5, '', 'shape'],
    ])
  })
  it('has a word for a payload that is something else altogether', () => {
    expect(malang('<html>Sedang pemeliharaan</html>')).toMatchObject({
      rows: [],
      rejects: [{ row: 0, reason: 'shape' }],
      received: 1,
    })
  })
})

describe('the generic camera list on the shapes of other cities', () => {
  it('Yogyakarta: coordinates may be empty, status 2 is maintenance', () => {
    const payload = shapes.yogyakarta_home_getdata as object[]
    const reading = list('yogyakarta', [
      ...payload,
      { ...payload[0], cctv_id: '9', cctv_status: '2' },
      { ...payload[0], cctv_status: '8' },
    ])
    expect(reading.rows.map(({ state, latitude }) => [state, latitude])).toEqual([
      ['up', -7.7919],
      ['up', undefined],
      ['maintenance', -7.7919],
    ])
    expect(reading.rejects).toMatchObject([{ row: 4, field: 'cctv_status', expected: 'one of 0, 1, 2' }])
  })
  it('Palembang: longitude comes first', () => {
    expect(list('palembang', shapes.palembang).rows).toMatchObject([
      {
        cameraId: 'CCTV-SPBB-42',
        latitude: -2.9776,
        longitude: 104.7788,
        state: 'up',
        owner: 'Dinas Perhubungan',
      },
    ])
  })
  it('Banda Aceh: a boolean, and an id from what stays the same', () => {
    const reading = list('bandaAceh', shapes.banda_aceh)
    expect(reading.rows).toMatchObject([{ state: 'up', cameraId: expect.stringMatching(/^h-[0-9a-f]{20}$/) }])
    expect(list('bandaAceh', shapes.banda_aceh)).toEqual(reading)
  })
  it('Bengkulu: online and offline', () => {
    expect(
      list('bengkulu', shapes.bengkulu_inline_html).rows.map((row) => [row.cameraId, row.state]),
    ).toEqual([
      ['1', 'up'],
      ['2', 'down'],
    ])
  })
  it('Semarang: several streams per point, some up is degraded', () => {
    const [point] = shapes.semarang_inline_html as { links: { status: number }[] }[]
    const links = (...statuses: number[]) => [{ ...point, links: statuses.map((status) => ({ status })) }]
    expect(list('semarang', [point]).rows).toMatchObject([{ cameraId: '414', state: 'up' }])
    expect(list('semarang', links(1, 0)).rows).toMatchObject([{ state: 'degraded', reason: '1/2' }])
    expect(list('semarang', links(0, 0)).rows).toMatchObject([{ state: 'down' }])
    expect(list('semarang', links())).toMatchObject({ rows: [], rejects: [{ field: 'links' }] })
  })
  it('Sidoarjo: null coordinates, and no inside address leaves the reader', () => {
    const reading = list('sidoarjo', shapes.sidoarjo_inline_html)
    expect(reading.rows).toHaveLength(2)
    expect(JSON.stringify(reading.rows)).not.toMatch(/127\.0\.0\.1|192_168/)
    expect(list('sidoarjo', [{ nama: 'x', visible: false, status_online: true }])).toMatchObject({
      rows: [],
      notReported: 1,
    })
  })
  it('TfL: availability within a list of pairs, "false" as text, with its time', () => {
    expect(list('tfl', JSON.parse(recorded('tfl-jamcam.json'))).rows).toMatchObject([
      { cameraId: 'JamCams_00001.03766', state: 'down', at: new Date('2023-08-31T15:46:06.093Z') },
    ])
  })
  it('Caltrans: all text, the epoch too', () => {
    expect(list('caltrans', recorded('caltrans-cctv-status.json')).rows).toMatchObject([
      { state: 'up', latitude: 39.42002, at: new Date(1_626_961_803_000) },
    ])
  })
  it('Austin: 116 are turned on and offline; desired, removed and void are not there', () => {
    const reading = list('austin', recorded('austin-traffic-cameras-2020-05.csv'))
    const count = (state: string) => reading.rows.filter((row) => row.state === state).length
    expect({
      received: reading.received,
      notReported: reading.notReported,
      up: count('up'),
      down: count('down'),
      rejects: reading.rejects,
    }).toEqual({
      received: 758,
      notReported: 163,
      up: 479,
      down: 116,
      rejects: [],
    })
    expect(reading.rows[0]).toMatchObject({
      cameraId: '79',
      name: 'RED RIVER ST / CLYDE LITTLEFIELD DR',
      at: new Date('2020-05-01T08:35:00Z'),
    })
  })
})

describe('every reader, whatever comes', () => {
  const readers: [string, (payload: unknown) => Reading<CameraReading>][] = [
    ['malang-cameras', malang],
    ['malang-records', records],
    ...Object.keys(cameraListPresets).map((key): [string, typeof malang] => [
      key,
      (payload) => list(key as 'tfl', payload),
    ]),
  ]
  it.each(readers)('%s never throws and loses nothing', (_name, read) => {
    fc.assert(
      fc.property(fc.oneof(fc.anything({ withNullPrototype: true }), fc.string(), fc.json()), (payload) =>
        holds(read(payload)),
      ),
    )
    const rowsOf = (rows: unknown[]) => [
      rows,
      { data: rows },
      { records: rows },
      { msg_detail: { list_data: rows } },
    ]
    const field = fc.constantFrom(
      'stream_id',
      'id',
      'cctv_id',
      'name',
      'cctv_title',
      'status',
      'is_active',
      'links',
      'location',
      'latitude',
      '__proto__',
      'cctv',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.dictionary(field, fc.anything()), fc.anything())), (rows) =>
        rowsOf(rows).forEach((payload) => holds(read(payload))),
      ),
    )
  })
})
