/**
 * What the benchmarks probe, as a process of its own so that its work is not counted: addresses 127.40.0.1 .. 127.40.0.250 with
 * a port each kind. Prints its ports as JSON when it listens; a line on its input sets what every kind does.
 */
import { createServer as createHttp } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

const HOSTS = 250
const hosts = Array.from({ length: HOSTS }, (_, index) => `127.40.0.${index + 1}`)

const quiet = (socket: Socket) => socket.on('error', () => undefined)
const makers = {
  tcp: () => createServer((socket) => quiet(socket).resume()),
  http: () => createHttp((_request, response) => void response.end('ok')),
  /** accepts and says nothing */
  hanging: () => createServer((socket) => quiet(socket).resume()),
  resetting: () => createServer((socket) => void quiet(socket).resetAndDestroy()),
  /** answers for ten seconds, and refuses to for ten */
  flapping: () =>
    createHttp((_request, response) => {
      response.statusCode = Math.floor(Date.now() / 10_000) % 2 === 0 ? 200 : 503
      response.end()
    }),
  /** answers until it is told to die */
  mortal: () => createServer((socket) => quiet(socket).resume()),
}
type Kind = keyof typeof makers

const listen = (server: Server, host: string, port: number) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })

const ports: Partial<Record<Kind, number>> = {}
const mortals: Server[] = []
for (const kind of Object.keys(makers) as Kind[]) {
  let port = 0
  for (const host of kind === 'mortal' ? hosts.slice(0, 100) : hosts) {
    const server = makers[kind]()
    if (kind === 'mortal') mortals.push(server)
    port = await listen(server, host, port)
  }
  ports[kind] = port
}
process.stdout.write(`${JSON.stringify(ports)}\n`)

// "die N": the N-th mortal refuses from now on; the answer says when, ms since 1970
process.stdin.setEncoding('utf8')
process.stdin.on('data', (text: string) => {
  for (const [, index] of text.matchAll(/die (\d+)/g)) {
    mortals[Number(index)]?.close()
    process.stdout.write(`${JSON.stringify({ died: Number(index), at: Date.now() })}\n`)
  }
})
process.stdin.on('end', () => process.exit(0))
