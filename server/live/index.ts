import { randomUUID } from 'node:crypto'
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
import type { Viewer } from '#contract/model.ts'
import { listAlerts } from '../alerts/store.ts'
import { readStatuses } from '../cameras/index.ts'
import type { Context } from '../context.ts'
import { listFeeds } from '../ingest/feeds-store.ts'
import { dayRange, latestCity } from '../prices/index.ts'
import { Sequenced } from './room.ts'
import { AlertsRoom, CamerasRoom, FeedsRoom, PricesRoom } from './states.ts'

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
export function startLive(httpServer: HttpServer, { pool, bus, clock, log }: Context, deps: LiveDeps): Live {
  const epoch = randomUUID()
  const io: Io = new Server(httpServer, {
    serveClient: false,
    perMessageDeflate: false, // eleven times the CPU at a thousand clients
    maxHttpBufferSize: 10_000,
    pingInterval: 10_000,
    pingTimeout: 8_000,
    allowRequest: (request, answer) =>
      answer(null, deps.originAllowed(request.headers.origin, request.headers.host)),
  })
  const states = {
    cameras: new CamerasRoom(),
    prices: new PricesRoom(),
    alerts: new AlertsRoom(),
    feeds: new FeedsRoom(),
  }
  const send = (delta: Parameters<ServerEvents['room:changed']>[0]) =>
    io.to(delta.room).emit('room:changed', delta)
  const rooms = {
    cameras: new Sequenced(states.cameras, epoch, send),
    prices: new Sequenced(states.prices, epoch, send),
    alerts: new Sequenced(states.alerts, epoch, send),
    feeds: new Sequenced(states.feeds, epoch, send),
  }

  const stops = [
    bus.on('cameras:changed', (fact) => states.cameras.put(fact) && rooms.cameras.changed()),
    bus.on('prices:changed', (fact) => (states.prices.put(fact), rooms.prices.changed())),
    bus.on('alerts:changed', (fact) => (states.alerts.put(fact), rooms.alerts.changed())),
    bus.on('feeds:changed', (fact) => states.feeds.put(fact) && rooms.feeds.changed()),
    bus.on('session:ended', ({ viewer }) => {
      for (const socket of io.sockets.sockets.values()) {
        if (socket.data.viewer !== viewer) continue
        socket.emit('session:ended')
        socket.disconnect(true)
      }
    }),
    bus.on(
      'database:returned',
      () => void reload().catch((error: unknown) => log.warn({ err: error }, 'live reload failed')),
    ),
  ]

  let databaseThere = true
  async function reload(): Promise<void> {
    const now = clock()
    const [statuses, days, city, alerts, feeds] = await Promise.all([
      readStatuses(pool),
      dayRange(pool),
      latestCity(pool),
      listAlerts(pool),
      listFeeds(pool, now),
    ])
    if (states.cameras.put(statuses)) rooms.cameras.changed()
    const known = new Set(states.prices.snapshot().city.map((figure) => JSON.stringify(figure)))
    const news = city.filter((figure) => !known.has(JSON.stringify(figure)))
    states.prices.put({ latestDay: days.latest, city: news, quotes: [] })
    if (news.length > 0) rooms.prices.changed()
    const open = new Set(alerts.map((alert) => alert.id))
    const shown = states.alerts.snapshot().map((alert) => alert.id)
    const opened = alerts.filter((alert) => !shown.includes(alert.id))
    const resolved = shown.filter((id) => !open.has(id))
    states.alerts.put({ opened, resolved })
    rooms.alerts.changed()
    if (states.feeds.put(feeds)) rooms.feeds.changed()
    databaseThere = true
  }

  const beat = setInterval(() => {
    const now = clock().getTime()
    const feeds: Heartbeat['feeds'] = {}
    for (const feed of states.feeds.snapshot())
      if (feed.mode !== 'history')
        feeds[feed.id] =
          feed.lastGoodAt === null
            ? null
            : Math.max(0, Math.round((now - Date.parse(feed.lastGoodAt)) / 1000))
    const seq = Object.fromEntries(ROOMS.map((room) => [room, rooms[room].seq])) as Record<Room, number>
    io.emit('heartbeat:beaten', { now, epoch, seq, feeds, version: deps.version, database: databaseThere })
  }, HEARTBEAT_MS)
  // The database is the truth: whatever was missed is published a little later. It also tells whether it is there.
  let reconciling = false
  const reconcile = setInterval(() => {
    if (reconciling) return
    reconciling = true
    listFeeds(pool, clock())
      .then(async (feeds) => {
        if (!databaseThere) await reload()
        else if (states.feeds.put(feeds)) rooms.feeds.changed()
      })
      .catch(() => (databaseThere = false))
      .finally(() => (reconciling = false))
  }, 2_000)

  io.use((socket, next) => {
    deps
      .viewerOf(socket.handshake.headers.cookie)
      .then((viewer) => {
        if (viewer === null) return next(new Error('not-signed-in'))
        socket.data.viewer = viewer.key
        next()
      })
      .catch(() => next(new Error('unavailable')))
  })
  io.on('connection', (socket) => {
    socket.on('rooms:subscribe', (request, ack) => {
      if (typeof ack !== 'function') return
      const wanted = readRooms(request)
      if (wanted === undefined) return ack({ ok: false, error: 'bad-input' })
      if (request.protocol !== PROTOCOL) return ack({ ok: false, error: 'protocol' })
      const snapshots = wanted.map((room) => rooms[room].snapshot())
      void socket.join(wanted)
      ack({ ok: true, snapshots })
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
      clearInterval(beat)
      clearInterval(reconcile)
      stops.forEach((stop) => stop())
      Object.values(rooms).forEach((room) => room.close())
      io.disconnectSockets(true)
      await io.close()
    },
  }
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
