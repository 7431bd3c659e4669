import { setMaxListeners } from 'node:events'
import cron, { type ScheduledTask } from 'node-cron'
import type { CameraReading, Feed, FeedRequest, PriceReading, Reading } from '../reading.ts'
import { backoffMs } from './backoff.ts'
import { download, DownloadError, type Validators } from './download.ts'

export type AnyFeed = Feed<CameraReading> | Feed<PriceReading>
export type AnyReading = Reading<CameraReading> | Reading<PriceReading>
export interface PartReading {
  request: FeedRequest
  reading: AnyReading
}

/** A feed that this machine reads on a schedule. */
export interface ConfiguredPull {
  id: string
  title: string
  source: string
  demo: boolean
  feed: AnyFeed
  /** checked against the feed's own schema */
  options: unknown
  /** cron expression in the city's time, seconds allowed */
  schedule: string
  /** each run starts up to so much later, so that many cities don't ask at the same second */
  jitterMs: number
  timeoutMs: number
  maxBytes: number
  runAtStart: boolean
  /** how long one reading speaks for its camera */
  holdSeconds?: number
  /** without a good run for so long the feed is stale */
  staleSeconds?: number
  /** told when what a run read is on disk; `requests` are those it asked */
  onStored?: (requests: readonly FeedRequest[]) => void
}

export interface PullDeps {
  timezone: string
  userAgent: string
  clock: () => Date
  /** resolves once the readings are on disk, their run recorded */
  store(pull: ConfiguredPull, readings: PartReading[], startedAt: Date): Promise<void>
  /** every part is as it was; a camera list comes along as it was last read, for it was confirmed */
  notModified(pull: ConfiguredPull, readings: PartReading[], startedAt: Date): Promise<void>
  failed(pull: ConfiguredPull, startedAt: Date, tookMs: number, message: string): Promise<void>
  log: { warn(details: object, message: string): void }
  /** 0..1; chance in tests */
  random?: () => number
}

export interface Pulls {
  /** Runs a feed now unless it is under way or waits after a failure. Never rejects. */
  run(id: string): Promise<void>
  /** Starts no further run, breaks off those under way, resolves when they have ended. */
  stop(): Promise<void>
}

/** Reads every feed on its own schedule; what happens to one is nothing to the others. */
export function startPulls(pulls: readonly ConfiguredPull[], deps: PullDeps): Pulls {
  const stopping = new AbortController()
  setMaxListeners(0, stopping.signal) // a listener for each feed under way
  const runners = new Map(pulls.map((pull) => [pull.id, new Runner(pull, deps, stopping.signal)]))
  const tasks = [...runners.values()].map((runner) => scheduleTask(runner, deps.timezone))
  for (const runner of runners.values()) if (runner.pull.runAtStart) void runner.run()
  return {
    run: async (id) => runners.get(id)?.run(),
    stop: async () => {
      stopping.abort()
      await Promise.all(tasks.map((task) => task.destroy()))
      await Promise.all([...runners.values()].map((runner) => runner.ended()))
    },
  }
}

function scheduleTask(runner: Runner, timezone: string): ScheduledTask {
  const { id, schedule, jitterMs } = runner.pull
  return cron.schedule(schedule, () => runner.run(), {
    name: id,
    timezone,
    noOverlap: true,
    suppressMissedWarning: true,
    ...(jitterMs > 0 ? { maxRandomDelay: jitterMs } : {}),
  })
}

/** What a part answered last, kept until a later answer is stored. */
interface Kept {
  validators: Validators
  text: string | undefined
}

class Runner {
  readonly pull: ConfiguredPull
  readonly #deps: PullDeps
  readonly #stop: AbortSignal
  #underWay: Promise<void> | undefined
  #failures = 0
  #notBefore = 0
  #kept = new Map<string, Kept>()

  constructor(pull: ConfiguredPull, deps: PullDeps, stop: AbortSignal) {
    this.pull = pull
    this.#deps = deps
    this.#stop = stop
  }

  run(): Promise<void> {
    if (this.#underWay !== undefined) return this.#underWay
    const { clock } = this.#deps
    if (this.#stop.aborted || clock().getTime() < this.#notBefore) return Promise.resolve()
    this.#underWay = this.#guarded().finally(() => (this.#underWay = undefined))
    return this.#underWay
  }

  async ended(): Promise<void> {
    await this.#underWay
  }

  async #guarded(): Promise<void> {
    const { clock, failed, log } = this.#deps
    const startedAt = clock()
    try {
      await this.#read(startedAt)
      this.#failures = 0
      this.#notBefore = 0
    } catch (error) {
      if (this.#stop.aborted) return
      this.#failures += 1
      const retryAfter = error instanceof DownloadError ? error.retryAfterMs : undefined
      const wait = backoffMs(this.#failures, (this.#deps.random ?? Math.random)(), retryAfter)
      this.#notBefore = clock().getTime() + wait
      const message = messageOf(error)
      log.warn({ feed: this.pull.id, failures: this.#failures, waitMs: wait, err: error }, 'a feed failed')
      await failed(this.pull, startedAt, clock().getTime() - startedAt.getTime(), message).catch(
        (err: unknown) => log.warn({ feed: this.pull.id, err }, "a feed's failure could not be recorded"),
      )
    }
  }

  async #read(startedAt: Date): Promise<void> {
    const { pull } = this
    const requests = pull.feed.requests(pull.options as never, startedAt)
    const hosts = hostsOf(pull.options, requests)
    const parts: PartReading[] = []
    const answers = new Map<string, Kept>()
    let modified = false
    for (const request of requests) {
      const key = `${request.method ?? 'GET'} ${request.url} ${request.body ?? ''}`
      const known = this.#kept.get(key)
      const answer = await download(request, {
        timeoutMs: pull.timeoutMs,
        maxBytes: pull.maxBytes,
        allowHosts: hosts,
        userAgent: this.#deps.userAgent,
        signal: this.#stop,
        previous: known?.validators,
      })
      if (answer.status === 'not-modified') {
        if (known !== undefined) answers.set(key, known)
        if (known?.text !== undefined)
          parts.push({ request, reading: this.#understand(known.text, request, startedAt) })
        continue
      }
      modified = true
      const { text, etag, lastModified } = answer
      const validators = {
        ...(etag === undefined ? {} : { etag }),
        ...(lastModified === undefined ? {} : { lastModified }),
      }
      parts.push({ request, reading: this.#understand(text, request, startedAt) })
      // A price that was read stays; a camera's state has to be confirmed, so its list is kept.
      if (Object.keys(validators).length > 0)
        answers.set(key, { validators, text: pull.feed.domain === 'cameras' ? text : undefined })
    }
    if (modified || requests.length === 0) await this.#deps.store(pull, parts, startedAt)
    else await this.#deps.notModified(pull, parts, startedAt)
    // Only now: an answer that never reached the disk must be sent again, not be "not modified".
    this.#kept = answers
    pull.onStored?.(requests)
  }

  #understand(text: string, request: FeedRequest, now: Date): AnyReading {
    const { feed, options } = this.pull
    const payload: unknown = feed.accepts === 'json' ? parseJson(text, request) : text
    return feed.read(payload, { options: options as never, request, now })
  }
}

function parseJson(text: string, request: FeedRequest): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const { host, pathname } = new URL(request.url)
    const start = text.slice(0, 60).replace(/\s+/g, ' ')
    throw new Error(`${host}${pathname} did not answer with JSON but with ${JSON.stringify(start)}`)
  }
}

/** Hosts that the feed's options name; where they name none, those that its reader asks. */
export function hostsOf(options: unknown, requests: readonly FeedRequest[]): string[] {
  const found = new Set<string>()
  const look = (value: unknown): void => {
    if (typeof value === 'string') {
      if (/^https?:\/\//.test(value) && URL.canParse(value)) found.add(new URL(value).host)
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look)
  }
  look(options)
  if (found.size === 0) for (const { url } of requests) if (URL.canParse(url)) found.add(new URL(url).host)
  return [...found]
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500)
