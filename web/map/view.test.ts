import { expect, it } from 'vitest'
import type { Camera, CameraState } from '#contract/camera.ts'
import { byUrgency } from '../cameras/urgency.ts'
import { countStates, kept, placed } from './view.ts'

const camera = (id: number, state: CameraState, since: string | null, more: Partial<Camera> = {}) =>
  ({
    id,
    name: `Kamera ${id}`,
    address: null,
    district: '357301',
    status: { id, state, since },
    ...more,
  }) as Camera

it('orders the worst first, then what changed last, then by number', () => {
  const ordered = [
    camera(1, 'up', '2026-11-24T03:00:00.000Z'),
    camera(2, 'down', '2026-11-24T01:00:00.000Z'),
    camera(3, 'unknown', null),
    camera(4, 'down', '2026-11-24T02:00:00.000Z'),
    camera(6, 'degraded', '2026-11-24T02:00:00.000Z'),
    camera(5, 'degraded', '2026-11-24T02:00:00.000Z'),
    camera(7, 'maintenance', null),
  ].sort(byUrgency)
  expect(ordered.map(({ id }) => id)).toEqual([4, 2, 5, 6, 3, 7, 1])
})

it.each([
  ['', '', [1, 2, 3]],
  ['357301', '', [1, 3]],
  ['outside', '', [2]],
  ['', ' JALAN ijen ', [3]],
  ['', 'kamera 2', [2]],
  ['357301', 'kamera 2', []],
])('district %j and text %j leave %j', (district, text, left) => {
  const cameras = [
    camera(1, 'up', null),
    camera(2, 'up', null, { district: null }),
    camera(3, 'up', null, { address: 'Jalan Ijen 1' }),
  ]
  expect(placed(cameras, district, text).map(({ id }) => id)).toEqual(left)
})

it('counts each state', () => {
  expect(countStates([camera(1, 'up', null), camera(2, 'down', null), camera(3, 'down', null)])).toEqual({
    down: 2,
    flapping: 0,
    degraded: 0,
    unreachable: 0,
    unknown: 0,
    maintenance: 0,
    up: 1,
  })
})

it('keeps a list while its members are the same ones in the same order', () => {
  const [a, b] = [{}, {}]
  const list = [a, b]
  expect(kept(list, [a, b])).toBe(list)
  for (const other of [[b, a], [a], [a, {}]]) expect(kept(list, other)).toBe(other)
})
