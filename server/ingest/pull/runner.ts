import { backoffMs } from './backoff.ts'
import { DownloadError } from './download-error.ts'
import { gather, type Gathered, type Kept } from './gather.ts'
import type { ConfiguredPull, PullDeps } from './schedule.ts'

/** A feed that is read once a day is not left for a day after a failure; nor is a source pressed more often than this. */
const SOONEST_AGAIN_MS = 60_000

/** One feed's runs: never two at once, a growing wait after failures. */
export class Runner {
  readonly pull: ConfiguredPull
  readonly #deps: PullDeps
  readonly #stop: AbortSignal
  #underWay: Promise<void> | undefined
  #failures = 0
  #notBefore = 0
  #kept: ReadonlyMap<string, Kept> = new Map()
  #callOff: (() => void) | undefined

  constructor(pull: ConfiguredPull, deps: PullDeps, stop: AbortSignal) {
    this.pull = pull
    this.#deps = deps
    this.#stop = stop
  }

  /** Runs now, unless it runs already or waits after a failure. Never rejects. */
  run(): Promise<void> {
    if (this.#underWay !== undefined) return this.#underWay
    return this.#deps.clock().getTime() < this.#notBefore ? Promise.resolve() : this.#begin()
  }

  /** Resolves when no run is under way; none begins any more after the stop. */
  async ended(): Promise<void> {
    this.#callOff?.()
    await this.#underWay
  }

  #begin(): Promise<void> {
    this.#callOff?.()
    if (this.#stop.aborted) return Promise.resolve()
    this.#underWay ??= this.#guarded().finally(() => (this.#underWay = undefined))
    return this.#underWay
  }

  async #guarded(): Promise<void> {
    const { clock, failed, log } = this.#deps
    const startedAt = clock()
    try {
      await this.#read(startedAt)
    } catch (error) {
      if (this.#stop.aborted) return
      this.#wait(error)
      const tookMs = clock().getTime() - startedAt.getTime()
      await failed(this.pull, startedAt, tookMs, messageOf(error)).catch((err: unknown) =>
        log.warn({ feed: this.pull.id, err }, "a feed's failure could not be recorded"),
      )
    }
  }

  async #read(startedAt: Date): Promise<void> {
    const { pull } = this
    const { store, notModified, userAgent } = this.#deps
    const first = pull.feed.requests(pull.options as never, startedAt)
    const gathered = await gather(pull, first, this.#kept, {
      now: startedAt,
      signal: this.#stop,
      userAgent,
    })
    const { requests } = gathered
    const fault = faultOf(gathered)
    if (fault !== undefined && gathered.parts.length === 0) throw fault
    if (gathered.modified || fault !== undefined || requests.length === 0)
      await store(pull, gathered.parts, startedAt, fault?.message)
    else await notModified(pull, gathered.parts, startedAt)
    // Only now: an answer that never reached the disk must be sent again, not be "not modified".
    this.#kept = gathered.kept
    if (fault === undefined) pull.onStored?.(requests)
    if (fault !== undefined && (gathered.good === 0 || fault.retryAfterMs !== undefined)) this.#wait(fault)
    else [this.#failures, this.#notBefore] = [0, 0]
  }

  /** Leaves the source alone for a while, and comes back then even if the schedule would come much later. */
  #wait(error: unknown): void {
    const { clock, log, random = Math.random, later = timer } = this.#deps
    this.#failures += 1
    const retryAfter =
      error instanceof DownloadError || error instanceof PartsFault ? error.retryAfterMs : undefined
    const wait = backoffMs(this.#failures, random(), retryAfter)
    this.#notBefore = clock().getTime() + wait
    this.#callOff = later(Math.max(wait, SOONEST_AGAIN_MS), () => void this.#begin())
    // A source that is away is no fault of ours: the reason, not the stack.
    log.warn(
      { feed: this.pull.id, failures: this.#failures, waitMs: wait, reason: messageOf(error) },
      'a feed failed',
    )
  }
}

/** Some parts of a source, or all, could not be read. */
class PartsFault extends Error {
  override name = 'PartsFault'
  readonly retryAfterMs: number | undefined
  constructor(message: string, retryAfterMs: number | undefined) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

function faultOf({ faults, requests }: Gathered): PartsFault | undefined {
  const [first] = faults
  if (first === undefined) return undefined
  const waits = faults.map((fault) => (fault instanceof DownloadError ? (fault.retryAfterMs ?? -1) : -1))
  const longest = Math.max(...waits)
  const message =
    requests.length === 1
      ? first.message
      : `${faults.length} of ${requests.length} parts failed: ${first.message}`
  return new PartsFault(message, longest < 0 ? undefined : longest)
}

function timer(ms: number, call: () => void): () => void {
  const handle = setTimeout(call, ms)
  return () => clearTimeout(handle)
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500)
