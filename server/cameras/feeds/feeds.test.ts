import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { CameraListOptions } from './camera-list.options.ts'
import { cameraList } from './camera-list.ts'
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
/** A city's list as it stands in a page: behind other scripts with lists of their own. */
const page = (
  list: unknown,
) => `<html><head><script type="application/ld+json">[{"@type": "City", "n": [1]}]</script>
  <script>const menu = [{"title":"Beranda ]}"}]; let rusak = [{"a": tidak}];
  const cctv = ${JSON.stringify(list)}; init(cctv, [{"name":"lain"}])</script></head></html>`

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
  it('takes no word from the depths of JavaScript for a status, and no space for another word', () => {
    const entry = { stream_id: 's', name: 'A', latitude: null, longitude: null }
    const statuses = ['constructor', '__proto__', 'toString', true, null, [1], ' 1 ', 0]
    const reading = records({ records: statuses.map((status) => ({ ...entry, status })) })
    expect(reading.rows.map(({ state }) => state)).toEqual(['up', 'down'])
    expect(reading.rejects.map(({ row, reason }) => [row, reason])).toEqual(
      [1, 2, 3, 4, 5, 6].map((row) => [row, 'unknown-status']),
    )
  })
  it('tells no place from a place that can not be', () => {
    const entry = { stream_id: 's', name: 'A', status: '1' }
    const places = [
      ['', ''],
      [null, null],
      [' - ', '112.6'],
      ['0', '0.0'],
      [' -7.95 ', '+112.63'],
      ['112.63', '-7.95'],
      ['-7,95', '112,63'],
      ['-7.95', '1126.3'],
      ['-7.95', 'Malang'],
      [-7.95, Number.NaN],
    ]
    const reading = records({
      records: places.map(([latitude, longitude]) => ({ ...entry, latitude, longitude })),
    })
    expect(reading.rows.map(({ latitude, longitude }) => [latitude, longitude])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
      [-7.95, 112.63],
    ])
    expect(reading.rejects.map(({ row, field, reason }) => [row, field, reason])).toEqual([
      [6, 'latitude', 'out-of-range'],
      [7, 'latitude', 'not-a-number'],
      [8, 'longitude', 'not-a-number'],
      [9, 'longitude', 'not-a-number'],
      [10, 'longitude', 'not-a-number'],
    ])
  })
  it('keeps what the store can not: control characters, half characters, names without end', () => {
    const entry = { stream_id: 's\0', name: 'Jl.\0\u0007 Ijen\ud800', status: '1' }
    expect(records({ records: [entry] }).rows).toMatchObject([{ cameraId: 's', name: 'Jl. Ijen\ufffd' }])
    const long = { stream_id: 'x'.repeat(201), name: 'A', status: '1' }
    const reading = records({
      records: [long, { ...entry, name: 'x'.repeat(501) }, { ...entry, address: 'x'.repeat(501) }],
    })
    expect(reading.rejects.map(({ field, reason }) => [field, reason])).toEqual([
      ['stream_id', 'too-long'],
      ['name', 'too-long'],
      ['address', 'too-long'],
    ])
  })
  it('places a reject in the whole of several districts', () => {
    const district = (...statuses: string[]) => ({
      msg_detail: { list_data: statuses.map((status) => ({ stream_id: 's', name: 'A', status })) },
    })
    expect(malang({ '1': district('1', '1'), '2': district('1', 'x') }).rejects).toMatchObject([{ row: 4 }])
  })
  it('takes no empty list from a portal that says that it failed', () => {
    const district = (status: boolean) => ({ msg_main: { status, msg: '' }, msg_detail: { list_data: [] } })
    expect(malang(district(true))).toMatchObject({ received: 0, rejects: [] })
    expect(malang(district(false))).toMatchObject({ received: 1, rejects: [{ row: 0, reason: 'shape' }] })
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
    const turned = JSON.stringify(shapes.palembang).replace('104.7788,-2.9776', '-2.9776,104.7788')
    expect(list('palembang', turned).rejects).toMatchObject([
      { field: 'location.coordinates.1', reason: 'out-of-range' },
    ])
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
  it('Bandung: names its cameras, and says nothing of their state', () => {
    expect(list('bandung', shapes.bandung_pelindung).rows).toMatchObject([
      { cameraId: '37aeb2b6', state: 'unknown', owner: 'BCH' },
    ])
  })
  it('Bengkulu: online and offline, JSON inside HTML', () => {
    expect(
      list('bengkulu', page(shapes.bengkulu_inline_html)).rows.map((row) => [row.cameraId, row.state]),
    ).toEqual([
      ['1', 'up'],
      ['2', 'down'],
    ])
    const attribute = JSON.stringify(shapes.bengkulu_inline_html)
      .replace('Simpang Jam', 'Simpang Jam & Pasar')
      .replaceAll('&', '&amp;')
      .replaceAll('"', '&quot;')
    expect(
      list('bengkulu', `<div id="app" data-cctv="${attribute}" class="x"></div>`).rows.map(
        ({ name }) => name,
      ),
    ).toEqual(['Simpang Kominfo', 'Simpang Jam & Pasar'])
    expect(list('bengkulu', page([]))).toMatchObject({ rows: [], rejects: [{ row: 0, reason: 'shape' }] })
    const [unclosed = ''] = page(shapes.bengkulu_inline_html).split(']; init')
    expect(list('bengkulu', unclosed)).toMatchObject({ rows: [], rejects: [{ row: 0, reason: 'shape' }] })
  })
  it('Semarang: several streams per point, some up is degraded', () => {
    const [point] = shapes.semarang_inline_html as { links: { status: number }[] }[]
    const links = (...statuses: number[]) => [{ ...point, links: statuses.map((status) => ({ status })) }]
    expect(list('semarang', page([point])).rows).toMatchObject([{ cameraId: '414', state: 'up' }])
    expect(list('semarang', links(1, 0)).rows).toMatchObject([{ state: 'degraded', reason: '1/2' }])
    expect(list('semarang', links(1, 2)).rejects).toMatchObject([
      { field: 'status', reason: 'unknown-status' },
    ])
    expect(list('semarang', links(0, 0)).rows).toMatchObject([{ state: 'down' }])
    expect(list('semarang', links())).toMatchObject({ rows: [], rejects: [{ field: 'links' }] })
  })
  it('Sidoarjo: null coordinates, and no inside address leaves the reader', () => {
    const reading = list('sidoarjo', page(shapes.sidoarjo_inline_html))
    expect(reading.rows).toHaveLength(2)
    expect(JSON.stringify(reading.rows)).not.toMatch(/127\.0\.0\.1|192_168/)
    expect(reading.rows[1]).not.toHaveProperty('latitude')
    const camera = { nama: 'x', video_src: 'x', visible: true, status_online: true }
    const cameras = [
      { ...camera, visible: false },
      { ...camera, status_online: false },
      { ...camera, status_online: 'false' },
      { ...camera, status_online: null },
    ]
    expect(list('sidoarjo', cameras)).toMatchObject({
      rows: [{ state: 'down' }, { state: 'down' }],
      notReported: 1,
      rejects: [{ field: 'status_online', reason: 'unknown-status' }],
    })
  })
  it('TfL: availability within a list of pairs, "false" as text, with its time', () => {
    expect(list('tfl', JSON.parse(recorded('tfl-jamcam.json'))).rows).toMatchObject([
      { cameraId: 'JamCams_00001.03766', state: 'down', at: new Date('2023-08-31T15:46:06.093Z') },
    ])
  })
  it('TfL: availability is looked up by its key, wherever it stands in the list', () => {
    const [camera] = JSON.parse(recorded('tfl-jamcam.json')) as { additionalProperties: object[] }[]
    const turned = { ...camera, additionalProperties: camera?.additionalProperties.toReversed() }
    expect(list('tfl', [turned]).rows).toMatchObject([{ state: 'down' }])
    expect(list('tfl', [{ ...camera, additionalProperties: [] }]).rejects).toMatchObject([
      { field: 'additionalProperties[key=available].value', reason: 'unknown-status' },
    ])
  })
  it('Caltrans: all text, the epoch too; a broken epoch is refused', () => {
    const text = recorded('caltrans-cctv-status.json')
    expect(list('caltrans', text.replace('"true"', '"false"')).rows).toMatchObject([{ state: 'down' }])
    expect(list('caltrans', text.replace('1626961803', 'Not Reported')).rejects).toMatchObject([
      { field: 'recordTimestamp.recordEpoch', reason: 'not-a-time' },
    ])
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
      reason: 'TURNED_ON, OFFLINE',
    })
    // Its times say since when, some of them for years: no status is too old because of them.
    expect(reading.rows.every((row) => row.at === undefined)).toBe(true)
  })
  it('Digitraffic: GeoJSON, a station taken away for a while is being mended', () => {
    const station = (id: string, collectionStatus: string) => ({
      type: 'Feature',
      id,
      geometry: { type: 'Point', coordinates: [24.6356, 60.0531, 0] },
      properties: { id, name: 'kt51_Inkoo', collectionStatus },
    })
    const payload = {
      type: 'FeatureCollection',
      features: [
        station('C01502', 'GATHERING'),
        station('C01503', 'REMOVED_TEMPORARILY'),
        station('C01504', 'REMOVED_PERMANENTLY'),
      ],
    }
    expect(list('digitraffic', JSON.stringify(payload))).toMatchObject({
      rows: [
        { cameraId: 'C01502', state: 'up', latitude: 60.0531, longitude: 24.6356 },
        { cameraId: 'C01503', state: 'maintenance' },
      ],
      notReported: 1,
      rejects: [],
    })
  })
  it("a CSV with semicolons, American times and a spreadsheet's mark at its beginning", () => {
    const options: CameraListOptions = {
      url: request.url,
      format: 'csv',
      delimiter: ';',
      id: 'Kode',
      name: 'Nama',
      latitude: 'Lat',
      longitude: 'Lng',
      status: [{ path: 'Status', words: { aktif: 'up', rusak: 'down' } }],
      time: { path: 'Diperiksa', format: 'us' },
    }
    const head = '\uFEFFKode;Nama ;Lat;Lng;Status;Diperiksa\r\n'
    const read = (text: string) => cameraList.read(text, { options, request, now })
    expect(
      read(
        `${head}c1;"Jl. Ijen; utara";-7.97;112.62;aktif;11/24/2026 12:30:00 AM +0700\r\nc2;Alun-alun;;;rusak;\r\n`,
      ),
    ).toMatchObject({
      rows: [
        { cameraId: 'c1', name: 'Jl. Ijen; utara', state: 'up', at: new Date('2026-11-23T17:30:00Z') },
        { cameraId: 'c2', state: 'down' },
      ],
      rejects: [],
    })
    expect(read(`${head}c1;A;;;aktif;13/24/2026 12:30:00 AM +0700`).rejects).toMatchObject([
      { field: 'Diperiksa', reason: 'not-a-time' },
    ])
    expect(read('<html>\n<body>Sedang pemeliharaan</body>\n</html>')).toMatchObject({
      received: 1,
      rejects: [{ row: 0, reason: 'shape' }],
    })
  })
})
