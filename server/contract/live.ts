/**
 * The live protocol over Socket.IO. Server events are facts in the past tense; client requests are imperatives with
 * an acknowledgement. A client asks for rooms, gets a snapshot of each with a sequence number, then batched deltas.
 * Socket.IO is at-most-once: a delta whose `seq` is not the last one + 1, or of another `epoch`, means "ask again".
 */
import type { Alert } from './alert.ts'
import type { CameraStatus } from './camera.ts'
import type { FeedInfo } from './feed.ts'
import type { CityPrice, Quote } from './price.ts'

/** Raised when an old page could misread a new server; the page then reloads itself. */
export const PROTOCOL = 1
export const ROOMS = ['cameras', 'prices', 'alerts', 'feeds'] as const
export type Room = (typeof ROOMS)[number]

/** What one room's snapshot holds. */
export interface Snapshots {
  cameras: CameraStatus[]
  /** latest city figure of every commodity; the tables and charts load their own by HTTP */
  prices: { latestDay: string | null; city: CityPriceOf[] }
  alerts: Alert[]
  feeds: FeedInfo[]
}
/** What changed since the last batch; the last state of each thing wins. */
export interface Deltas {
  /** listed: cameras were added, renamed or moved, so the list that came by HTTP is loaded anew */
  cameras: { changed: CameraStatus[]; listed: boolean }
  /** after a bulk load only the newest of each commodity: enough for a page to know what moved */
  prices: { latestDay: string | null; city: CityPriceOf[]; quotes: Quote[] }
  alerts: { opened: Alert[]; resolved: number[] }
  feeds: FeedInfo[]
}
export interface CityPriceOf extends CityPrice {
  commodity: string
}

/** Holds at least what was published until `seq`; what it holds beyond that comes again, and changes nothing. */
export interface RoomSnapshot<R extends Room = Room> {
  room: R
  /** which life of the server counts: sequences start anew with it */
  epoch: string
  seq: number
  data: Snapshots[R]
}
export interface RoomDelta<R extends Room = Room> {
  room: R
  epoch: string
  seq: number
  data: Deltas[R]
}
export interface Heartbeat {
  /** server time, ms since 1970 */
  now: number
  epoch: string
  /** the last sequence of every room, so that a lost last batch is noticed too */
  seq: Record<Room, number>
  /** seconds since each feed's last good run; null: never */
  feeds: Record<string, number | null>
  version: string
  /** false while the database is away: what is shown may be old */
  database: boolean
}

export interface ServerEvents {
  'room:changed': (delta: RoomDelta) => void
  'heartbeat:beaten': (beat: Heartbeat) => void
  /** the session ended or the device link was revoked: the page asks to sign in */
  'session:ended': () => void
}
export type SubscribeAnswer = { ok: true; snapshots: RoomSnapshot[] } | { ok: false; error: string }
export interface ClientEvents {
  'rooms:subscribe': (
    request: { protocol: number; rooms: Room[] },
    ack: (answer: SubscribeAnswer) => void,
  ) => void
  'rooms:unsubscribe': (request: { rooms: Room[] }, ack: (answer: { ok: true }) => void) => void
}
export const HEARTBEAT_MS = 2_000
/** Without a heartbeat for so long the page says that it is not live. */
export const NOT_LIVE_AFTER_MS = 7_000
export const BATCH_MS = 250
