import { expect, test } from 'vitest'
import type { Camera, CameraState } from '#contract/camera.ts'
import { calloutsOf, following } from './callouts.ts'

const camera = (
  id: number,
  state: CameraState,
  over: Partial<Camera> = {},
  since = '2026-11-24T03:00:00.000Z',
): Camera => ({
  id,
  streamId: `s${id}`,
  name: `Kamera ${id}`,
  address: null,
  latitude: -7.9 - id / 1000,
  longitude: 112.6,
  site: null,
  district: 'klojen',
  subdistrict: null,
  publishedDistrict: null,
  districtDisagrees: false,
  owner: null,
  vendor: null,
  group: null,
  parentId: null,
  enabled: true,
  judged: false,
  status: {
    id,
    state,
    since,
    at: since,
    reason: null,
    feed: 'f',
    demo: false,
    flapping: false,
    layer: null,
    fault: null,
  },
  ...over,
})

test('working and maintained cameras are not called out', () => {
  expect(calloutsOf([camera(1, 'up'), camera(2, 'maintenance')])).toEqual([])
})

test('down comes before degraded before unknown, the newest first', () => {
  const order = calloutsOf([
    camera(1, 'unknown'),
    camera(2, 'down', {}, '2026-11-24T01:00:00.000Z'),
    camera(3, 'degraded'),
    camera(4, 'down', {}, '2026-11-24T02:00:00.000Z'),
  ])
  expect(order.map(({ cameras }) => cameras[0]?.id)).toEqual([4, 2, 3, 1])
})

test('cameras of a pole are one callout, at its middle, since the first failed', () => {
  const [pole, ...others] = calloutsOf([
    camera(1, 'down', { site: 'a', latitude: -8, longitude: 112 }, '2026-11-24T02:00:00.000Z'),
    camera(2, 'down', { site: 'a', latitude: -7, longitude: 113 }, '2026-11-24T01:00:00.000Z'),
    camera(3, 'up', { site: 'a' }),
  ])
  expect(others).toEqual([])
  expect(pole).toMatchObject({
    kind: 'site',
    since: '2026-11-24T01:00:00.000Z',
    position: { latitude: -7.5, longitude: 112.5 },
  })
  expect(pole?.cameras).toHaveLength(2)
})

test('many places of a district that fail together are one callout; one that failed long before is not among them', () => {
  const callouts = calloutsOf([
    ...[1, 2, 3, 4, 5, 6].map((id) => camera(id, 'unknown', {}, `2026-11-24T03:0${id}:00.000Z`)),
    camera(7, 'unknown', {}, '2026-11-23T03:00:00.000Z'),
    camera(8, 'unknown', { district: 'sukun' }),
  ])
  expect(callouts.map(({ kind, cameras }) => [kind, cameras.length])).toEqual([
    ['district', 6],
    ['camera', 1],
    ['camera', 1],
  ])
})

test('a camera without a position is still called out', () => {
  expect(calloutsOf([camera(1, 'down', { latitude: null, longitude: null })])[0]?.position).toBeNull()
})

test('the turn goes on after the last shown, round to the first, and to the first where that one is gone', () => {
  const callouts = calloutsOf([camera(1, 'down'), camera(2, 'down'), camera(3, 'down')])
  const keys = callouts.map(({ key }) => key)
  expect(following(callouts, null)?.key).toBe(keys[0])
  expect(following(callouts, keys[0] ?? null)?.key).toBe(keys[1])
  expect(following(callouts, keys[2] ?? null)?.key).toBe(keys[0])
  expect(following(callouts, 'gone')?.key).toBe(keys[0])
  expect(following([], 'gone')).toBeUndefined()
})
