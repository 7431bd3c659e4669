import { io, type Socket } from 'socket.io-client'
import type { Alert } from '#contract/alert.ts'
import type { FeedInfo } from '#contract/feed.ts'
import type {
  ClientEvents,
  Deltas,
  Heartbeat,
  Room,
  RoomDelta,
  RoomSnapshot,
  ServerEvents,
  Snapshots,
} from '#contract/live.ts'
import { CamerasStore } from './cameras.svelte.ts'
import { PricesStore } from './prices.svelte.ts'
import { reloadPage } from './reload.ts'
import { missedBatch, placeDelta, withChanged, type Place } from './sequence.ts'
import { session } from './session.svelte.ts'

// The page knows the contract by its types only; these are its values, and the server refuses another protocol.
const PROTOCOL: (typeof import('#contract/live.ts'))['PROTOCOL'] = 1
const NOT_LIVE_AFTER_MS: (typeof import('#contract/live.ts'))['NOT_LIVE_AFTER_MS'] = 7_000
const RETRY_MS = 3_000

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
  /** the server speaks otherwise than this page: it has to be loaded anew */
  #outdated = false
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
      if (this.#socket?.connected === true)
        this.#socket.emit('rooms:unsubscribe', { rooms: gone }, () => undefined)
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
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 3_000,
    })
    this.#socket = socket
    socket.on('connect', () =>
      this.#subscribe([...this.#wanted].filter(([, count]) => count > 0).map(([room]) => room)),
    )
    socket.on('disconnect', (reason) => {
      this.connection = 'lost'
      if (reason === 'io server disconnect') setTimeout(() => socket.connect(), RETRY_MS)
    })
    socket.on('connect_error', ({ message }) => {
      this.connection = 'lost'
      if (message === 'not-signed-in') this.#refused()
      // A refused handshake does not try again by itself.
      if (!socket.active) setTimeout(() => socket.connect(), RETRY_MS)
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

  /** Who may not look is asked to sign in: nothing on that page claims to be live, so nothing is covered. */
  #refused(): void {
    this.connection = 'connecting'
    this.#lastBeat = Date.now()
    if (session.viewer !== null) session.ended()
  }
  /** Batches of a room that come before its snapshot does are in it already: they are not looked at. */
  #subscribe(rooms: Room[]): void {
    for (const room of rooms) this.#places.delete(room)
    if (rooms.length === 0 || this.#socket?.connected !== true) return
    this.#socket.emit('rooms:subscribe', { protocol: PROTOCOL, rooms }, (answer) => {
      if (answer.ok) {
        answer.snapshots.forEach((snapshot) => this.#restore(snapshot))
        this.connection = 'live'
      } else if (answer.error === 'protocol') this.#reload()
    })
  }
  #reload(): void {
    this.#outdated = true
    void reloadPage()
  }
  #restore({ room, epoch, seq, data }: RoomSnapshot): void {
    this.#places.set(room, { epoch, seq })
    if (room === 'cameras') this.cameras.put(data as Snapshots['cameras'], true)
    else if (room === 'prices') this.prices.put(data as Snapshots['prices'])
    else if (room === 'alerts') this.alerts = data as Snapshots['alerts']
    else this.feeds = data as Snapshots['feeds']
  }
  #take({ room, epoch, seq, data }: RoomDelta): void {
    const place = placeDelta(this.#places.get(room), { epoch, seq })
    if (place === 'resync') return this.#subscribe([room])
    if (place === 'ignore') return
    this.#places.set(room, { epoch, seq })
    if (room === 'cameras') {
      const { changed, listed } = data as Deltas['cameras']
      this.cameras.put(changed, listed)
    } else if (room === 'prices') this.prices.put(data as Deltas['prices'])
    else if (room === 'alerts') {
      const { opened, resolved } = data as Deltas['alerts']
      this.alerts = withChanged(this.alerts, opened).filter(({ id }) => !resolved.includes(id))
    } else this.feeds = withChanged(this.feeds, data as Deltas['feeds'])
  }
  #takeBeat(beat: Heartbeat): void {
    this.#version ??= beat.version
    if (this.#outdated || beat.version !== this.#version) this.#reload()
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

export const live = new Live()
