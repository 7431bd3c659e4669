import { performance } from 'node:perf_hooks'
import type { SecureContext } from 'node:tls'
import type { Layer } from '#contract/camera.ts'
import { LAYERS } from '#contract/camera.ts'
import { Pinger } from './layers/ping.ts'
import { Visit, type Seen } from './visit.ts'
import {
  ProbeFault,
  type Allowed,
  type CheckResult,
  type Finding,
  type Probed,
  type StreamMemory,
} from './types.ts'

export interface CheckDeps {
  allowed: Allowed
  /** ends a check at once; what it came to is then of no worth */
  signal: AbortSignal
  /** ms since 1970 */
  now(): number
  /** who is trusted beside the usual authorities: `trust` of layers/tls.ts */
  trust?: SecureContext
  pinger?: Pinger
}

const sharedPinger = new Pinger()

/**
 * Checks one camera or node: the cheapest layer first, and no further where one fails. A layer takes `timeoutMs` at most,
 * whatever it asks, so the whole takes three times that; whatever it opened is closed then. Never throws: what is no
 * fault of the camera's (the prober ran out of sockets, the check was aborted) is told as `inconclusive`.
 * The layer `picture` is not asked here: it has a slower rhythm of its own.
 */
export async function check(
  probed: Probed,
  memory: StreamMemory,
  deps: CheckDeps,
): Promise<{ result: CheckResult; memory: StreamMemory }> {
  const begun = performance.now()
  const visit = new Visit(probed, memory, { pinger: sharedPinger, ...deps })
  const underWay = visitsUnder(deps.signal).add(visit)
  if (deps.signal.aborted) visit.close()
  const result: CheckResult = { failed: null, degraded: null, latencyMs: null, tookMs: 0 }
  for (const layer of LAYERS) {
    if (!probed.settings.layers.includes(layer)) continue
    try {
      take(result, layer, await visit.ask(layer))
    } catch (error) {
      result.failed = findingOf(layer, error)
      if (deps.signal.aborted) result.inconclusive = 'aborted'
      else if (!(error instanceof ProbeFault)) result.inconclusive = wordsOf(error)
      break
    }
  }
  underWay.delete(visit)
  visit.close()
  result.tookMs = performance.now() - begun
  return { result, memory: visit.memory }
}

const visits = new WeakMap<AbortSignal, Set<Visit>>()

/** What ends with a signal. Thousands of checks share one: it has one listener for all of them. */
function visitsUnder(signal: AbortSignal): Set<Visit> {
  const known = visits.get(signal)
  if (known !== undefined) return known
  const underWay = new Set<Visit>()
  visits.set(signal, underWay)
  signal.addEventListener('abort', () => underWay.forEach((visit) => visit.close()), { once: true })
  return underWay
}

/** What a higher layer found weighs more: it is closer to the picture. */
function take(result: CheckResult, layer: Layer, seen: Seen): void {
  result.latencyMs ??= seen.latencyMs
  if (seen.degraded !== null) result.degraded = { layer, ...seen.degraded }
}

const findingOf = (layer: Layer, error: unknown): Finding =>
  error instanceof ProbeFault
    ? { layer, fault: error.fault, detail: error.detail }
    : { layer, fault: 'unreachable', detail: '' }

/** A system's error is told by its code: its message holds the address. */
const wordsOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)
