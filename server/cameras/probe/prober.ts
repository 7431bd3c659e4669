import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { FastifyBaseLogger } from 'fastify'
import type { Pool } from 'pg'
import type { Bus } from '../../live/bus.ts'
import { readExplained } from './causes-store.ts'
import { lookForCauses } from './causes.ts'
import { readMemories } from './checks-store.ts'
import { Surroundings } from './circumstances.ts'
import { beat, leave } from './instances-store.ts'
import { Limits, type Bounds } from './limits.ts'
import { readNodeMemories, storeNode } from './nodes-store.ts'
import type { PictureRhythm } from './picture-rhythm.ts'
import { readPlan, type Planned } from './plan-store.ts'
import { Schedule } from './schedule.ts'
import { ownerOf } from './shares.ts'
import { hostOf, Subject } from './subject.ts'
import type { CheckResult, Probed, StreamMemory } from './types.ts'
import { Uplink } from './uplink.ts'
import { Writer } from './writer.ts'

export interface ProberOptions {
  pool: Pool
  bus: Bus
  log: FastifyBaseLogger
  clock: () => Date
  /** the number of the feed that stands for the prober */
  feed: number
  canaries: readonly string[]
  bounds?: Partial<Bounds>
  /** how often it gives a sign of life, reads its plan and looks around, ms */
  rhythms?: Partial<typeof RHYTHMS>
  /** what is probed, with its credentials opened */
  probedOf(planned: Planned): Probed
  check(probed: Probed, memory: StreamMemory): Promise<{ result: CheckResult; memory: StreamMemory }>
  /** undefined: nobody looks at pictures */
  pictures?: PictureRhythm
  /** which cameras are in a maintenance window, since when (ms) */
  planned(): Promise<ReadonlyMap<number, number>>
}

/** Enough for a third of 5,000 cameras to hang for five seconds of every thirty. */
const BOUNDS: Bounds = { all: 1_000, perHost: 8, perSite: 16 }
const RHYTHMS = { beat: 5_000, plan: 15_000, surroundings: 1_000 }

/** Figures of a running prober. */
export interface ProberFigures {
  subjects: number
  running: number
  checks: number
  changes: number
  skipped: number
  dropped: number
  /** how late the last checks began, ms */
  lateness: readonly number[]
}

/**
 * The running prober of this instance: checks its share of the cameras and nodes at their rhythm, judges them, and has
 * the results stored. Decisions stand elsewhere and are pure; this is what turns the wheels.
 */
export class Prober {
  readonly id = randomUUID()
  readonly #options: ProberOptions
  readonly #subjects = new Map<string, Subject>()
  readonly #surroundings = new Surroundings()
  readonly #schedule: Schedule
  readonly #limits: Limits
  readonly #uplink: Uplink
  readonly #writer: Writer
  readonly #timers: NodeJS.Timeout[] = []
  readonly #stops: (() => void)[] = []
  #instances: string[] = []
  #plan: Planned[] = []
  #parents = new Map<number, number | null>()
  #busy = new Map<string, Promise<void>>()
  #skipped = 0
  #lateness: number[] = []

  constructor(options: ProberOptions) {
    this.#options = options
    this.#limits = new Limits({ ...BOUNDS, ...options.bounds })
    this.#writer = new Writer(options)
    this.#uplink = new Uplink({
      canaries: options.canaries,
      now: () => this.#now(),
      onChange: () => void this.#uplinkChanged(),
    })
    this.#schedule = new Schedule({
      limits: this.#limits,
      now: () => this.#now(),
      run: (key) => this.#turn(key),
      onStart: (late) => {
        this.#lateness.push(late)
        if (this.#lateness.length > 10_000) this.#lateness = this.#lateness.slice(-5_000)
      },
      onSkip: () => (this.#skipped += 1),
    })
  }

  async start(): Promise<void> {
    await this.#uplink.ask()
    await this.#beat()
    await this.#surround()
    const every = (ms: number, name: string, work: () => Promise<void>) =>
      this.#timers.push(setInterval(() => this.#once(name, work), ms).unref())
    const rhythms = { ...RHYTHMS, ...this.#options.rhythms }
    every(rhythms.beat, 'beat', () => this.#beat())
    every(rhythms.plan, 'plan', () => this.#renewPlan())
    every(rhythms.surroundings, 'surroundings', () => this.#surround())
    this.#stops.push(
      this.#options.bus.on('probe:configured', () => this.#once('plan', () => this.#renewPlan())),
    )
  }

  figures(): ProberFigures {
    return {
      subjects: this.#subjects.size,
      running: this.#limits.running,
      ...this.#writer.counts,
      skipped: this.#skipped,
      dropped: this.#writer.dropped,
      lateness: this.#lateness,
    }
  }
  /** Forgets the figures so far, so that a benchmark measures what follows. */
  resetFigures(): void {
    this.#lateness = []
    this.#skipped = 0
    this.#writer.counts = { checks: 0, changes: 0 }
  }

  async close(): Promise<void> {
    this.#timers.forEach(clearInterval)
    this.#stops.forEach((stop) => stop())
    this.#uplink.close()
    this.#schedule.close()
    await Promise.all(this.#busy.values())
    await this.#options.pictures?.close()
    await this.#writer.close()
    await leave(this.#options.pool, this.id).catch((error: unknown) =>
      this.#options.log.warn(
        { err: error },
        'the prober could not sign off; the others notice it in a moment',
      ),
    )
  }

  #now(): number {
    return this.#options.clock().getTime()
  }

  /** One of each kind at a time; what fails is tried again at its next turn. */
  #once(name: string, work: () => Promise<void>): void {
    if (this.#busy.has(name)) return
    const run = work()
      .catch((error: unknown) =>
        this.#options.log.warn({ err: error }, `the prober's ${name} failed; it is tried again`),
      )
      .finally(() => this.#busy.delete(name))
    this.#busy.set(name, run)
  }

  /** A sign of life; where the instances or their uplinks changed, the shares are drawn anew. */
  async #beat(): Promise<void> {
    const instances = await beat(this.#options.pool, {
      id: this.id,
      name: hostname(),
      uplink: this.#uplink.lostSince === null,
    })
    if (instances.join() === this.#instances.join()) return
    this.#instances = instances
    await this.#renewPlan()
  }

  async #renewPlan(): Promise<void> {
    this.#plan = await readPlan(this.#options.pool)
    this.#parents = new Map(
      this.#plan.filter(({ kind }) => kind === 'node').map(({ id, parentId }) => [id, parentId]),
    )
    const mine = this.#plan.filter(({ key }) => ownerOf(key, this.#instances) === this.id)
    const keys = new Set(mine.map(({ key }) => key))
    for (const key of [...this.#subjects.keys()])
      if (!keys.has(key)) {
        this.#schedule.delete(key)
        this.#subjects.delete(key)
      }
    await this.#welcome(mine.filter(({ key }) => !this.#subjects.has(key)))
    for (const planned of mine) {
      const subject = this.#subjects.get(planned.key)
      if (subject === undefined) continue
      subject.planned = planned
      this.#schedule.set({
        key: planned.key,
        intervalMs: planned.settings.intervalSeconds * 1_000,
        host: hostOf(planned),
        site: planned.site,
      })
    }
  }

  /** What another instance, or an earlier start, found of them is where this one goes on. */
  async #welcome(planned: readonly Planned[]): Promise<void> {
    if (planned.length === 0) return
    const { pool } = this.#options
    const idsOf = (kind: Planned['kind']) => planned.filter((one) => one.kind === kind).map(({ id }) => id)
    const [cameras, nodes] = await Promise.all([
      readMemories(pool, idsOf('camera')),
      readNodeMemories(pool, idsOf('node')),
    ])
    for (const one of planned)
      this.#subjects.set(one.key, new Subject(one, (one.kind === 'camera' ? cameras : nodes).get(one.id)))
  }

  /** One check. Returns when to look again before the next turn, where something seems to change. */
  async #turn(key: string): Promise<number | undefined> {
    const subject = this.#subjects.get(key)
    if (subject === undefined) return undefined
    const { check, probedOf, pool } = this.#options
    const at = this.#now()
    const probed = probedOf(subject.planned)
    const { result, memory } = await check(probed, subject.stream)
    if (result.inconclusive !== undefined) return undefined
    // What was not reached while the prober itself reaches nothing says nothing.
    if (result.failed?.layer === 'network' && !(await this.#uplink.worksSince(at))) return subject.retryMs
    if (this.#subjects.get(key) !== subject) return undefined
    subject.stream = memory
    const before = subject.verdict
    const settled = subject.take(at, result, this.#surroundings.of(subject.planned.id))
    if (subject.failing && before.failing.count === 0 && !before.failing.on) this.#askParents(subject)
    if (subject.planned.kind === 'node') {
      if (settled.memory !== null) this.#once(key, () => storeNode(pool, subject, at))
      return subject.retryMs
    }
    this.#writer.put(settled)
    if (result.failed === null) this.#options.pictures?.offer(subject, probed, () => this.#settle(subject))
    return subject.retryMs
  }

  /** Whether it is the camera or what it hangs on is known sooner where that is asked at once. */
  #askParents(subject: Subject): void {
    const seen = new Set<number>()
    for (
      let id = subject.planned.parentId;
      id !== null && !seen.has(id);
      id = this.#parents.get(id) ?? null
    ) {
      seen.add(id)
      this.#schedule.soon(`n${id}`)
    }
  }

  /** Judges it anew where it was not checked, but what stands around it changed. */
  #settle(subject: Subject): void {
    this.#writer.put(subject.settle(this.#now(), this.#surroundings.of(subject.planned.id), false))
  }

  async #surround(): Promise<void> {
    const { pool, planned } = this.#options
    if (this.#surroundings.uplinkLostSince === null && this.id === this.#instances[0])
      await lookForCauses(pool, this.#now())
    const changed = new Set([
      ...this.#surroundings.renewPlanned(await planned()),
      ...this.#surroundings.renewExplained(await readExplained(pool)),
    ])
    for (const id of changed) {
      const subject = this.#subjects.get(`c${id}`)
      if (subject !== undefined && subject.verdict.at !== null) this.#settle(subject)
    }
  }

  /** What it does not reach says nothing while the prober itself is cut off; whoever still has an uplink takes over. */
  async #uplinkChanged(): Promise<void> {
    const { lostSince } = this.#uplink
    this.#surroundings.uplinkLostSince = lostSince
    this.#options.log.warn(
      lostSince === null ? 'the uplink is back' : 'the uplink is lost: no canary answers',
    )
    if (lostSince !== null)
      for (const subject of this.#subjects.values()) {
        subject.lose(lostSince)
        if (subject.planned.kind === 'camera') this.#settle(subject)
      }
    this.#once('beat', () => this.#beat())
  }
}
