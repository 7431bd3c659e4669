import { chance } from './chance.ts'
import {
  covers,
  FAULTS,
  HOUR,
  MINUTE,
  strikeAt,
  stretchesOf,
  type FaultName,
  type Stretch,
} from './faults.ts'
import { demoSwitches, type DemoSwitch } from './switches.ts'

/** What the stand-in portal says of a camera; a camera that left the list for a while is absent. */
export type PortalStatus = '1' | '0' | 'absent'
export interface DemoCamera {
  streamId: string
  /** cameras of one pole share it */
  site: string
  district: string
}
/** What is wrong with a camera, and since when (ms since 1970). */
export interface Affliction {
  fault: 'switch' | Exclude<FaultName, 'gone'>
  since: number
}

/** What takes a camera down by itself, the widest first. */
const TAKING = [FAULTS.pole, FAULTS.dead, FAULTS.single, FAULTS.flicker] as const

/** The cameras that do not work at a moment, by stream id: a pure function of seed, cameras and time. */
export function failuresAt(seed: number, cameras: readonly DemoCamera[], at: Date): Map<string, Affliction> {
  const ms = at.getTime()
  const failed = new Map<string, Affliction>()
  for (const { members, from } of failedSwitchesAt(seed, cameras, at))
    for (const member of members) failed.set(member, { fault: 'switch', since: from })
  for (const { streamId, site } of cameras) {
    if (failed.has(streamId)) continue
    for (const fault of TAKING) {
      const stretch = strikeAt(seed, fault, fault.name === 'pole' ? site : streamId, ms)
      if (stretch === undefined) continue
      failed.set(streamId, { fault: fault.name, since: stretch.from })
      break
    }
  }
  return failed
}

/** The switches that do not work at a moment. */
export function failedSwitchesAt(seed: number, cameras: readonly DemoCamera[], at: Date): SwitchFailure[] {
  const ms = at.getTime()
  return switchFailures(seed, demoSwitches(cameras), Math.floor(ms / HOUR)).filter((one) => covers(one, ms))
}

/**
 * What the portal says of every camera at a moment, by stream id. Of those in `trusting` it says that they work as long
 * as it lists them, whatever is so: real portals do.
 */
export function portalStatusAt(
  seed: number,
  cameras: readonly DemoCamera[],
  at: Date,
  trusting: ReadonlySet<string> = new Set(),
): Map<string, PortalStatus> {
  const failed = failuresAt(seed, cameras, at)
  const statusOf = (streamId: string): PortalStatus => {
    if (strikeAt(seed, FAULTS.gone, streamId, at.getTime()) !== undefined) return 'absent'
    return failed.has(streamId) && !trusting.has(streamId) ? '0' : '1'
  }
  return new Map(cameras.map(({ streamId }) => [streamId, statusOf(streamId)]))
}

/** A change of what the portal says of a camera. */
export interface StatusChange {
  streamId: string
  at: number
  status: PortalStatus
}

/**
 * Every camera's state at `from` and its changes until `to` (ms), in order of time for each camera: the same faults as
 * `failuresAt`, but for the flickers, which a portal that is read every few minutes would not show.
 */
export function cameraChanges(
  seed: number,
  cameras: readonly DemoCamera[],
  from: number,
  to: number,
): StatusChange[] {
  const switches = demoSwitches(cameras)
  const behind = new Map<string, Stretch[]>()
  for (let hour = Math.floor(from / HOUR); hour * HOUR < to; hour += 1)
    for (const failure of switchFailures(seed, switches, hour))
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

/** A switch that fails, and when. */
export interface SwitchFailure extends Stretch, DemoSwitch {}

/** In the first ten minutes of each hour one switch fails for two to five minutes; in some hours another one later. */
function switchFailures(seed: number, switches: readonly DemoSwitch[], hour: number): SwitchFailure[] {
  const failing = (turn: number, earliest: number, latest: number) => {
    const from = hour * HOUR + earliest + chance(seed, 'switch', hour, turn, 'from') * (latest - earliest)
    const to = from + 2 * MINUTE + chance(seed, 'switch', hour, turn, 'length') * 3 * MINUTE
    return chosen(seed, switches, hour, turn).map((one) => ({ from, to, ...one }))
  }
  const twice = chance(seed, 'switch', hour, 'twice') < 0.3
  return [...failing(0, MINUTE, 5 * MINUTE), ...(twice ? failing(1, 25 * MINUTE, 50 * MINUTE) : [])]
}

/** Every district has its turn as often as the others, however many switches it has. None where there are no cameras. */
function chosen(seed: number, switches: readonly DemoSwitch[], hour: number, turn: number): DemoSwitch[] {
  const districts = [...new Set(switches.map(({ district }) => district))]
  const district = districts[Math.floor(chance(seed, 'switch', hour, turn, 'district') * districts.length)]
  const own = switches.filter((one) => one.district === district)
  const which = Math.floor(chance(seed, 'switch', hour, turn, 'which') * own.length)
  return own.slice(which, which + 1)
}
