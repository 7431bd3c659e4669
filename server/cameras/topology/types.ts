import type { Incident } from '#contract/outages.ts'
import type { ProbeSettings } from '#contract/probing.ts'
import type { Fault, Layer } from '#contract/camera.ts'
import type { VerdictMemory } from '../verdict.ts'

/** All times are ms since 1970. */
interface Seen {
  id: number
  /** the node that it hangs on */
  parentId: number | null
  /** its own verdict */
  state: VerdictMemory['state']
  /** since when */
  since: number
  /** its last check failed, whether the verdict says so yet or not */
  failing: boolean
  fault: Fault | null
}
export interface NodeSeen extends Seen {
  code: string
  /** false: it has no probe of its own and is known by what hangs on it; its state is unknown */
  probed: boolean
}
/** A camera that is judged by probing and enabled. */
export interface CameraSeen extends Seen {
  site: string | null
  /** in CIDR: a /24, or a /64 of IPv6 */
  subnet: string | null
  /** the layer at which it fails */
  layer: Layer | null
  /** in a maintenance window: says nothing about what it hangs on */
  planned: boolean
}

/** An incident on record: an open one, or one that ended within the last hour. */
export interface KnownIncident extends Pick<Incident, 'id' | 'kind' | 'subject' | 'cameras'> {
  startedAt: number
  endedAt: number | null
}

/** One failure that explains several. The same kind and subject is the same incident. */
export interface Cause extends Pick<Incident, 'kind' | 'subject' | 'nodeId' | 'fault' | 'cameras'> {
  since: number
  /** open incidents that turned out to be part of this one */
  absorbs: number[]
}

export interface Causes {
  causes: Cause[]
  /** open incidents that are over, and when that was */
  ended: { id: number; at: number }[]
  /** cameras that fail because of a node: since when it has failed */
  unreachable: Map<number, number>
  /** cameras that still fail after their node came back: since when the failure is their own */
  own: Map<number, number>
}

export type Limits = Pick<ProbeSettings, 'intervalSeconds' | 'recoveries'>

/** What begins within so long began together: a minute, or two rhythms. */
export const togetherMs = ({ intervalSeconds }: Limits) => Math.max(60, 2 * intervalSeconds) * 1_000

/**
 * For so long after their node came back cameras may still be on their way: they start anew when their power does, and
 * have to answer a few times until they are believed.
 */
export const graceMs = ({ intervalSeconds, recoveries }: Limits) =>
  Math.max(120, (recoveries + 1) * intervalSeconds) * 1_000

/** It answers now: what stands between it and the prober works. */
export const answers = ({ state, failing }: Pick<Seen, 'state' | 'failing'>) =>
  (state === 'up' || state === 'degraded') && !failing
