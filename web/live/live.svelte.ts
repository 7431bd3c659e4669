import { io, type Socket } from 'socket.io-client'
import { SvelteMap } from 'svelte/reactivity'
import type { Alert, Camera, CameraStatus, FeedInfo } from '#contract/model.ts'
import type {
  CityPriceOf,
  ClientEvents,
  Deltas,
  Heartbeat,
  Room,
  RoomDelta,
  RoomSnapshot,
  ServerEvents,
  Snapshots,
} from '#contract/live.ts'
import { get } from './api.ts'
import { missedBatch, placeDelta, type Place } from './sequence.ts'
import { session } from './session.svelte.ts'

// The page knows the contract by its types only; these are its values, and the server refuses another protocol.
const PROTOCOL: (typeof import('#contract/live.ts'))['PROTOCOL'] = 1
const NOT_LIVE_AFTER_MS: (typeof import('#contract/live.ts'))['NOT_LIVE_AFTER_MS'] = 7_000
const RELOADED = 'reloaded-at'

class Changes<T> {
  #listeners = new Set<(fact: T) => void>()
  on(listener: (fact: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  tell(fact: T): void {
    this.#listeners.forEach((listener) => listener(fact))
  }
}

/** All cameras; `version` moves with every batch, so that a list need not watch each of them. */
export class CamerasStore {
  readonly all = new Map<number, Camera>()
  version = $state(0)
  loaded = $state(false)
  error = $state<unknown>(null)
  #early = new Map<number, CameraStatus>()
  #changes = new Changes<CameraStatus[]>()
  onChange(listener: (statuses: CameraStatus[]) => void): () => void {
    return this.#changes.on(listener)
  }
  async load(): Promise<void> {
    try {
      const { cameras } = await get<{ cameras: Camera[] }>('/api/cameras')
      // What the socket told while the list was under way is newer than the list.
      for (const camera of cameras)
        this.all.set(camera.id, { ...camera, status: this.#early.get(camera.id) ?? camera.status })
      this.loaded = true
      this.error = null
      this.version += 1
    } catch (error) {
      this.error = error
    }
  }
  put(statuses: readonly CameraStatus[]): void {
    for (const status of statuses) {
      this.#early.set(status.id, status)
      const camera = this.all.get(status.id)
      if (camera !== undefined) camera.status = status
      else if (this.loaded) this.loaded = false
    }
    if (!this.loaded) void this.load()
    this.version += 1
    this.#changes.tell([...statuses])
  }
}

class PricesStore {
  latestDay = $state<string | null>(null)
  readonly city = new SvelteMap<string, CityPriceOf>()
  #changes = new Changes<Deltas['prices']>()
  onChange(listener: (delta: Deltas['prices']) => void): () => void {
    return this.#changes.on(listener)
  }
  put(data: Snapshots['prices'] | Deltas['prices']): void {
    this.latestDay = data.latestDay
    for (const figure of data.city) {
      const known = this.city.get(figure.commodity)
      if (known === undefined || known.day <= figure.day) this.city.set(figure.commodity, figure)
    }
    this.#changes.tell('quotes' in data ? data : { ...data, quotes: [] })
  }
}

class Live {
  readonly cameras = new CamerasStore()
  readonly prices = new PricesStore()
  alerts = $state<Alert[]>([])
  feeds = $state<FeedInfo[]>([])
  connection = $state<'live' | 'connecting' | 'lost'>('connecting')
  /** ms since 1970 of the last heartbeat, once it is overdue; null while live */
  notLiveSince = $state<number | null>(null)
  /** false while the server has lost its database */
  database = $state(true)
  #now = $state(Date.now())
  #offset = 0
  #lastBeat = Date.now()
  #beat: Heartbeat | undefined
  #feedAges = $state<Record<string, number | null>>({})
  #version: string | undefined
  #wanted = new Map<Room, number>()
  #places = new Map<Room, Place>()
  #socket: Socket<ServerEvents, ClientEvents> | undefined

  /** Shows rooms for as long as the returned function is not called. */
  watch(rooms: Room[]): () => void {
    this.#connect()
    const fresh = rooms.filter((room) => (this.#wanted.get(room) ?? 0) === 0)
    for (const room of rooms) this.#wanted.set(room, (this.#wanted.get(room) ?? 0) + 1)
    this.#subscribe(fresh)
    return () => {
      for (const room of rooms) this.#wanted.set(room, (this.#wanted.get(room) ?? 1) - 1)
      const gone = rooms.filter((room) => this.#wanted.get(room) === 0)
      if (gone.length === 0) return
      this.#socket?.emit('rooms:unsubscribe', { rooms: gone }, () => undefined)
      for (const room of gone) this.#places.delete(room)
    }
  }
  /** The server's clock, ms since 1970; moves every second. */
  serverNow(): number {
    return this.#now + this.#offset
  }
  /** Seconds since a feed's last good run; null where there was none. */
  feedAge(id: string): number | null {
    const age = this.#feedAges[id]
    return age === undefined || age === null
      ? null
      : age + Math.max(0, Math.round((this.#now - this.#lastBeat) / 1000))
  }

  #connect(): void {
    if (this.#socket !== undefined) return
    const socket: Socket<ServerEvents, ClientEvents> = io({
      transports: ['websocket', 'polling'],
      reconnectionDelay: 500,
      reconnectionDelayMax: 3_000,
    })
    this.#socket = socket
    socket.on('connect', () =>
      this.#subscribe([...this.#wanted].filter(([, count]) => count > 0).map(([room]) => room)),
    )
    socket.on('disconnect', (reason) => {
      this.connection = 'lost'
      if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 2_000)
    })
    // A refused handshake does not try again by itself.
    socket.on('connect_error', () => {
      this.connection = 'lost'
      if (!socket.active) setTimeout(() => socket.connect(), 3_000)
    })
    socket.on('room:changed', (delta) => this.#take(delta))
    socket.on('heartbeat:beaten', (beat) => this.#takeBeat(beat))
    socket.on('session:ended', () => session.ended())
    setInterval(() => {
      this.#now = Date.now()
      this.notLiveSince =
        this.#now - this.#lastBeat > NOT_LIVE_AFTER_MS ? this.#lastBeat + this.#offset : null
    }, 1_000)
  }

  #subscribe(rooms: Room[]): void {
    if (rooms.length === 0 || this.#socket?.connected !== true) return
    this.#socket.emit('rooms:subscribe', { protocol: PROTOCOL, rooms }, (answer) => {
      if (!answer.ok) return answer.error === 'protocol' ? reloadOnce() : undefined
      answer.snapshots.forEach((snapshot) => this.#restore(snapshot))
      this.connection = 'live'
    })
  }
  #restore({ room, epoch, seq, data }: RoomSnapshot): void {
    this.#places.set(room, { epoch, seq })
    if (room === 'cameras') this.cameras.put(data as Snapshots['cameras'])
    else if (room === 'prices') this.prices.put(data as Snapshots['prices'])
    else if (room === 'alerts') this.alerts = data as Snapshots['alerts']
    else this.feeds = data as Snapshots['feeds']
  }
  #take({ room, epoch, seq, data }: RoomDelta): void {
    const place = placeDelta(this.#places.get(room), { epoch, seq })
    if (place === 'resync') return this.#subscribe([room])
    if (place === 'ignore') return
    this.#places.set(room, { epoch, seq })
    if (room === 'cameras') this.cameras.put(data as Deltas['cameras'])
    else if (room === 'prices') this.prices.put(data as Deltas['prices'])
    else if (room === 'alerts') {
      const { opened, resolved } = data as Deltas['alerts']
      this.alerts = [
        ...opened,
        ...this.alerts.filter(
          (alert) => !resolved.includes(alert.id) && !opened.some((one) => one.id === alert.id),
        ),
      ]
    } else {
      const changed = data as Deltas['feeds']
      const ids = new Set(changed.map((feed) => feed.id))
      this.feeds = [...this.feeds.filter((feed) => !ids.has(feed.id)), ...changed].sort((a, b) =>
        a.id.localeCompare(b.id),
      )
    }
  }
  #takeBeat(beat: Heartbeat): void {
    this.#version ??= beat.version
    if (beat.version !== this.#version) reloadOnce()
    this.#lastBeat = Date.now()
    this.#offset = beat.now - this.#lastBeat
    this.#feedAges = beat.feeds
    this.database = beat.database
    this.notLiveSince = null
    for (const [room, count] of this.#wanted) {
      const previous =
        this.#beat === undefined ? undefined : { epoch: this.#beat.epoch, seq: this.#beat.seq[room] }
      if (
        count > 0 &&
        missedBatch(this.#places.get(room), { epoch: beat.epoch, seq: beat.seq[room] }, previous)
      )
        this.#subscribe([room])
    }
    this.#beat = beat
  }
}

/** A new version of the server brings a new page; not more often than once a minute, should both disagree for good. */
function reloadOnce(): void {
  if (Date.now() - Number(sessionStorage.getItem(RELOADED) ?? 0) < 60_000) return
  sessionStorage.setItem(RELOADED, String(Date.now()))
  location.reload()
}

export const live = new Live()
