import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Camera, CameraState } from '#contract/camera.ts'
import { Clusters, seen } from './clusters.ts'

const STATES: CameraState[] = ['up', 'maintenance', 'unknown', 'degraded', 'down']
const WORLD: [number, number, number, number] = [-180, -85, 180, 85]
const EVERY: ReadonlySet<CameraState> = new Set()

function camera(id: number, latitude: number, longitude: number, state: CameraState = 'up'): Camera {
  const status = {
    id,
    state,
    since: null,
    at: null,
    reason: null,
    feed: null,
    demo: false,
    flapping: false,
    layer: null,
    fault: null,
  }
  return {
    id,
    streamId: `c${id}`,
    name: `Kamera ${id}`,
    address: null,
    latitude,
    longitude,
    site: null,
    district: null,
    subdistrict: null,
    publishedDistrict: null,
    districtDisagrees: false,
    owner: null,
    vendor: null,
    group: null,
    parentId: null,
    enabled: true,
    judged: false,
    status,
  }
}
/** A few dozen cameras spread over a city. */
const city = fc
  .array(
    fc.record({
      latitude: fc.double({ min: -8.05, max: -7.91, noNaN: true }),
      longitude: fc.double({ min: 112.57, max: 112.69, noNaN: true }),
      state: fc.constantFrom(...STATES),
      next: fc.constantFrom(...STATES),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((places) =>
    places.map((place, id) => ({
      camera: camera(id, place.latitude, place.longitude, place.state),
      next: place.next,
    })),
  )

it('keeps every mark where it is, with as many cameras, whatever their states become', () => {
  fc.assert(
    fc.property(city, fc.integer({ min: 11, max: 18 }), (places, zoom) => {
      const clusters = new Clusters()
      clusters.load(places.map((place) => place.camera))
      const shown = () =>
        clusters.within(WORLD, zoom).map((mark) => {
          const { lat, lng, count } = seen(mark, EVERY) ?? { lat: 0, lng: 0, count: 0 }
          return { lat, lng, count }
        })
      const before = shown()
      for (const { camera, next } of places) camera.status = { ...camera.status, state: next }
      expect(shown()).toEqual(before)
      expect(before.reduce((sum, { count }) => sum + count, 0)).toBe(places.length)
    }),
  )
})

it('shows the worst state of all inside, and how many are in it', () => {
  fc.assert(
    fc.property(city, (places) => {
      const cameras = places.map((place) => place.camera)
      const told = seen({ lat: 0, lng: 0, cameras }, EVERY)
      const worst = [...STATES].reverse().find((state) => cameras.some((one) => one.status.state === state))
      expect(told?.worst).toBe(worst)
      expect(told?.inWorst).toBe(cameras.filter((one) => one.status.state === worst).length)
      expect(told?.camera.status.state).toBe(worst)
    }),
  )
})

it('shows only the states asked for, the last one left at its own place, and nothing where none is', () => {
  const mark = {
    lat: -8,
    lng: 112.6,
    cameras: [camera(1, -8.01, 112.61, 'down'), camera(2, -7.99, 112.59, 'up'), camera(3, -8, 112.6, 'up')],
  }
  expect(seen(mark, new Set(['up']))).toMatchObject({ lat: -8, lng: 112.6, count: 2, worst: 'up' })
  expect(seen(mark, new Set(['down']))).toMatchObject({ lat: -8.01, lng: 112.61, count: 1, worst: 'down' })
  expect(seen(mark, new Set(['maintenance']))).toBeNull()
})

it('leaves out what has no position, and answers before any camera is there', () => {
  const clusters = new Clusters()
  expect(clusters.within(WORLD, 12)).toEqual([])
  clusters.load([{ ...camera(1, 0, 0), latitude: null }, camera(2, -8, 112.6)])
  expect(clusters.within(WORLD, 12).flatMap(({ cameras }) => cameras.map(({ id }) => id))).toEqual([2])
})
