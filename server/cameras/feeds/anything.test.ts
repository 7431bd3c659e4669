import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anything, keepsTheLaw, mangled, mutated, RUNS } from '../../ingest/testing/payloads.ts'
import type { CameraReading, Reading } from '../../ingest/reading.ts'
import { cameraListPresets } from './camera-list.presets.ts'
import { cameraList } from './camera-list.ts'
import { malangCameras } from './malang-cameras.ts'
import { malangRecords } from './malang-records.ts'

const recorded = (name: string) => readFileSync(new URL(`./recorded/${name}`, import.meta.url), 'utf8')
const json = (name: string): unknown => JSON.parse(recorded(name))
const cities = json('indonesia-city-cctv-shapes.json') as Record<string, unknown>
const request = { url: 'http://portal.example' }
const { url } = request
const now = new Date('2026-11-24T03:00:00Z')
type Read = (payload: unknown) => Reading<CameraReading>

const list =
  (preset: keyof typeof cameraListPresets): Read =>
  (payload) =>
    cameraList.read(payload, { options: { url, ...cameraListPresets[preset] }, request, now })
const malang: Read = (payload) =>
  malangCameras.read(payload, { options: { url, districts: ['1'] }, request, now })

const readers: [string, Read, unknown][] = [
  ['malang-cameras', malang, json('malang-get-cameras-2026-06.json')],
  [
    'malang-cameras, a district',
    malang,
    (json('malang-get-cameras-2026-06.json') as Record<string, unknown>)['1'],
  ],
  [
    'malang-records',
    (payload) => malangRecords.read(payload, { options: { url }, request, now }),
    json('malang-records-cameras-2021.json'),
  ],
  ['yogyakarta', list('yogyakarta'), cities.yogyakarta_home_getdata],
  ['palembang', list('palembang'), cities.palembang],
  ['bandaAceh', list('bandaAceh'), cities.banda_aceh],
  ['bandung', list('bandung'), cities.bandung_pelindung],
  ['bengkulu', list('bengkulu'), cities.bengkulu_inline_html],
  ['semarang', list('semarang'), cities.semarang_inline_html],
  ['sidoarjo', list('sidoarjo'), cities.sidoarjo_inline_html],
  ['tfl', list('tfl'), json('tfl-jamcam.json')],
  ['caltrans', list('caltrans'), json('caltrans-cctv-status.json')],
]

/** What the store needs of a row, whatever a source sends. */
function fitsTheStore({ rows }: Reading<CameraReading>): void {
  for (const row of rows) {
    expect(['up', 'degraded', 'down', 'unknown', 'maintenance']).toContain(row.state)
    expect(row.cameraId.length).toBeLessThanOrEqual(200)
    expect(JSON.stringify(row)).not.toMatch(/\\u0000|\\ud[89a-f]/)
    if (row.latitude !== undefined) expect(Math.abs(row.latitude)).toBeLessThanOrEqual(90)
    if (row.at !== undefined) expect(row.at.getTime()).not.toBeNaN()
  }
}

describe('every camera reader, whatever comes', () => {
  const property = (arbitrary: fc.Arbitrary<unknown>, read: Read) =>
    fc.assert(
      fc.property(arbitrary, (payload) => {
        keepsTheLaw(read, payload)
        fitsTheStore(read(payload))
      }),
      { numRuns: RUNS },
    )
  it.each(readers)('%s: loses nothing, never throws', (_name, read, payload) => {
    expect(read(payload).rows.length).toBeGreaterThan(0)
    property(anything, read)
    property(mutated(payload), read)
    property(
      mutated(payload).map((one) => JSON.stringify(one)),
      read,
    )
    property(mangled(JSON.stringify(payload).slice(0, 4_000)), read)
  })
  it('a CSV and a page', () => {
    const csv = recorded('austin-traffic-cameras-2020-05.csv').slice(0, 4_000)
    const page = `<script>var x = [{"a":1}]; var cctv = ${JSON.stringify(cities.semarang_inline_html)};</script>`
    property(mangled(csv), list('austin'))
    property(mangled(page), list('semarang'))
  })
})
