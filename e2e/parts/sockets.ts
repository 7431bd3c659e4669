import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { Part } from './program.ts'

export interface Listening extends Part {
  port: number
}

/** Takes connections and stays silent. */
export const startHanging = (): Promise<Listening> => listen(() => undefined)

/** Takes connections and cuts each off as soon as something is asked. */
export const startResetting = (): Promise<Listening> =>
  listen((socket) => socket.once('data', () => socket.resetAndDestroy()))

/** Says the same to whoever connects, whatever is asked. */
export const startSaying = (text: string): Promise<Listening> => listen((socket) => socket.write(text))

/** A port at which nobody listens: somebody did a moment ago. */
export async function closedPort(): Promise<number> {
  const { port, stop } = await startHanging()
  await stop()
  return port
}

/** A server at a free port of the loopback; it goes with all its connections. */
export async function listen(take: (socket: Socket) => void): Promise<Listening> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // A prober that goes away in the middle is what these are for.
    socket.on('error', () => socket.destroy())
    take(socket)
    // What is not read hides that the other side has gone.
    socket.resume()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
