import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { Nullable } from '#contract/basic.ts'
import { Fault, Layer } from '#contract/camera.ts'
import type { ProbeSettings } from '#contract/probing.ts'
import { ALL_OUTCOMES, alike, isFlapping, remember } from './flapping.ts'
import { isSlow, learn, UsualLatency } from './latency.ts'
import type { Finding } from './probe/types.ts'

/** Something that is so only after enough checks in a row said so. */
const Confirmed = Type.Object({
  on: Type.Boolean(),
  /** checks in a row that say otherwise, and when the first of them was, ms */
  count: Type.Integer({ minimum: 0 }),
  first: Type.Number(),
})
type Confirmed = Static<typeof Confirmed>

const Found = Type.Object({ layer: Layer, fault: Fault, detail: Type.String() })

/** What a verdict rests on: small plain JSON. Times are ms since 1970. */
export const VerdictMemory = Type.Object({
  version: Type.Literal(1),
  /** the last check; null before the first */
  at: Nullable(Type.Number()),
  state: Type.Union([
    Type.Literal('unknown'),
    Type.Literal('up'),
    Type.Literal('degraded'),
    Type.Literal('down'),
  ]),
  /** the first check of the run that led to the state; null: never checked */
  since: Nullable(Type.Number()),
  /** why it is down or degraded: what the newest check of that kind found */
  finding: Nullable(Found),
  /** it changes too often to be believed; `state` is the verdict beneath */
  flapping: Type.Boolean(),
  failing: Confirmed,
  /** failing, or working but not well */
  impaired: Confirmed,
  /** of the newest degraded check of this impairment, else of its first failed one */
  impairment: Nullable(Found),
  outcomes: Type.Integer({ minimum: 0, maximum: ALL_OUTCOMES }),
  latency: Nullable(UsualLatency),
})
export type VerdictMemory = Static<typeof VerdictMemory>

/** What one check of one camera or node came to. */
export interface Checked {
  /** ms since 1970 */
  at: number
  failed: Finding | null
  degraded: Finding | null
  latencyMs: number | null
}

const OFF: Confirmed = { on: false, count: 0, first: 0 }

export const initial = (): VerdictMemory => ({
  version: 1,
  at: null,
  state: 'unknown',
  since: null,
  finding: null,
  flapping: false,
  failing: OFF,
  impaired: OFF,
  impairment: null,
  outcomes: 0,
  latency: null,
})

const reader = Compile(VerdictMemory)
/** What was stored; a broken or older one begins anew. */
export const parseMemory = (stored: unknown): VerdictMemory => (reader.Check(stored) ? stored : initial())

/** How long a verdict speaks for its camera after the last check, ms: three rhythms, three minutes at least. */
export const holdOf = ({ intervalSeconds }: Pick<ProbeSettings, 'intervalSeconds'>): number =>
  Math.max(3 * intervalSeconds, 180) * 1_000

/**
 * Nobody can say any more since `at`: the prober's own uplink was lost, or nothing was checked for long. What is usual
 * for the camera is kept; runs begin anew.
 */
export function lost(memory: VerdictMemory, at: number): VerdictMemory {
  if (memory.state === 'unknown' && memory.failing.count + memory.impaired.count === 0) return memory
  const since = memory.state === 'unknown' ? memory.since : at
  const { outcomes, latency } = memory
  return { ...initial(), outcomes, latency, at: Math.max(memory.at ?? at, at), since }
}

/**
 * The verdict after one more check. Down after `failures` failed ones in a row, back after `recoveries` others;
 * degraded likewise by checks that failed or were not well. From unknown the first good check makes it up at once.
 * A change counts from the first check of its run on. A check that is not newer than the last changes nothing.
 */
export function advance(memory: VerdictMemory, check: Checked, settings: ProbeSettings): VerdictMemory {
  if (memory.at !== null && check.at <= memory.at) return memory
  const silentAfter = (memory.at ?? Infinity) + holdOf(settings)
  const before = check.at > silentAfter ? lost(memory, silentAfter) : memory

  const failed = check.failed !== null
  const degraded = failed ? null : (check.degraded ?? slowness(before, check, settings))
  const impairs = failed || degraded !== null
  const failing = confirm(before.failing, failed, check.at, settings)
  const impaired = confirm(before.impaired, impairs, check.at, settings)
  const state = stateOf(failing, impaired, before.state === 'unknown' && impairs)
  const turned =
    failing.on !== before.failing.on
      ? before.failing
      : impaired.on !== before.impaired.on
        ? before.impaired
        : OFF
  const impairment =
    impairs || impaired.on ? newest(before.impairment, degraded ?? before.impairment ?? check.failed) : null
  const outcomes = before.at === null ? alike(failed) : remember(before.outcomes, failed)
  return {
    version: 1,
    at: check.at,
    state,
    since: state === before.state ? before.since : turned.count === 0 ? check.at : turned.first,
    finding: { unknown: null, up: null, degraded: impairment, down: newest(before.finding, check.failed) }[
      state
    ],
    flapping: isFlapping(before.flapping, outcomes, settings),
    failing,
    impaired,
    impairment,
    outcomes,
    latency: !failed && isMeasured(check.latencyMs) ? learn(before.latency, check.latencyMs) : before.latency,
  }
}

function stateOf(failing: Confirmed, impaired: Confirmed, unsettled: boolean): VerdictMemory['state'] {
  if (failing.on) return 'down'
  if (impaired.on) return 'degraded'
  return unsettled ? 'unknown' : 'up'
}

function confirm(
  before: Confirmed,
  seen: boolean,
  at: number,
  { failures, recoveries }: Pick<ProbeSettings, 'failures' | 'recoveries'>,
): Confirmed {
  if (seen === before.on) return { on: seen, count: 0, first: 0 }
  const count = before.count + 1
  if (count >= (seen ? failures : recoveries)) return { on: seen, count: 0, first: 0 }
  return { on: before.on, count, first: before.count === 0 ? at : before.first }
}

/** A fault stays the one that it was while only its details change, so that not every check is news. */
function newest(known: Finding | null, found: Finding | null): Finding | null {
  if (found === null) return known
  return known?.layer === found.layer && known.fault === found.fault ? known : found
}

/** Whatever took longer was no check. */
const A_DAY_MS = 86_400_000

const isMeasured = (ms: number | null): ms is number => ms !== null && ms >= 0 && ms <= A_DAY_MS

function slowness(
  { latency }: VerdictMemory,
  { latencyMs }: Checked,
  { slowFactor }: ProbeSettings,
): Finding | null {
  if (!isMeasured(latencyMs) || latency === null || !isSlow(latency, latencyMs, slowFactor)) return null
  const detail = `${Math.round(latency.median)} ms → ${Math.round(latencyMs)} ms`
  return { layer: 'network', fault: 'slow', detail }
}
