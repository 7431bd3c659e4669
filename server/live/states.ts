import type { Alert } from '#contract/alert.ts'
import type { CameraStatus } from '#contract/camera.ts'
import type { FeedInfo } from '#contract/feed.ts'
import type { Quote } from '#contract/price.ts'
import type { CityPriceOf, Deltas, Snapshots } from '#contract/live.ts'
import type { RoomState } from './room.ts'

/** More older figures or quotes than these in one batch: a bulk load, of which each commodity's newest is told. */
const BULK = 500

/**
 * Things by id with the last state of each, and what of them waits to be sent. Every fact has a turn: what was read from
 * the database while a fact arrived may be older than the fact, and does not undo it.
 */
class Latest<K, V> {
  readonly #all = new Map<K, { value: V; turn: number }>()
  readonly #waiting = new Set<K>()
  readonly #same: (a: V, b: V) => boolean
  turn = 0

  constructor(same: (a: V, b: V) => boolean) {
    this.#same = same
  }
  /** `readAt`: the turn at which it was read from the database; none: it is a fact. True where it is news. */
  put(key: K, value: V, readAt = Number.POSITIVE_INFINITY): boolean {
    const known = this.#all.get(key)
    if (known !== undefined && (known.turn > readAt || this.#same(known.value, value))) return false
    this.turn += 1
    this.#all.set(key, { value, turn: this.turn })
    this.#waiting.add(key)
    return true
  }
  delete(key: K): void {
    this.#all.delete(key)
    this.#waiting.delete(key)
  }
  get(key: K): V | undefined {
    return this.#all.get(key)?.value
  }
  values(): V[] {
    return [...this.#all.values()].map(({ value }) => value)
  }
  /** Keys of what was known at that turn already and has not changed since. */
  unchangedSince(turn: number): K[] {
    return [...this.#all].filter(([, known]) => known.turn <= turn).map(([key]) => key)
  }
  take(): V[] {
    const values = [...this.#waiting].map((key) => this.get(key) as V)
    this.#waiting.clear()
    return values
  }
}
const sameJson = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

export class CamerasRoom implements RoomState<'cameras'> {
  readonly name = 'cameras'
  // The time of the last reading moves with every reading: it is no news by itself.
  #latest = new Latest<number, CameraStatus>(
    (a, b) =>
      a.state === b.state &&
      a.since === b.since &&
      a.reason === b.reason &&
      a.feed === b.feed &&
      a.demo === b.demo,
  )
  #listed = false

  get turn(): number {
    return this.#latest.turn
  }
  put(statuses: readonly CameraStatus[], readAt?: number): boolean {
    return statuses.filter((status) => this.#latest.put(status.id, status, readAt)).length > 0
  }
  list(): void {
    this.#listed = true
  }
  snapshot(): Snapshots['cameras'] {
    return this.#latest.values()
  }
  take(): Deltas['cameras'] | null {
    const [changed, listed] = [this.#latest.take(), this.#listed]
    this.#listed = false
    return changed.length === 0 && !listed ? null : { changed, listed }
  }
}

export class PricesRoom implements RoomState<'prices'> {
  readonly name = 'prices'
  #city = new Latest<string, CityPriceOf>(sameJson)
  #older = new Map<string, CityPriceOf>()
  #quotes = new Map<string, Quote>()
  #latestDay: string | null = null

  get turn(): number {
    return this.#city.turn
  }
  put(
    fact: { latestDay: string | null; city: readonly CityPriceOf[]; quotes: readonly Quote[] },
    readAt?: number,
  ): boolean {
    if (fact.latestDay !== null && (this.#latestDay === null || fact.latestDay > this.#latestDay))
      this.#latestDay = fact.latestDay
    let news = fact.quotes.length > 0
    for (const figure of fact.city) {
      const known = this.#city.get(figure.commodity)
      if (known === undefined || known.day <= figure.day)
        news = this.#city.put(figure.commodity, figure, readAt) || news
      else if (readAt === undefined) {
        this.#older.set(`${figure.commodity} ${figure.day}`, figure)
        news = true
      }
    }
    for (const quote of fact.quotes)
      this.#quotes.set(`${quote.day} ${quote.market} ${quote.commodity} ${quote.feed}`, quote)
    return news
  }
  snapshot(): Snapshots['prices'] {
    return { latestDay: this.#latestDay, city: this.#city.values() }
  }
  take(): Deltas['prices'] | null {
    const city = [...this.#city.take(), ...notTooMany(this.#older)]
    const quotes = notTooMany(this.#quotes)
    this.#older.clear()
    this.#quotes.clear()
    return city.length + quotes.length === 0 ? null : { latestDay: this.#latestDay, city, quotes }
  }
}

function notTooMany<T extends { commodity: string; day: string }>(waiting: ReadonlyMap<string, T>): T[] {
  if (waiting.size <= BULK) return [...waiting.values()]
  const newest = new Map<string, T>()
  for (const one of waiting.values())
    if ((newest.get(one.commodity)?.day ?? '') <= one.day) newest.set(one.commodity, one)
  return [...newest.values()]
}

export class AlertsRoom implements RoomState<'alerts'> {
  readonly name = 'alerts'
  #open = new Latest<number, Alert>(sameJson)
  /** of this life of the server; what is over never opens again: it would be another alert */
  #over = new Set<number>()
  #resolved: number[] = []

  get turn(): number {
    return this.#open.turn
  }
  put(fact: { opened: readonly Alert[]; resolved: readonly number[] }, readAt?: number): boolean {
    const opened = fact.opened.filter(
      (alert) => !this.#over.has(alert.id) && this.#open.put(alert.id, alert, readAt),
    )
    const resolved = fact.resolved.filter((id) => !this.#over.has(id))
    for (const id of resolved) {
      this.#open.delete(id)
      this.#over.add(id)
      this.#resolved.push(id)
    }
    return opened.length + resolved.length > 0
  }
  /** Takes the alerts that the database says are open; the others are over. */
  renew(alerts: readonly Alert[], readAt: number): boolean {
    const ids = new Set(alerts.map((alert) => alert.id))
    const resolved = this.#open.unchangedSince(readAt).filter((id) => !ids.has(id))
    return this.put({ opened: alerts, resolved }, readAt)
  }
  snapshot(): Snapshots['alerts'] {
    return this.#open.values()
  }
  take(): Deltas['alerts'] | null {
    const [opened, resolved] = [this.#open.take(), this.#resolved.splice(0)]
    return opened.length + resolved.length === 0 ? null : { opened, resolved }
  }
}

export class FeedsRoom implements RoomState<'feeds'> {
  readonly name = 'feeds'
  #latest = new Latest<string, FeedInfo>(sameJson)

  get turn(): number {
    return this.#latest.turn
  }
  put(feeds: readonly FeedInfo[], readAt?: number): boolean {
    return feeds.filter((feed) => this.#latest.put(feed.id, feed, readAt)).length > 0
  }
  snapshot(): Snapshots['feeds'] {
    return this.#latest.values()
  }
  take(): Deltas['feeds'] | null {
    const changed = this.#latest.take()
    return changed.length === 0 ? null : changed
  }
}
