import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Conduct } from './conduct.ts'

/** What a client of a silent camera forgot is let go of, ms. */
const IDLE_MS = 60_000

/** One address of a stand-in: it listens there while it can be reached, and drops what is under way when that changes. */
export class Place {
  readonly address: string
  /** null: a switch */
  readonly streamId: string | null
  /** how it behaves; undefined before the first time */
  conduct: Conduct | undefined
  readonly #answer: (socket: Socket) => void
  readonly #onFault: (error: unknown) => void
  readonly #sockets = new Set<Socket>()
  #listener: Server | undefined

  /**
   * @param answer takes over a connection that is to be answered
   * @param onFault told where one could not be taken
   */
  constructor(
    address: string,
    streamId: string | null,
    { answer, onFault }: { answer: (socket: Socket) => void; onFault: (error: unknown) => void },
  ) {
    this.address = address
    this.streamId = streamId
    this.#answer = answer
    this.#onFault = onFault
  }

  /** Behaves like that from now on. Rejects where it cannot listen; its conduct is as before then. */
  async behave(conduct: Conduct, port: number): Promise<void> {
    if (conduct.behaviour === 'refusing') await this.close()
    else if (this.#listener === undefined) {
      this.#listener = await listening(createServer(this.#take), this.address, port)
      this.#listener.on('error', this.#onFault)
    }
    this.conduct = conduct
    // What is under way would be answered by what it no longer is.
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    const listener = this.#listener
    this.#listener = undefined
    for (const socket of this.#sockets) socket.destroy()
    if (listener === undefined) return
    listener.close()
    await once(listener, 'close')
  }

  readonly #take = (socket: Socket): void => {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    if (this.conduct?.behaviour !== 'silent') return this.#answer(socket)
    socket.on('error', () => socket.destroy())
    socket.setTimeout(IDLE_MS, () => socket.destroy())
    socket.resume()
  }
}

/** The server, once it listens there. Rejects where it cannot. */
export async function listening<T extends Server>(server: T, host: string, port: number): Promise<T> {
  server.listen({ host, port })
  await once(server, 'listening')
  return server
}
