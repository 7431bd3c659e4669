import { beforeAll, describe, expect, it } from 'vitest'
import { loadPack, siteOf } from '../cities/index.ts'
import { cameraChanges, portalStatusAt, type DemoCamera, type PortalStatus } from './outages.ts'
import { portalCameras } from './portal-cameras.ts'

const MINUTE = 60_000
const start = Date.parse('2026-11-24T00:00:00Z')
let cameras: DemoCamera[]
const at = (ms: number, seed = 1) => portalStatusAt(seed, cameras, new Date(ms))
const count = (statuses: Map<string, PortalStatus>, wanted: PortalStatus) =>
  [...statuses.values()].filter((status) => status === wanted).length

beforeAll(async () => {
  const pack = await loadPack('malang')
  cameras = portalCameras(pack, siteOf(pack.cameras))
})

describe('camera outages', () => {
  it('repeat: a function of seed and time, whatever was asked before', () => {
    const first = at(start)
    at(start + MINUTE)
    expect(at(start)).toEqual(first)
    expect(at(start, 2)).not.toEqual(first)
  })
  it('leave most cameras up all day long, and never all', () => {
    const shares: number[] = []
    for (let minute = 0; minute < 24 * 60; minute += 3)
      shares.push(count(at(start + minute * MINUTE), '1') / cameras.length)
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
    expect(mean).toBeGreaterThan(0.92)
    expect(mean).toBeLessThan(0.97)
    expect(Math.min(...shares)).toBeGreaterThan(0.87)
    expect(Math.max(...shares)).toBeLessThan(1)
  })
  it('change somewhere every few seconds', () => {
    let changes = 0
    let before = at(start + 20 * MINUTE)
    for (let second = 5; second <= 600; second += 5) {
      const after = at(start + 20 * MINUTE + second * 1000)
      for (const [id, status] of after) if (before.get(id) !== status) changes += 1
      before = after
    }
    expect(changes).toBeGreaterThan(600 / 6)
    expect(changes).toBeLessThan(600)
  })
  it('take a switch of one district in the first ten minutes of every hour', () => {
    for (let hour = 0; hour < 24; hour += 1) {
      const most = Array.from({ length: 40 }, (_, quarter) => {
        const statuses = at(start + hour * 60 * MINUTE + quarter * 15_000)
        const down = new Map<string, number>()
        for (const { streamId, district } of cameras)
          if (statuses.get(streamId) === '0') down.set(district, (down.get(district) ?? 0) + 1)
        return Math.max(...down.values())
      })
      expect(Math.max(...most)).toBeGreaterThanOrEqual(5)
    }
  })
  it('take whole poles, let cameras leave the list, and keep some down for hours', () => {
    const bySite = new Map<string, DemoCamera[]>()
    for (const camera of cameras) bySite.set(camera.site, [...(bySite.get(camera.site) ?? []), camera])
    const poles = [...bySite.values()].filter((own) => own.length >= 3)
    let poleFailures = 0
    let absent = 0
    const always = new Map(cameras.map(({ streamId }) => [streamId, true]))
    for (let minute = 0; minute < 360; minute += 2) {
      const statuses = at(start + minute * MINUTE)
      absent += count(statuses, 'absent')
      if (poles.some((own) => own.every(({ streamId }) => statuses.get(streamId) === '0'))) poleFailures += 1
      for (const [id, status] of statuses) if (status === '1') always.set(id, false)
    }
    expect(poleFailures).toBeGreaterThan(0)
    expect(absent).toBeGreaterThan(0)
    const dead = [...always.values()].filter(Boolean).length
    expect(dead).toBeGreaterThan(0)
    expect(dead).toBeLessThan(10)
  })
  it('tell of a past day what a reading at each of its minutes would have told, but for flickers', () => {
    const changes = cameraChanges(1, cameras, start, start + 6 * 60 * MINUTE)
    const states = new Map<string, PortalStatus>()
    let next = 0
    let differing = 0
    const ordered = [...changes].sort((a, b) => a.at - b.at)
    for (let minute = 0; minute < 6 * 60; minute += 1) {
      for (; (ordered[next]?.at ?? Infinity) <= start + minute * MINUTE; next += 1)
        states.set(ordered[next]?.streamId ?? '', ordered[next]?.status ?? '1')
      // A flicker shows as down in the reading and as up in the history; nothing else may differ.
      for (const [id, status] of at(start + minute * MINUTE))
        if (states.get(id) !== status) {
          expect([status, states.get(id)]).toEqual(['0', '1'])
          differing += 1
        }
    }
    expect(differing / (6 * 60 * cameras.length)).toBeLessThan(0.02)
  })
})
