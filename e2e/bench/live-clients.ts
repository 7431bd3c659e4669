/** Many Socket.IO clients in a process of their own, so that what they cost is not what is measured. */
import { io, type Socket } from 'socket.io-client'
import type { ClientEvents, ServerEvents } from '../../server/contract/live.ts'

const [url = '', count = '0'] = process.argv.slice(2)
let deltas = 0

const client = () =>
  new Promise<Socket<ServerEvents, ClientEvents>>((resolve, reject) => {
    const socket: Socket<ServerEvents, ClientEvents> = io(url, { transports: ['websocket'], forceNew: true })
    socket.on('room:changed', () => (deltas += 1))
    socket.once('connect_error', reject)
    socket.once('connect', () =>
      socket.emit('rooms:subscribe', { protocol: 1, rooms: ['cameras'] }, (answer) =>
        answer.ok ? resolve(socket) : reject(new Error(answer.error)),
      ),
    )
  })

const AT_ONCE = 50
const sockets: Socket[] = []
for (let made = 0; made < Number(count); made += AT_ONCE)
  sockets.push(
    ...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, Number(count) - made) }, client))),
  )
process.on('message', (message) => {
  if (message === 'deltas?') process.send?.({ deltas })
})
process.on('disconnect', () => process.exit(0))
process.send?.('connected')
