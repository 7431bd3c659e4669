import type { ProbeSettings, Targets } from '#contract/probing.ts'
import type { Fault, Layer } from '#contract/camera.ts'

export interface Credentials {
  username: string
  password: string
}

/** One camera, or one node, as the prober sees it. */
export interface Probed {
  targets: Targets
  credentials: Credentials | null
  settings: ProbeSettings
}

/** Something that was found, in a word of the closed set, and what makes it concrete: a status code, a host's answer. */
export interface Finding {
  layer: Layer
  fault: Fault
  /** without any secret or inside address; '' where there is nothing to add */
  detail: string
}

/** What one check of one camera came to. */
export interface CheckResult {
  /** why it failed: the first layer that did; null: all layers that were asked answered */
  failed: Finding | null
  /** it works, but not well */
  degraded: Finding | null
  /** time of the first answer of the cheapest layer that has one, ms; null where none answered */
  latencyMs: number | null
  tookMs: number
  /** the prober itself could not check (no sockets left, aborted): `failed` then says nothing about the camera */
  inconclusive?: string
}

/** What a check has to remember for the next one of the same camera; plain JSON. */
export interface StreamMemory {
  /** HLS: the newest media sequence, and when it was first seen, ms since 1970 */
  sequence?: number
  sequenceSince?: number
  /** how long a segment of it lasts, s: until then no new one is due */
  targetDuration?: number
}

/** Where outgoing requests may go, and how a name becomes an address: once, checked, and then pinned. */
export interface Allowed {
  /**
   * The address to connect to. Throws a ProbeFault 'not-allowed' where the name or any of its addresses is outside the
   * networks that the administrator allowed, 'dns' where it cannot be resolved.
   */
  resolve(host: string, signal: AbortSignal): Promise<{ address: string; family: 4 | 6 }>
}

/** Thrown inside a layer, turned into a Finding by the check. */
export class ProbeFault extends Error {
  readonly fault: Fault
  readonly detail: string
  constructor(fault: Fault, detail = '') {
    super(`${fault} ${detail}`.trim())
    this.fault = fault
    this.detail = detail
  }
}
