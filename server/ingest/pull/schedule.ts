import { setMaxListeners } from 'node:events'
import cron, { type ScheduledTask } from 'node-cron'
import type { CameraReading, Feed, FeedRequest, PriceReading, Reading } from '../reading.ts'
import { Runner } from './runner.ts'

export type AnyFeed = Feed<CameraReading> | Feed<PriceReading>
export interface PartReading<R = Reading<CameraReading> | Reading<PriceReading>> {
  request: FeedRequest
  reading: R
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
  /** resolves once the readings are on disk, their run recorded; as failed where some part had a `fault` */
  store(pull: ConfiguredPull, readings: PartReading[], startedAt: Date, fault?: string): Promise<void>
  /** every part is as it was; a camera list comes along as it was last read, for it was confirmed */
  notModified(pull: ConfiguredPull, readings: PartReading[], startedAt: Date): Promise<void>
  failed(pull: ConfiguredPull, startedAt: Date, tookMs: number, message: string): Promise<void>
  log: { warn(details: object, message: string): void }
  /** 0..1; chance, but in tests */
  random?: () => number
  /** calls once after so many milliseconds unless it is called off; a timer, but in tests */
  later?: (ms: number, call: () => void) => () => void
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
