import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import {
  HEARTBEAT_MS,
  PROTOCOL,
  ROOMS,
  type ClientEvents,
  type Heartbeat,
  type Room,
  type ServerEvents,
} from '#contract/live.ts'
import type { FeedInfo } from '#contract/feed.ts'
import type { Viewer } from '#contract/viewer.ts'
import type { Context } from '../context.ts'
import { Pace } from './pace.ts'
import { Rooms } from './rooms.ts'

/** How often it is seen whether the database is there, and what its feeds did. */
const RECONCILE_MS = 2_000

/** A page asks for its rooms when it opens and after each gap. */
const SUBSCRIBE_BURST = 30
const SUBSCRIBE_PER_SECOND = 1

interface SocketData {
  viewer: string
}
type Io = Server<ClientEvents, ServerEvents, Record<string, never>, SocketData>

export interface LiveDeps {
  /** who looks, by the same cookie as every page; null: nobody who may */
  viewerOf(cookie: string | undefined): Promise<(Viewer & { key: string }) | null>
  version: string
  /** hosts that a page may come from: its own, or the public one behind a proxy */
  originAllowed(origin: string | undefined, host: string | undefined): boolean
}
export interface Live {
  io: Io
  /** Reads everything from the database and publishes what differs from what was published. */
  reload(): Promise<void>
  connections(): number
  close(): Promise<void>
}

/** The Socket.IO side: facts that domains told after commit leave as batched deltas of rooms. */
export function startLive(httpServer: HttpServer, context: Context, deps: LiveDeps): Live {
  const { pool, bus, clock, log } = context
  const io: Io = new Server(httpServer, {
    serveClient: false,
    perMessageDeflate: false, // eleven times the CPU at a thousand clients
    maxHttpBufferSize: 10_000,
    // A ping waits behind what was sent before: who reads too slowly is gone after both, and so is what waits for them.
    pingInterval: 10_000,
    pingTimeout: 8_000,
    allowRequest: (request, answer) =>
      answer(null, deps.originAllowed(request.headers.origin, request.headers.host)),
  })
  const rooms = new Rooms(context, (delta) => io.to(delta.room).emit('room:changed', delta))

  let databaseThere = true
  /** The database was away: a commit may have lost its answer, and so was never told. */
  let doubtful = false
  const doubt = () => void (doubtful = true)
  async function reload(): Promise<void> {
    doubtful = false
    await rooms.reload()
  }
  let reconciling = false
  async function reconcile(): Promise<void> {
    if (reconciling) return
    reconciling = true
    try {
      await (doubtful ? reload() : rooms.reloadFeeds())
      databaseThere = true
    } catch (error) {
      if (databaseThere) log.warn({ err: error }, 'the live side cannot read the database; it tries on')
      databaseThere = false
      doubtful = true
    } finally {
      reconciling = false
    }
  }
  pool.on('error', doubt)
  let endings = 0
  const stops = [
    () => pool.off('error', doubt),
    bus.on('database:returned', () => (doubt(), void reconcile())),
    bus.on('session:ended', ({ viewer }) => {
      endings += 1
      for (const socket of io.sockets.sockets.values()) {
        if (socket.data.viewer !== viewer) continue
        socket.emit('session:ended')
        socket.disconnect(true)
      }
    }),
  ]

  const timers = [
    setInterval(() => {
      io.emit('heartbeat:beaten', {
        now: clock().getTime(),
        epoch: rooms.epoch,
        seq: rooms.seq(),
        feeds: agesOf(rooms.feeds(), clock()),
        version: deps.version,
        database: databaseThere,
      })
    }, HEARTBEAT_MS),
    setInterval(() => void reconcile(), RECONCILE_MS),
  ]

  /** Asks again where a session ended while it was asked: the answer may be from before. */
  async function viewerOf(cookie: string | undefined): ReturnType<LiveDeps['viewerOf']> {
    const before = endings
    const viewer = await deps.viewerOf(cookie)
    return before === endings ? viewer : viewerOf(cookie)
  }
  io.use((socket, next) => {
    viewerOf(socket.handshake.headers.cookie)
      .then((viewer) => {
        if (viewer === null) return next(new Error('not-signed-in'))
        socket.data.viewer = viewer.key
        next()
      })
      .catch((error: unknown) => {
        log.warn({ err: error }, 'nobody could say who opens a socket')
        next(new Error('unavailable'))
      })
  })
  io.on('connection', (socket) => {
    // A snapshot is large: who asks without end, and perhaps reads none, must not fill the memory.
    const pace = new Pace(SUBSCRIBE_BURST, SUBSCRIBE_PER_SECOND, clock().getTime())
    socket.on('rooms:subscribe', (request, ack) => {
      if (typeof ack !== 'function') return
      const wanted = readRooms(request)
      if (wanted === undefined) return ack({ ok: false, error: 'bad-input' })
      if (request.protocol !== PROTOCOL) return ack({ ok: false, error: 'protocol' })
      if (!pace.take(clock().getTime())) return ack({ ok: false, error: 'too-many' })
      // In one turn: no batch can leave between the snapshot and the joining.
      void socket.join(wanted)
      ack({ ok: true, snapshots: rooms.snapshots(wanted) })
    })
    socket.on('rooms:unsubscribe', (request, ack) => {
      for (const room of readRooms(request) ?? []) void socket.leave(room)
      if (typeof ack === 'function') ack({ ok: true })
    })
  })

  return {
    io,
    reload,
    connections: () => io.engine.clientsCount,
    close: async () => {
      timers.forEach(clearInterval)
      stops.forEach((stop) => stop())
      rooms.close()
      io.disconnectSockets(true)
      await io.close()
    },
  }
}

/** Seconds since each feed's last good run; the real history that comes with the city has no age. */
function agesOf(feeds: readonly FeedInfo[], now: Date): Heartbeat['feeds'] {
  const age = (goodAt: string | null) =>
    goodAt === null ? null : Math.max(0, Math.round((now.getTime() - Date.parse(goodAt)) / 1000))
  return Object.fromEntries(
    feeds.filter(({ mode }) => mode !== 'history').map(({ id, lastGoodAt }) => [id, age(lastGoodAt)]),
  )
}

/** A request from outside: rooms by name, or undefined where it is anything else. */
function readRooms(request: unknown): Room[] | undefined {
  if (
    typeof request !== 'object' ||
    request === null ||
    !('rooms' in request) ||
    !Array.isArray(request.rooms)
  )
    return undefined
  const names: unknown[] = request.rooms
  const rooms = ROOMS.filter((room) => names.includes(room))
  return names.length <= ROOMS.length && rooms.length === new Set(names).size ? rooms : undefined
}
