import type { CameraState } from '#contract/camera.ts'
import { advance, holdOf, initial, lost, parseMemory, type VerdictMemory } from '../verdict.ts'
import { pictureFails, type PictureMemory } from './picture/index.ts'
import { judge, type Circumstances } from './judge.ts'
import type { Planned } from './plan-store.ts'
import type { Remembered, Settled } from './settled.ts'
import { subnetOf } from './subnet.ts'
import type { CheckResult, StreamMemory } from './types.ts'

/** So many latencies make the little chart of the table. */
const LATENCIES = 20
/** What only helps to judge better later is kept so often at most, ms. */
const KEEP_EVERY_MS = 60_000
/** An unconfirmed change is looked at again after a third of the rhythm, at most after so long, ms. */
const RETRY_MOST_MS = 15_000

/** One camera or node that this instance checks, with what its verdict rests on. */
export class Subject {
  planned: Planned
  verdict: VerdictMemory = initial()
  stream: StreamMemory = {}
  /** what the last pictures came to */
  picture: PictureMemory = {}
  latencies: (number | null)[] = []
  lastPictureAt = 0
  #keptAt = 0

  constructor(planned: Planned, remembered?: { json: unknown; latencies: (number | null)[] }) {
    this.planned = planned
    const stored = asRecord(remembered?.json)
    this.verdict = parseMemory(stored['verdict'])
    this.stream = asRecord(stored['stream'])
    this.picture = asRecord(stored['picture'])
    this.latencies = remembered?.latencies ?? []
  }

  /** Takes in a check; the answer is what is worth storing of it. */
  take(at: number, result: CheckResult, circumstances: Circumstances): Settled {
    const before = this.verdict
    const pictured = this.picture.finding ?? null
    const pictureFailed = pictured !== null && pictureFails(pictured, this.planned.targets)
    this.verdict =
      circumstances.uplinkLostSince === null
        ? advance(
            before,
            {
              at,
              failed: result.failed ?? (pictureFailed ? pictured : null),
              degraded: result.degraded ?? pictured,
              latencyMs: result.latencyMs,
            },
            this.planned.settings,
          )
        : lost(before, circumstances.uplinkLostSince)
    this.latencies = [
      ...this.latencies.slice(1 - LATENCIES),
      result.failed === null ? result.latencyMs : null,
    ]
    const worthKeeping =
      before.state !== this.verdict.state ||
      before.flapping !== this.verdict.flapping ||
      before.finding !== this.verdict.finding ||
      before.failing.count !== this.verdict.failing.count ||
      at - this.#keptAt >= KEEP_EVERY_MS
    if (worthKeeping) this.#keptAt = at
    const settled = this.settle(at, circumstances, worthKeeping)
    return { ...settled, checked: { failed: result.failed, latencyMs: result.latencyMs } }
  }

  /** What is said of it at a moment, under the circumstances of that moment. */
  settle(at: number, circumstances: Circumstances, keep: boolean): Settled {
    const { state, since, finding, flapping } = this.verdict
    const judged = judge({ state, since: since ?? at }, circumstances)
    return {
      cameraId: this.planned.id,
      at,
      checked: null,
      silentAfter: at + holdOf(this.planned.settings),
      state: judged.state,
      since: judged.since,
      finding: shows(judged.state) ? finding : null,
      flapping,
      planned: circumstances.plannedSince !== null,
      outage: judged.outage,
      verdictSince: since ?? at,
      memory: keep ? this.remembered(at) : null,
    }
  }

  /** The prober reaches nothing any more: what was found is in doubt since then. */
  lose(at: number): void {
    this.verdict = lost(this.verdict, at)
  }

  remembered(at: number): Remembered {
    const { verdict, stream, picture } = this
    return {
      json: JSON.stringify({ verdict, stream, picture }),
      verdict: verdict.state,
      since: verdict.since ?? at,
      layer: verdict.finding?.layer ?? null,
      fault: verdict.finding?.fault ?? null,
      failing: this.failing,
      subnet: subnetOf(hostOf(this.planned)),
      latencies: this.latencies,
    }
  }

  /** The last check failed, whether the verdict says so yet or not. */
  get failing(): boolean {
    const { on, count } = this.verdict.failing
    return on ? count === 0 : count > 0
  }
  /** Something seems to change and is not confirmed yet: when to look again, ms. */
  get retryMs(): number | undefined {
    if (this.verdict.failing.count === 0) return undefined
    return Math.min(RETRY_MOST_MS, (this.planned.settings.intervalSeconds * 1_000) / 3)
  }
}

/** Where it fails is told of what is down, degraded, or would be if something else were not in the way. */
const shows = (state: CameraState) => state !== 'up' && state !== 'unknown'

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** The host of what is asked first: checks of one host are bounded together. */
export function hostOf({ targets, key }: Pick<Planned, 'targets' | 'key'>): string {
  const { ping, tcp, rtsp, http, hls, snapshot, onvif } = targets
  if (ping !== undefined) return ping
  if (tcp !== undefined) return tcp.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  const url = rtsp ?? http ?? hls ?? snapshot ?? onvif
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : key
}
