import { expect, it } from 'vitest'
import type { CameraRow } from '#contract/camera-list.ts'
import type { Camera, CameraStatus } from '#contract/camera.ts'
import { choices, failing, lastLatency, ordered, placed, readWanted, toggled, withRange } from './table.ts'

const camera = (id: number, more: Partial<Camera> = {}, status: Partial<CameraStatus> = {}) =>
  ({
    id,
    name: `Kamera ${id}`,
    streamId: `stream-${id}`,
    address: null,
    district: '357301',
    group: null,
    owner: null,
    ...more,
    status: { id, state: 'up', since: null, flapping: false, layer: null, fault: null, ...status },
  }) as Camera
const row = (id: number, latencies: (number | null)[], availability24h: number | null = null) =>
  ({ id, latencies, availability24h, availability30d: null }) as CameraRow
const wanted = (query: string) => readWanted(new URLSearchParams(query))
const ids = (cameras: readonly Camera[]) => cameras.map(({ id }) => id)

it('reads what the address asks for and passes over what it does not know', () => {
  expect(wanted('state=flapping,down,gone&layer=stream&sort=-since&q=ijen&group=A')).toEqual({
    states: ['down', 'flapping'],
    layer: 'stream',
    district: '',
    group: 'A',
    owner: '',
    text: 'ijen',
    sort: 'since',
    descending: true,
  })
  expect(wanted('layer=cable&sort=colour')).toMatchObject({ layer: '', sort: 'state', descending: false })
})

it.each([
  ['', [1, 2, 3]],
  ['district=outside', [2]],
  ['group=Pasar', [3]],
  ['group=-', [1, 2]],
  ['owner=Dishub&q=IJEN', [3]],
  ['q=stream-2', [2]],
])('%j leaves %j', (query, left) => {
  const cameras = [
    camera(1),
    camera(2, { district: null }),
    camera(3, { group: 'Pasar', owner: 'Dishub', address: 'Jalan Ijen 1' }),
  ]
  expect(ids(placed(cameras, wanted(query)))).toEqual(left)
})

it('filters by shown state and by the layer that failed', () => {
  const cameras = [
    camera(1, {}, { state: 'down', layer: 'network' }),
    camera(2, {}, { state: 'down', layer: 'stream', flapping: true }),
    camera(3),
  ]
  expect(ids(failing(cameras, wanted('state=flapping')))).toEqual([2])
  expect(ids(failing(cameras, wanted('layer=network')))).toEqual([1])
  expect(ids(failing(cameras, wanted('')))).toEqual([1, 2, 3])
})

it('sorts by any column in both directions, those without a value last', () => {
  const cameras = [
    camera(1, { name: 'Kamera 10', group: 'b' }, { since: '2026-11-24T02:00:00Z' }),
    camera(2, { name: 'kamera 2' }, { state: 'down', layer: 'stream', fault: 'stuck' }),
    camera(3, { name: 'Kamera 1', group: 'A', district: '357302' }, { since: '2026-11-24T01:00:00Z' }),
  ]
  const facts = {
    rows: new Map([
      [1, row(1, [10, null], 0.5)],
      [3, row(3, [9], 0.25)],
    ]),
    districts: new Map([
      ['357301', 'Blimbing'],
      ['357302', 'Klojen'],
    ]),
  }
  const by = (sort: string) => ids(ordered(cameras, facts, wanted(`sort=${sort}`)))
  expect(by('name')).toEqual([3, 2, 1])
  expect(by('-name')).toEqual([1, 2, 3])
  expect(by('group')).toEqual([3, 1, 2])
  expect(by('-group')).toEqual([1, 3, 2])
  expect(by('since')).toEqual([3, 1, 2])
  expect(by('-since')).toEqual([1, 3, 2])
  expect(by('latency')).toEqual([3, 1, 2])
  expect(by('-day')).toEqual([1, 3, 2])
  expect(by('fault')).toEqual([2, 1, 3])
  expect(by('-district')).toEqual([3, 1, 2])
  expect(by('state')[0]).toBe(2)
})

it('knows the last latency that was measured', () => {
  expect(lastLatency(row(1, [5, 7, null]))).toBe(7)
  expect(lastLatency(row(1, [null]))).toBeNull()
  expect(lastLatency(undefined)).toBeNull()
})

it('offers the values that there are', () => {
  expect(choices(['b', null, 'A', 'b'])).toEqual({ values: ['A', 'b'], none: true })
  expect(choices([])).toEqual({ values: [], none: false })
})

it('selects one, and all between two rows', () => {
  expect([...toggled(new Set([1, 2]), 1)]).toEqual([2])
  expect([...toggled(new Set([1]), 3)]).toEqual([1, 3])
  const listed = [camera(7), camera(3), camera(5), camera(9)]
  expect([...withRange(new Set([1]), listed, 2, 1)]).toEqual([1, 3, 5])
})
