import type { Alert, CameraStatus, FeedInfo, Quote } from '#contract/model.ts'
import type { CityPriceOf, Deltas, Snapshots } from '#contract/live.ts'
import type { RoomState } from './room.ts'

/** Things by id with the last state of each; what changed waits in a second map, where the last state wins. */
class Latest<K, V> {
  readonly all = new Map<K, V>()
  #waiting = new Map<K, V>()
  put(key: K, value: V): void {
    this.all.set(key, value)
    this.#waiting.set(key, value)
  }
  take(): V[] {
    const values = [...this.#waiting.values()]
    this.#waiting.clear()
    return values
  }
}

export class CamerasRoom implements RoomState<'cameras'> {
  readonly name = 'cameras'
  #latest = new Latest<number, CameraStatus>()

  /** Takes statuses that a commit made; an older one than is known does not undo it. */
  put(statuses: readonly CameraStatus[]): boolean {
    let news = false
    for (const status of statuses) {
      const known = this.#latest.all.get(status.id)
      if (known !== undefined && known.state === status.state && known.since === status.since) continue
      this.#latest.put(status.id, status)
      news = true
    }
    return news
  }
  snapshot(): Snapshots['cameras'] {
    return [...this.#latest.all.values()]
  }
  take(): Deltas['cameras'] | null {
    const changed = this.#latest.take()
    return changed.length === 0 ? null : changed
  }
}

export class PricesRoom implements RoomState<'prices'> {
  readonly name = 'prices'
  #city = new Latest<string, CityPriceOf>()
  #older: CityPriceOf[] = []
  #quotes = new Map<string, Quote>()
  #latestDay: string | null = null

  put(fact: { latestDay: string | null; city: readonly CityPriceOf[]; quotes: readonly Quote[] }): void {
    if (fact.latestDay !== null && (this.#latestDay === null || fact.latestDay > this.#latestDay))
      this.#latestDay = fact.latestDay
    for (const figure of fact.city) {
      const known = this.#city.all.get(figure.commodity)
      if (known === undefined || known.day <= figure.day) this.#city.put(figure.commodity, figure)
      else this.#older.push(figure)
    }
    for (const quote of fact.quotes)
      this.#quotes.set(`${quote.day} ${quote.market} ${quote.commodity} ${quote.feed}`, quote)
  }
  snapshot(): Snapshots['prices'] {
    return { latestDay: this.#latestDay, city: [...this.#city.all.values()] }
  }
  take(): Deltas['prices'] | null {
    const city = [...this.#city.take(), ...this.#older.splice(0)]
    const quotes = [...this.#quotes.values()]
    this.#quotes.clear()
    return city.length + quotes.length === 0 ? null : { latestDay: this.#latestDay, city, quotes }
  }
}

export class AlertsRoom implements RoomState<'alerts'> {
  readonly name = 'alerts'
  #open = new Map<number, Alert>()
  #opened: Alert[] = []
  #resolved: number[] = []

  put(fact: { opened: Alert[]; resolved: number[] }): void {
    for (const alert of fact.opened) this.#open.set(alert.id, alert)
    for (const id of fact.resolved) this.#open.delete(id)
    this.#opened.push(...fact.opened)
    this.#resolved.push(...fact.resolved)
  }
  snapshot(): Snapshots['alerts'] {
    return [...this.#open.values()]
  }
  take(): Deltas['alerts'] | null {
    if (this.#opened.length + this.#resolved.length === 0) return null
    return { opened: this.#opened.splice(0), resolved: this.#resolved.splice(0) }
  }
}

export class FeedsRoom implements RoomState<'feeds'> {
  readonly name = 'feeds'
  #latest = new Latest<string, FeedInfo>()

  put(feeds: readonly FeedInfo[]): boolean {
    let news = false
    for (const feed of feeds) {
      if (JSON.stringify(this.#latest.all.get(feed.id)) === JSON.stringify(feed)) continue
      this.#latest.put(feed.id, feed)
      news = true
    }
    return news
  }
  snapshot(): Snapshots['feeds'] {
    return [...this.#latest.all.values()]
  }
  take(): Deltas['feeds'] | null {
    const changed = this.#latest.take()
    return changed.length === 0 ? null : changed
  }
}
