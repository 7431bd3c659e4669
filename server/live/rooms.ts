import { randomUUID } from 'node:crypto'
import { ROOMS, type Room, type RoomDelta, type RoomSnapshot } from '#contract/live.ts'
import type { FeedInfo } from '#contract/feed.ts'
import { listAlerts } from '../alerts/store.ts'
import { readStatuses } from '../cameras/index.ts'
import type { Context } from '../context.ts'
import { listFeeds } from '../ingest/feeds-store.ts'
import { dayRange, latestCity } from '../prices/index.ts'
import { Sequenced } from './room.ts'
import { AlertsRoom, CamerasRoom, FeedsRoom, PricesRoom } from './states.ts'

/** What is published: facts of the bus, and what the database says, put into rooms that send batches. */
export class Rooms {
  /** this life of the server: sequences start anew with it */
  readonly epoch = randomUUID()
  readonly #context: Pick<Context, 'pool' | 'bus' | 'clock'>
  readonly #cameras = new CamerasRoom()
  readonly #prices = new PricesRoom()
  readonly #alerts = new AlertsRoom()
  readonly #feeds = new FeedsRoom()
  readonly #rooms: { [R in Room]: Sequenced<R> }
  readonly #stops: (() => void)[]

  constructor(context: Pick<Context, 'pool' | 'bus' | 'clock'>, send: (delta: RoomDelta) => void) {
    this.#context = context
    const rooms = {
      cameras: new Sequenced(this.#cameras, this.epoch, send),
      prices: new Sequenced(this.#prices, this.epoch, send),
      alerts: new Sequenced(this.#alerts, this.epoch, send),
      feeds: new Sequenced(this.#feeds, this.epoch, send),
    }
    this.#rooms = rooms
    const { bus } = context
    this.#stops = [
      bus.on('cameras:changed', (fact) => this.#cameras.put(fact) && rooms.cameras.changed()),
      bus.on('cameras:listed', () => (this.#cameras.list(), rooms.cameras.changed())),
      bus.on('prices:changed', (fact) => this.#prices.put(fact) && rooms.prices.changed()),
      bus.on('alerts:changed', (fact) => this.#alerts.put(fact) && rooms.alerts.changed()),
      bus.on('feeds:changed', (fact) => this.#feeds.put(fact) && rooms.feeds.changed()),
    ]
  }

  snapshots(rooms: readonly Room[]): RoomSnapshot[] {
    return rooms.map((room) => this.#rooms[room].snapshot())
  }
  /** The last sequence number of every room. */
  seq(): Record<Room, number> {
    return Object.fromEntries(ROOMS.map((room) => [room, this.#rooms[room].seq])) as Record<Room, number>
  }
  feeds(): FeedInfo[] {
    return this.#feeds.snapshot()
  }

  /** Reads everything from the database and publishes what differs. Facts that are told meanwhile stand. */
  async reload(): Promise<void> {
    const { pool } = this.#context
    const at = { cameras: this.#cameras.turn, prices: this.#prices.turn, alerts: this.#alerts.turn }
    const [statuses, days, city, alerts] = await Promise.all([
      readStatuses(pool),
      dayRange(pool),
      latestCity(pool),
      listAlerts(pool),
      this.reloadFeeds(),
    ])
    if (this.#cameras.put(statuses, at.cameras)) this.#rooms.cameras.changed()
    if (this.#prices.put({ latestDay: days.latest, city, quotes: [] }, at.prices))
      this.#rooms.prices.changed()
    if (this.#alerts.renew(alerts, at.alerts)) this.#rooms.alerts.changed()
  }

  /** Feeds change with every run of theirs, so they are asked for often. */
  async reloadFeeds(): Promise<void> {
    const at = this.#feeds.turn
    const feeds = await listFeeds(this.#context.pool, this.#context.clock())
    if (this.#feeds.put(feeds, at)) this.#rooms.feeds.changed()
  }

  close(): void {
    this.#stops.forEach((stop) => stop())
    Object.values(this.#rooms).forEach((room) => room.close())
  }
}
