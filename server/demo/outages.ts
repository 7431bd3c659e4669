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

/** A stretch of time [from, to), ms since 1970. */
interface Stretch {
  from: number
  to: number
}

/** State of every camera at a moment, by stream id: a pure function of seed, cameras and time. */
export function cameraStatusAt(
  seed: number,
  cameras: readonly DemoCamera[],
  at: Date,
): Map<string, PortalStatus> {
  const ms = at.getTime()
  const behindFailedSwitch = new Set(
    switchFailures(seed, cameras, Math.floor(ms / HOUR))
      .filter((failure) => covers(failure, ms))
      .flatMap(({ members }) => members),
  )
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

/** A change of what the portal says of a camera. */
export interface StatusChange {
  streamId: string
  at: number
  status: PortalStatus
}

/**
 * Every camera's state at `from` and its changes until `to` (ms), in order of time for each camera: the same faults as
 * `cameraStatusAt`, but for the flickers, which a portal that is read every few minutes would not show.
 */
export function cameraChanges(
  seed: number,
  cameras: readonly DemoCamera[],
  from: number,
  to: number,
): StatusChange[] {
  const behind = new Map<string, Stretch[]>()
  for (let hour = Math.floor(from / HOUR); hour * HOUR < to; hour += 1)
    for (const failure of switchFailures(seed, cameras, hour))
      for (const member of failure.members) behind.set(member, [...(behind.get(member) ?? []), failure])
  return cameras.flatMap(({ streamId, site }) => {
    const gone = stretchesOf(seed, FAULTS.gone, streamId, from, to)
    const down = [
      ...(behind.get(streamId) ?? []),
      ...stretchesOf(seed, FAULTS.pole, site, from, to),
      ...stretchesOf(seed, FAULTS.dead, streamId, from, to),
      ...stretchesOf(seed, FAULTS.single, streamId, from, to),
    ]
    return changesOf(gone, down, from, to).map((change) => ({ streamId, ...change }))
  })
}

/** Lays stretches of absence and of failure over each other; absence hides a failure. */
function changesOf(
  gone: readonly Stretch[],
  down: readonly Stretch[],
  from: number,
  to: number,
): { at: number; status: PortalStatus }[] {
  const edges = [
    ...gone.flatMap((one) => [
      { at: one.from, gone: 1, down: 0 },
      { at: one.to, gone: -1, down: 0 },
    ]),
    ...down.flatMap((one) => [
      { at: one.from, gone: 0, down: 1 },
      { at: one.to, gone: 0, down: -1 },
    ]),
    { at: from, gone: 0, down: 0 },
  ].sort((a, b) => a.at - b.at)
  const changes: { at: number; status: PortalStatus }[] = []
  const held = { gone: 0, down: 0 }
  edges.forEach((edge, index) => {
    held.gone += edge.gone
    held.down += edge.down
    // What begins and ends at one moment is one change.
    if (edge.at < from || edge.at >= to || edges[index + 1]?.at === edge.at) return
    const status = held.gone > 0 ? 'absent' : held.down > 0 ? '0' : '1'
    if (changes.at(-1)?.status !== status) changes.push({ at: Math.round(edge.at), status })
  })
  return changes
}

const covers = ({ from, to }: Stretch, ms: number) => from <= ms && ms < to

/** When a fault strikes its subject in one of the subject's windows; undefined where it does not. */
function stretchIn(seed: number, fault: Fault, subject: string, window: number): Stretch | undefined {
  const { name, windowMs, probability, shortestMs, longestMs } = fault
  if (chance(seed, name, subject, window) >= probability) return undefined
  const length = shortestMs + chance(seed, name, subject, window, 'length') * (longestMs - shortestMs)
  const begins = chance(seed, name, subject, window, 'from') * (windowMs - length)
  const from = window * windowMs + begins - phaseOf(seed, fault, subject)
  return { from, to: from + length }
}

const phaseOf = (seed: number, { name, windowMs }: Fault, subject: string) =>
  chance(seed, name, subject, 'phase') * windowMs
const windowAt = (seed: number, fault: Fault, subject: string, ms: number) =>
  Math.floor((ms + phaseOf(seed, fault, subject)) / fault.windowMs)

function happens(seed: number, fault: Fault, subject: string, ms: number): boolean {
  const stretch = stretchIn(seed, fault, subject, windowAt(seed, fault, subject, ms))
  return stretch !== undefined && covers(stretch, ms)
}

function stretchesOf(seed: number, fault: Fault, subject: string, from: number, to: number): Stretch[] {
  const [first, last] = [windowAt(seed, fault, subject, from), windowAt(seed, fault, subject, to)]
  return Array.from({ length: last - first + 1 }, (_, index) =>
    stretchIn(seed, fault, subject, first + index),
  ).filter((stretch) => stretch !== undefined)
}

/** In the first ten minutes of each hour one switch fails for two to five minutes; in some hours another one later. */
function switchFailures(
  seed: number,
  cameras: readonly DemoCamera[],
  hour: number,
): (Stretch & { members: string[] })[] {
  const failing = (turn: number, earliest: number, latest: number) => {
    const from = hour * HOUR + earliest + chance(seed, 'switch', hour, turn, 'from') * (latest - earliest)
    const to = from + 2 * MINUTE + chance(seed, 'switch', hour, turn, 'length') * 3 * MINUTE
    return { from, to, members: membersOf(seed, cameras, hour, turn) }
  }
  const twice = chance(seed, 'switch', hour, 'twice') < 0.3
  return [failing(0, MINUTE, 5 * MINUTE), ...(twice ? [failing(1, 25 * MINUTE, 50 * MINUTE)] : [])]
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
