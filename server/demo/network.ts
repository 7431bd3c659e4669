import type { Targets } from '#contract/probing.ts'
import type { NodeEdit } from '#contract/topology.ts'
import { chance } from './chance.ts'
import type { PortalCamera } from './portal-cameras.ts'
import { demoSwitches, type DemoSwitch } from './switches.ts'

/** Share of the sites whose cameras are probed; of the others only the portal tells. */
const PROBED = 0.8
/** One switch of so many stands on nobody's record: what fails behind it is grouped by where and when it failed. */
const UNRECORDED = 4
/** Addresses are 127.30.SWITCH.CAMERA and 127.31.SWITCH.1. */
const MOST_SWITCHES = 255
/** Where the stand-ins themselves can be asked whether they run. */
export const GATEWAY = '127.30.0.1'
/** All their addresses, and nothing else of this machine. */
export const DEMO_NETWORK = '127.30.0.0/15'

export interface NetworkCamera {
  streamId: string
  /** code of the switch that it hangs on; null where that is on nobody's record */
  parent: string | null
  /** null: it is not probed */
  address: string | null
}
export interface NetworkNode extends Omit<NodeEdit, 'parentId' | 'targets'> {
  parent: string | null
  /** null: it cannot be probed */
  address: string | null
  /** the switch that it is */
  number: number | null
}
export interface DemoNetwork {
  /** parents first */
  nodes: NetworkNode[]
  cameras: NetworkCamera[]
}

/** The demo's network: every camera behind a switch, every switch on its district's line. A pure function. */
export function demoNetwork(seed: number, cameras: readonly PortalCamera[]): DemoNetwork {
  const byId = new Map(cameras.map((camera) => [camera.streamId, camera]))
  const switches = demoSwitches(cameras).slice(0, MOST_SWITCHES)
  const recorded = switches.filter(({ number }) => number % UNRECORDED !== 0)
  const districts = [...new Set(recorded.map(({ district }) => district))]
  return {
    nodes: [
      ...districts.map(lineOf),
      ...recorded.map((one) =>
        switchNode(
          one,
          one.members.flatMap((id) => byId.get(id) ?? []),
        ),
      ),
    ],
    cameras: switches.flatMap((one) =>
      one.members.map((streamId, index) => ({
        streamId,
        parent: recorded.includes(one) ? codeOf(one) : null,
        address: isProbed(seed, byId.get(streamId)?.site ?? streamId)
          ? `127.30.${one.number}.${index + 1}`
          : null,
      })),
    ),
  }
}

/** What is asked of a camera at its address. */
export const cameraTargets = (address: string, port: number): Targets => ({
  hls: `http://${address}:${port}/live/index.m3u8`,
  snapshot: `http://${address}:${port}/snapshot.jpg`,
})
export const nodeTargets = (address: string, port: number): Targets => ({ tcp: `${address}:${port}` })

const isProbed = (seed: number, site: string) => chance(seed, 'probed', site) < PROBED

const lineOf = (district: string): NetworkNode => ({
  code: lineCode(district),
  name: `Jalur ${district} (demo)`,
  kind: 'link',
  parent: null,
  latitude: null,
  longitude: null,
  address: null,
  number: null,
})

const switchNode = (one: DemoSwitch, members: readonly PortalCamera[]): NetworkNode => ({
  code: codeOf(one),
  name: `Switch ${one.district} ${one.place} (demo)`,
  kind: 'switch',
  parent: lineCode(one.district),
  latitude: mean(members.map(({ latitude }) => latitude)),
  longitude: mean(members.map(({ longitude }) => longitude)),
  address: `127.31.${one.number}.1`,
  number: one.number,
})

const slug = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
const lineCode = (district: string) => `demo-line-${slug(district)}`
const codeOf = ({ district, place }: DemoSwitch) => `demo-switch-${slug(district)}-${place}`
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
