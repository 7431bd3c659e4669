import type { DemoCamera } from './outages.ts'

/** Cameras behind one switch of a district's network. */
const SWITCH_SIZE = 10

/** One switch of the demo's network, with the cameras behind it. */
export interface DemoSwitch {
  /** from 1, through all districts */
  number: number
  district: string
  /** from 1, within its district */
  place: number
  /** stream ids */
  members: string[]
}

/** The cameras of each district, ten behind a switch: a pure function of the cameras. */
export function demoSwitches(cameras: readonly DemoCamera[]): DemoSwitch[] {
  const districts = [...new Set(cameras.map(({ district }) => district))].sort()
  return districts
    .flatMap((district) => {
      // sorted by site: what hangs on one switch stands close together
      const own = cameras.filter((camera) => camera.district === district).sort(bySite)
      return Array.from({ length: Math.ceil(own.length / SWITCH_SIZE) }, (_, index) => ({
        district,
        place: index + 1,
        members: own.slice(index * SWITCH_SIZE, (index + 1) * SWITCH_SIZE).map(({ streamId }) => streamId),
      }))
    })
    .map((one, index) => ({ number: index + 1, ...one }))
}

const bySite = (a: DemoCamera, b: DemoCamera) =>
  a.site === b.site ? (a.streamId < b.streamId ? -1 : 1) : a.site < b.site ? -1 : 1
