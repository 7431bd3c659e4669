import { city } from '../live/city.svelte.ts'
import { session } from '../live/session.svelte.ts'
import { editsOfAccount, onChange, toSubmit } from './database.ts'
import { sendKept, type Sent } from './send.ts'

const FIRST_RETRY_MS = 2_000
const LAST_RETRY_MS = 60_000
const TAG = 'survey-send'

/** The wait before the next attempt, ms, after so many that failed. */
export const backoff = (failures: number): number =>
  Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1))

/** Sends what waits for as long as a survey's page is open: at once, when the connection is back, and again and again. */
class Sender {
  /** edits that wait on the phone */
  waiting = $state(0)
  /** those and the ones that somebody has to decide on */
  kept = $state(0)
  /** what became of the last attempt; null: none yet */
  last = $state<Sent | null>(null)
  /** counts the times that the server answered after somebody came back to the page, or the connection did */
  fresh = $state(0)
  /** what the browser knows of the network */
  online = $state(navigator.onLine)
  #account = 0
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #running: Promise<void> | undefined
  #again = false
  #returned = true
  #left = $state(0)

  /** Edits that the server answered, and did not take: in conflict, refused, or of a survey that is another's now. */
  get held(): number {
    return Math.min(this.#left, this.kept)
  }
  /** True while the server cannot be reached. */
  get offline(): boolean {
    return !this.online || this.last === 'later'
  }

  start(account: number): () => void {
    this.#account = account
    this.fresh = 0
    const network = () => {
      this.online = navigator.onLine
      this.#failures = 0
      this.#returned = true
      this.kick()
    }
    const seen = () => {
      if (document.visibilityState === 'visible') network()
    }
    addEventListener('online', network)
    addEventListener('offline', network)
    document.addEventListener('visibilitychange', seen)
    const stop = onChange(() => void this.#count())
    network()
    return () => {
      removeEventListener('online', network)
      removeEventListener('offline', network)
      document.removeEventListener('visibilitychange', seen)
      clearTimeout(this.#timer)
      stop()
    }
  }

  /** Sends now, or once more after what is being sent. */
  kick(): void {
    clearTimeout(this.#timer)
    if (this.#running !== undefined) return void (this.#again = true)
    this.#running = this.#run().finally(() => {
      this.#running = undefined
      if (!this.#again) return
      this.#again = false
      this.kick()
    })
  }

  async #run(): Promise<void> {
    await this.#count()
    if (!this.online) return this.#later()
    this.last = await sendKept(this.#account)
    if (this.last === 'later') {
      this.#returned = true
      return this.#later()
    }
    this.#failures = 0
    // The page must not name somebody as signed in who is not any more.
    if (this.last === 'signed-out') session.ended()
    if (this.last !== 'all') return
    await this.#count()
    this.#left = this.kept
    try {
      if (!session.loaded) await Promise.all([session.load(), city.load()])
    } catch {
      // The connection went again between two questions.
      return this.#later()
    }
    if (this.#returned) this.fresh += 1
    this.#returned = false
  }

  async #later(): Promise<void> {
    this.#failures += 1
    this.#timer = setTimeout(() => this.kick(), backoff(this.#failures))
    if (this.waiting === 0 && (await toSubmit(this.#account)).length === 0) return
    // Where the browser can, it sends even after the page was closed.
    const worker = await navigator.serviceWorker?.getRegistration()
    if (worker !== undefined && 'sync' in worker)
      await (worker.sync as { register(tag: string): Promise<void> }).register(TAG)
  }

  async #count(): Promise<void> {
    const edits = await editsOfAccount(this.#account)
    this.kept = edits.length
    this.waiting = edits.filter(({ state }) => state === 'waiting').length
  }
}
export const sender = new Sender()
