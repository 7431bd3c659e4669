import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * One kept-alive HTTP connection that sends one request at a time. The load comes from the machine that is measured,
 * so it is written by hand: Node's own client costs several times what the answer costs.
 */
export class Connection {
  readonly #socket: Socket
  readonly #head: string
  #buffered = ''
  #waiting: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined

  private constructor(socket: Socket, head: string) {
    this.#socket = socket
    this.#head = head
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => this.#take(chunk))
    const fail = (error: Error) => this.#waiting?.reject(error)
    socket.on('error', fail)
    socket.on('close', () => fail(new Error('the server closed the connection')))
  }

  /** @param path to which JSON is posted with the feed key */
  static async open(url: string, path: string, key: string): Promise<Connection> {
    const { hostname, port, host } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n`
    return new Connection(socket, head)
  }

  /** The body of the answer; rejects for any status but 200. */
  post(body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket.write(`${this.#head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    })
  }

  close(): void {
    this.#waiting = undefined
    this.#socket.destroy()
  }

  #take(chunk: string): void {
    this.#buffered += chunk
    const end = this.#buffered.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.#buffered.slice(0, end)
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? Number.NaN)
    if (this.#buffered.length < end + 4 + length) return
    const body = this.#buffered.slice(end + 4, end + 4 + length)
    this.#buffered = this.#buffered.slice(end + 4 + length)
    const waiting = this.#waiting
    this.#waiting = undefined
    if (head.startsWith('HTTP/1.1 200 ')) waiting?.resolve(body)
    else waiting?.reject(new Error(`${head.split('\r\n')[0]} ${body.slice(0, 300)}`))
  }
}
