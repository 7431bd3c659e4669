import { beforeAll, describe, expect, it } from 'vitest'
import { loadPack, siteOf } from '../cities/index.ts'
import { conductOf, conductsAt, type Behaviour } from './conduct.ts'
import { failedSwitchesAt, failuresAt, portalStatusAt, type Affliction } from './outages.ts'
import { portalCameras, type PortalCamera } from './portal-cameras.ts'
import { demoSwitches } from './switches.ts'

const MINUTE = 60_000
const start = Date.parse('2026-11-24T00:00:00Z')
let cameras: PortalCamera[]

beforeAll(async () => {
  const pack = await loadPack('malang')
  cameras = portalCameras(pack, siteOf(pack.cameras))
})

const FACES: Behaviour[] = ['refusing', 'silent', 'forbidding', 'overloaded', 'stuck']

describe('how a fault looks from outside', () => {
  it.each<[Affliction['fault'], Behaviour[]]>([
    ['switch', ['refusing']],
    ['pole', ['refusing']],
    ['flicker', ['refusing']],
    ['single', FACES],
    ['dead', FACES],
    ['blind', ['black', 'frozen']],
  ])('%s: %j, each of them somewhere, and the same one as long as it lasts', (fault, looks) => {
    const seen = new Set<Behaviour>()
    for (let index = 0; index < 200; index += 1) {
      const conduct = conductOf(1, `camera-${index}`, { fault, since: start })
      expect(conduct).toEqual(conductOf(1, `camera-${index}`, { fault, since: start }))
      expect(conduct.since).toBe(start)
      seen.add(conduct.behaviour)
    }
    expect([...seen].sort()).toEqual([...looks].sort())
  })
  it('every camera that has failed behaves like it, and only few of the others show nothing', () => {
    const looks = new Map<Behaviour, number>()
    for (let minute = 0; minute < 24 * 60; minute += 10) {
      const at = new Date(start + minute * MINUTE)
      const failed = failuresAt(1, cameras, at)
      for (const [id, { behaviour }] of conductsAt(1, cameras, at)) {
        looks.set(behaviour, (looks.get(behaviour) ?? 0) + 1)
        if (failed.has(id)) expect(behaviour).not.toMatch(/working|black|frozen/)
        else expect(behaviour).toMatch(/working|black|frozen/)
      }
    }
    const total = [...looks.values()].reduce((sum, count) => sum + count, 0)
    expect([...looks.keys()].sort()).toEqual([...FACES, 'black', 'frozen', 'working'].sort())
    const blind = (looks.get('black') ?? 0) + (looks.get('frozen') ?? 0)
    expect(blind / total).toBeGreaterThan(0.005)
    expect(blind / total).toBeLessThan(0.04)
    expect((looks.get('working') ?? 0) / total).toBeGreaterThan(0.9)
  })
  it('a switch takes all that is behind it, as long as it is away', () => {
    const switches = demoSwitches(cameras)
    expect(switches.flatMap(({ members }) => members).sort()).toEqual(
      cameras.map(({ streamId }) => streamId).sort(),
    )
    let failures = 0
    for (let second = 0; second < 3 * 3600; second += 20) {
      const at = new Date(start + second * 1_000)
      const conducts = conductsAt(1, cameras, at)
      for (const { members, from } of failedSwitchesAt(1, cameras, at)) {
        failures += 1
        for (const member of members)
          expect(conducts.get(member)).toEqual({ behaviour: 'refusing', since: from })
      }
    }
    expect(failures).toBeGreaterThan(0)
  })
})

it('a trusting portal says that all work that it lists, and lists what it would else', () => {
  const at = new Date(start + 5 * MINUTE)
  const all = new Set(cameras.map(({ streamId }) => streamId))
  const honest = portalStatusAt(1, cameras, at)
  const trusting = portalStatusAt(1, cameras, at, all)
  expect([...honest.values()]).toContain('0')
  expect(new Set(trusting.values())).toEqual(new Set(['1', 'absent']))
  for (const [id, status] of honest) expect(trusting.get(id) === 'absent').toBe(status === 'absent')
})
