import { chance } from './chance.ts'

/** What the stand-in portal says of a camera; a camera that left the list for a while is absent. */
export type PortalStatus = '1' | '0' | 'absent'
export interface DemoCamera {
  streamId: string
  /** cameras of one pole share it */
  site: string
  district: string
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** A kind of fault: in each window of its subject's time it happens at most once, wholly inside the window. */
interface Fault {
  name: string
  windowMs: number
  /** that it happens in a window */
  probability: number
  shortestMs: number
  longestMs: number
}
const FAULTS = {
  flicker: {
    name: 'flicker',
    windowMs: 3 * MINUTE,
    probability: 0.08,
    shortestMs: 10 * SECOND,
    longestMs: 40 * SECOND,
  },
  single: {
    name: 'single',
    windowMs: 15 * MINUTE,
    probability: 0.04,
    shortestMs: MINUTE,
    longestMs: 6 * MINUTE,
  },
  dead: {
    name: 'dead',
    windowMs: 120 * HOUR,
    probability: 0.025,
    shortestMs: 8 * HOUR,
    longestMs: 72 * HOUR,
  },
  pole: {
    name: 'pole',
    windowMs: 40 * MINUTE,
    probability: 0.04,
    shortestMs: 3 * MINUTE,
    longestMs: 8 * MINUTE,
  },
  gone: {
    name: 'gone',
    windowMs: 60 * MINUTE,
    probability: 0.03,
    shortestMs: 3 * MINUTE,
    longestMs: 9 * MINUTE,
  },
} as const satisfies Record<string, Fault>

/** Cameras behind one switch of a district's network. */
const SWITCH_SIZE = 10

/** State of every camera at a moment, by stream id: a pure function of seed, cameras and time. */
export function cameraStatusAt(
  seed: number,
  cameras: readonly DemoCamera[],
  at: Date,
): Map<string, PortalStatus> {
  const ms = at.getTime()
  const behindFailedSwitch = new Set(failedSwitch(seed, cameras, ms))
  return new Map(cameras.map((camera) => [camera.streamId, statusOf(seed, camera, ms, behindFailedSwitch)]))
}

function statusOf(
  seed: number,
  { streamId, site }: DemoCamera,
  ms: number,
  behindFailedSwitch: ReadonlySet<string>,
): PortalStatus {
  if (happens(seed, FAULTS.gone, streamId, ms)) return 'absent'
  const down =
    behindFailedSwitch.has(streamId) ||
    happens(seed, FAULTS.pole, site, ms) ||
    happens(seed, FAULTS.dead, streamId, ms) ||
    happens(seed, FAULTS.single, streamId, ms) ||
    happens(seed, FAULTS.flicker, streamId, ms)
  return down ? '0' : '1'
}

function happens(seed: number, fault: Fault, subject: string, ms: number): boolean {
  const { name, windowMs, probability, shortestMs, longestMs } = fault
  const shifted = ms + chance(seed, name, subject, 'phase') * windowMs
  const window = Math.floor(shifted / windowMs)
  if (chance(seed, name, subject, window) >= probability) return false
  const length = shortestMs + chance(seed, name, subject, window, 'length') * (longestMs - shortestMs)
  const from = chance(seed, name, subject, window, 'from') * (windowMs - length)
  const within = shifted - window * windowMs
  return within >= from && within < from + length
}

/** In the first ten minutes of each hour one switch fails for two to five minutes; in some hours another one later. */
function failedSwitch(seed: number, cameras: readonly DemoCamera[], ms: number): string[] {
  const hour = Math.floor(ms / HOUR)
  const within = ms - hour * HOUR
  const failing = (turn: number, earliest: number, latest: number) => {
    const from = earliest + chance(seed, 'switch', hour, turn, 'from') * (latest - earliest)
    const length = 2 * MINUTE + chance(seed, 'switch', hour, turn, 'length') * 3 * MINUTE
    return within >= from && within < from + length ? membersOf(seed, cameras, hour, turn) : []
  }
  const later = chance(seed, 'switch', hour, 'twice') < 0.3 ? failing(1, 25 * MINUTE, 50 * MINUTE) : []
  return [...failing(0, MINUTE, 5 * MINUTE), ...later]
}

function membersOf(seed: number, cameras: readonly DemoCamera[], hour: number, turn: number): string[] {
  const districts = [...new Set(cameras.map(({ district }) => district))].sort()
  const district = districts[Math.floor(chance(seed, 'switch', hour, turn, 'district') * districts.length)]
  // sorted by site: what hangs on one switch stands close together
  const own = cameras
    .filter((camera) => camera.district === district)
    .sort((a, b) => (a.site === b.site ? (a.streamId < b.streamId ? -1 : 1) : a.site < b.site ? -1 : 1))
  const switches = Math.max(1, Math.ceil(own.length / SWITCH_SIZE))
  const which = Math.floor(chance(seed, 'switch', hour, turn, 'which') * switches)
  return own.slice(which * SWITCH_SIZE, (which + 1) * SWITCH_SIZE).map(({ streamId }) => streamId)
}
