import type { Limits } from './limits.ts'
import { hash } from './shares.ts'

export interface Turn {
  /** of the camera or node */
  key: string
  intervalMs: number
  host: string
  site: string
}
export interface ScheduleOptions {
  /** Checks what has the key; the answer is when it wants to be checked again before its next turn, ms from now. */
  run(key: string, dueAt: number): Promise<number | undefined>
  limits: Limits
  now(): number
  /** how late a check began, ms */
  onStart(lateMs: number): void
  /** a turn came while the one before it was not over */
  onSkip(key: string): void
}
interface Entry extends Turn {
  timer: NodeJS.Timeout | undefined
  /** waiting for room or under way */
  busy: boolean
  dueAt: number
}

/**
 * When each is checked: at its own phase of the interval, which its key decides, so that thousands spread evenly and
 * come at the same moments after a restart. Nobody's check delays another's; who is still busy at its turn is passed over.
 */
export class Schedule {
  readonly #entries = new Map<string, Entry>()
  readonly #options: ScheduleOptions
  #closed = false

  constructor(options: ScheduleOptions) {
    this.#options = options
  }
  get size(): number {
    return this.#entries.size
  }
  has(key: string): boolean {
    return this.#entries.has(key)
  }
  keys(): string[] {
    return [...this.#entries.keys()]
  }

  set(turn: Turn): void {
    const known = this.#entries.get(turn.key)
    if (known !== undefined) {
      const moved = known.intervalMs !== turn.intervalMs
      Object.assign(known, turn)
      if (moved) this.#plan(known, nextTurn(turn.key, turn.intervalMs, this.#options.now()))
      return
    }
    const entry: Entry = { ...turn, timer: undefined, busy: false, dueAt: 0 }
    this.#entries.set(turn.key, entry)
    this.#plan(entry, nextTurn(turn.key, turn.intervalMs, this.#options.now()))
  }
  delete(key: string): void {
    clearTimeout(this.#entries.get(key)?.timer)
    this.#entries.delete(key)
  }
  /** Checks it now, unless it is being checked. */
  soon(key: string): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined && !entry.busy) this.#plan(entry, this.#options.now())
  }
  close(): void {
    this.#closed = true
    for (const entry of this.#entries.values()) clearTimeout(entry.timer)
    this.#entries.clear()
  }

  #plan(entry: Entry, dueAt: number): void {
    clearTimeout(entry.timer)
    entry.dueAt = dueAt
    entry.timer = setTimeout(() => this.#due(entry), Math.max(0, dueAt - this.#options.now()))
    entry.timer.unref()
  }

  #due(entry: Entry): void {
    const { limits, now, run, onStart, onSkip } = this.#options
    const { dueAt } = entry
    this.#plan(entry, nextTurn(entry.key, entry.intervalMs, now()))
    if (entry.busy) return onSkip(entry.key)
    entry.busy = true
    limits.run(entry.host, entry.site, async () => {
      if (this.#entries.get(entry.key) !== entry) return
      onStart(Math.max(0, now() - dueAt))
      const again = await run(entry.key, dueAt).finally(() => (entry.busy = false))
      const wanted = again === undefined ? Infinity : now() + again
      if (!this.#closed && wanted < entry.dueAt && this.#entries.get(entry.key) === entry)
        this.#plan(entry, wanted)
    })
  }
}

/** The first moment after `now` at the key's phase of the interval, ms since 1970. */
export function nextTurn(key: string, intervalMs: number, now: number): number {
  const phase = hash(key) % intervalMs
  return now + intervalMs - ((((now - phase) % intervalMs) + intervalMs) % intervalMs)
}
