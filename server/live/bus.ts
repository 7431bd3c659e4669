import type { Alert } from '#contract/alert.ts'
import type { CameraStatus } from '#contract/camera.ts'
import type { FeedInfo } from '#contract/feed.ts'
import type { Quote } from '#contract/price.ts'
import type { CityPriceOf } from '#contract/live.ts'
import type { Counts } from '../ingest/feeds-store.ts'

/** Facts that domains tell after commit; the live side turns them into batches, alerts look for conditions in them. */
export interface Facts {
  'cameras:changed': CameraStatus[]
  /** cameras were added, or what their source says of them changed: name, place, district */
  'cameras:listed': null
  /** what is probed, or how, changed: of these cameras, or of all */
  'probe:configured': { cameraIds: number[] | 'all' }
  /** the prober stored so many checks, of which so many failed, and the commit took so long */
  'checks:stored': { checks: number; failed: number; tookMs: number }
  'prices:changed': { latestDay: string | null; city: CityPriceOf[]; quotes: Quote[] }
  'alerts:changed': { opened: Alert[]; resolved: number[] }
  'feeds:changed': FeedInfo[]
  /** what each request or run of a feed came to, and how long the commit took that they shared */
  'rows:committed': { parcels: { feed: string; counts: Counts }[]; tookMs: number }
  /** a regular job could not do its work this time */
  'job:failed': { job: string }
  /** an account's sessions or a device's link ended: sockets that use them must go */
  'session:ended': { viewer: string }
  /** the database was away: what was published may miss a commit whose answer was lost */
  'database:returned': null
}

type Listener<K extends keyof Facts> = (fact: Facts[K]) => void

export class Bus {
  #listeners: { [K in keyof Facts]?: Set<Listener<K>> } = {}

  /** Returns the function that ends the listening. */
  on<K extends keyof Facts>(name: K, listener: Listener<K>): () => void {
    const set: Set<Listener<K>> = (this.#listeners[name] as Set<Listener<K>> | undefined) ?? new Set()
    ;(this.#listeners as Record<K, Set<Listener<K>>>)[name] = set
    set.add(listener)
    return () => set.delete(listener)
  }

  tell<K extends keyof Facts>(name: K, fact: Facts[K]): void {
    const set = this.#listeners[name] as Set<Listener<K>> | undefined
    set?.forEach((listener) => listener(fact))
  }
}
