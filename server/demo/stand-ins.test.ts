import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '#contract/probing.ts'
import { allowedNetworks } from '../cameras/probe/allowed.ts'
import { check } from '../cameras/probe/check.ts'
import type { StreamMemory } from '../cameras/probe/types.ts'
import { loadPack, siteOf } from '../cities/index.ts'
import { conductsAt, type Behaviour } from './conduct.ts'
import { cameraTargets, DEMO_NETWORK, demoNetwork, nodeTargets, type DemoNetwork } from './network.ts'
import { failedSwitchesAt } from './outages.ts'
import { portalCameras, type PortalCamera } from './portal-cameras.ts'
import { startStandIns, type StandIns } from './stand-ins.ts'

const SEED = 1
const MINUTE = 60_000
const start = Date.parse('2026-11-24T00:00:00Z')
let cameras: PortalCamera[]
let network: DemoNetwork
let now: number
let faults: unknown[]
let standIns: StandIns
const clock = () => new Date(now)
const options = () => ({
  network,
  cameras,
  seed: SEED,
  clock,
  onFault: (error: unknown) => void faults.push(error),
})

beforeAll(async () => {
  const pack = await loadPack('malang')
  cameras = portalCameras(pack, siteOf(pack.cameras))
  network = demoNetwork(SEED, cameras)
})
beforeEach(async () => {
  now = start
  faults = []
  standIns = await startStandIns(options())
})
afterEach(async () => {
  await standIns.close()
  expect(faults).toEqual([])
})

/** What the prober finds at an address now: `layer fault`, or null. */
async function found(targets: object, memory: StreamMemory = {}) {
  const probed = { targets, settings: { ...DEFAULT_SETTINGS, timeoutMs: 1_000 }, credentials: null }
  const ending = new AbortController()
  const checked = await check(probed, memory, {
    allowed: allowedNetworks([DEMO_NETWORK]),
    signal: ending.signal,
    now: () => now,
  })
  const { failed } = checked.result
  return { what: failed === null ? null : `${failed.layer} ${failed.fault}`, memory: checked.memory }
}
/** The first moment from now on at which a probed camera behaves like that. */
function nextOf(behaviour: Behaviour): { at: number; address: string; streamId: string } {
  const probed = new Map(network.cameras.map(({ streamId, address }) => [streamId, address]))
  for (let at = start; ; at += MINUTE)
    for (const [streamId, conduct] of conductsAt(SEED, cameras, new Date(at))) {
      const address = probed.get(streamId) ?? null
      if (conduct.behaviour === behaviour && address !== null) return { at, address, streamId }
    }
}
const follow = async (at: number) => {
  now = at
  await standIns.follow()
}

describe('the stand-in cameras', () => {
  it.each<[Behaviour, string | null]>([
    ['working', null],
    ['refusing', 'network refused'],
    ['silent', 'protocol silent'],
    ['forbidding', 'protocol status'],
    ['overloaded', 'protocol status'],
    ['black', null],
    ['frozen', null],
  ])('one that is %s: the prober finds %s', async (behaviour, expected) => {
    const { at, address } = nextOf(behaviour)
    await follow(at)
    expect((await found(cameraTargets(address, standIns.port))).what).toBe(expected)
  })
  it('one that is stuck: seen when it is looked at again', async () => {
    const { at, address } = nextOf('stuck')
    await follow(at)
    const first = await found(cameraTargets(address, standIns.port))
    expect(first.what).toBe(null)
    now += 30_000
    expect((await found(cameraTargets(address, standIns.port), first.memory)).what).toBe('stream stuck')
  })
  it('a switch fails with all that is behind it, and all come back', async () => {
    const onRecord = (at: number) =>
      failedSwitchesAt(SEED, cameras, new Date(at)).find(({ number }) =>
        network.nodes.some((node) => node.number === number),
      )
    let at = start
    while (onRecord(at) === undefined) at += 30_000
    const failure = onRecord(at)
    const address = network.nodes.find(({ number }) => number === failure?.number)?.address ?? ''
    const behind = network.cameras.filter(
      (one) => one.address !== null && failure?.members.includes(one.streamId),
    )
    expect(behind.length).toBeGreaterThan(0)
    const all = () =>
      Promise.all([
        found(nodeTargets(address, standIns.port)),
        ...behind.map((one) => found(cameraTargets(one.address ?? '', standIns.port))),
      ])
    await follow(at)
    expect(new Set((await all()).map(({ what }) => what))).toEqual(new Set(['network refused']))
    await follow((failure?.to ?? 0) + 1)
    const back = await all()
    expect(back[0]?.what).toBe(null)
    expect(back.filter(({ what }) => what === null).length).toBeGreaterThan(behind.length / 2)
  })
  it('give a picture that changes, a frozen one that does not, and segments', async () => {
    const pictureOf = async (address: string) => {
      const answer = await fetch(cameraTargets(address, standIns.port).snapshot ?? '')
      expect(answer.headers.get('content-type')).toBe('image/jpeg')
      return Buffer.from(await answer.arrayBuffer())
    }
    const frozen = nextOf('frozen')
    await follow(frozen.at)
    const working = network.cameras.find(
      ({ streamId, address }) =>
        address !== null && conductsAt(SEED, cameras, clock()).get(streamId)?.behaviour === 'working',
    )
    const before = [await pictureOf(working?.address ?? ''), await pictureOf(frozen.address)]
    expect(before[0]?.subarray(0, 3).toString('hex')).toBe('ffd8ff')
    now += 2_000
    const after = [await pictureOf(working?.address ?? ''), await pictureOf(frozen.address)]
    expect(before[0]?.equals(after[0] ?? Buffer.of())).toBe(false)
    expect(before[1]?.equals(after[1] ?? Buffer.of())).toBe(true)
    const playlist = cameraTargets(working?.address ?? '', standIns.port).hls ?? ''
    const segment = (await (await fetch(playlist)).text()).trim().split('\n').at(-1) ?? ''
    const bytes = Buffer.from(await (await fetch(new URL(segment, playlist))).arrayBuffer())
    // MPEG-TS: packets of 188 bytes, each of which begins with 0x47.
    expect([bytes.length % 188, bytes[0], bytes[188]]).toEqual([0, 0x47, 0x47])
    expect((await fetch(new URL('/elsewhere', playlist))).status).toBe(404)
  })
  it('answer at the gateway as long as they run, keep their port, and take another one where it is taken', async () => {
    expect((await fetch(`http://${standIns.canary}/`)).status).toBe(200)
    const other = await startStandIns({ ...options(), port: standIns.port })
    expect(other.port).not.toBe(standIns.port)
    const { port } = other
    await other.close()
    const again = await startStandIns({ ...options(), port })
    expect(again.port).toBe(port)
    await again.close()
  })
})
