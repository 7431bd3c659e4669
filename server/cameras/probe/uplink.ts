import { connect } from 'node:net'

const EVERY_MS = 5_000
const TIMEOUT_MS = 2_000
/** Rounds in a row without any answer until the uplink is lost: one lost packet is none. */
const ROUNDS = 2

export interface UplinkOptions {
  /** host:port */
  canaries: readonly string[]
  now(): number
  onChange(): void
}

/**
 * Whether this machine reaches anything at all: canaries that answer whenever its own network works. Being refused is an
 * answer too. Without canaries nobody can tell, and the uplink is taken to work.
 */
export class Uplink {
  /** since when nothing answers, ms since 1970; null: it works */
  lostSince: number | null = null
  readonly #options: UplinkOptions
  readonly #timer: NodeJS.Timeout | undefined
  #silent = 0
  #silentSince = 0
  #answeredAt = -Infinity
  #asking: Promise<boolean> | undefined

  constructor(options: UplinkOptions) {
    this.#options = options
    if (options.canaries.length === 0) return
    this.#timer = setInterval(() => void this.ask(), EVERY_MS)
    this.#timer.unref()
  }

  /** Asks the canaries, one after the other until one answers. Who asks meanwhile shares the answer. */
  ask(): Promise<boolean> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined))
    return this.#asking
  }

  /** Whether it worked at that moment (ms) or after it, so that what failed then says something. */
  async worksSince(at: number): Promise<boolean> {
    return this.#options.canaries.length === 0 || this.#answeredAt >= at || this.ask()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #ask(): Promise<boolean> {
    const asked = this.#options.now()
    const answered = this.#options.canaries.length === 0 || (await this.#anyAnswers())
    if (answered) this.#answeredAt = asked
    if (this.#silent === 0) this.#silentSince = asked
    this.#silent = answered ? 0 : this.#silent + 1
    const lostSince = this.#silent >= ROUNDS ? this.#silentSince : answered ? null : this.lostSince
    if (lostSince !== this.lostSince) {
      this.lostSince = lostSince
      this.#options.onChange()
    }
    return answered
  }

  async #anyAnswers(): Promise<boolean> {
    for (const canary of this.#options.canaries) if (await answers(canary)) return true
    return false
  }
}

function answers(canary: string): Promise<boolean> {
  const [, host = '', port = ''] = /^\[?(.+?)\]?:(\d+)$/.exec(canary) ?? []
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: TIMEOUT_MS })
    const end = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED'))
  })
}
