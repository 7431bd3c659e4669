import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { Described } from '../layers/rtsp.ts'
import type { RtspResponse } from '../layers/rtsp-wire.ts'
import type { Closeable, Scope } from '../layers/scope.ts'
import { faultOf } from '../layers/socket.ts'

/** A loopback address at which one client, ffmpeg, plays what a camera described. */
export interface Gate extends Closeable {
  url: string
  /**
   * Says goodbye to the camera, for a short time at most: one that is left without a word keeps its session, and has few. Has to
   * come before the end of the scope, which closes the connection.
   */
  leave(): Promise<void>
}

interface Request {
  method: string
  url: string
  sequence: string
  transport: string | undefined
  range: string | undefined
  session: string | undefined
}

/** What of a camera's answer its player needs; the sign-in stays here. */
const PASSED = ['session', 'transport', 'rtp-info', 'range', 'public']
const MOST_HEAD = 16_384
/** A player that is so far behind does not keep up, and memory is not where the rest goes. */
const MOST_BEHIND = 8 * 1024 * 1024
const DOLLAR = 0x24

/**
 * Opens a gate between ffmpeg and a camera: ffmpeg speaks RTSP to this process only, so that it reaches nothing but the camera
 * whose address was checked, follows no redirect, needs no password in its arguments, and ends when this process does. Takes over the
 * session; the scope's end closes all of it.
 */
export async function openGate(described: Described, scope: Scope): Promise<Gate> {
  const server = createServer({ noDelay: true })
  let client: Socket | undefined
  let left: Promise<void> | undefined
  const leave = () => {
    if (left === undefined) {
      server.close()
      client?.destroy()
      left = described.session.close()
    }
    return left
  }
  const gate = scope.own({ url: '', leave, destroy: () => void leave() })
  server.once('connection', (socket: Socket) => {
    client = socket
    server.close()
    socket.on('close', gate.destroy)
    socket.on('error', gate.destroy)
    serve(socket, described, gate.destroy)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(faultOf(error)))
    server.listen(0, '127.0.0.1', resolve)
  })
  gate.url = `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return gate
}

/** Answers what is already known, and asks the camera the rest, one request after the other. */
function serve(client: Socket, { session, sdp, base }: Described, destroy: () => void): void {
  let pending = 0
  let turn: Promise<void> = Promise.resolve()
  let setUp = false
  const held: Buffer[] = []
  const send = (bytes: Buffer | string) => {
    if (client.writableLength > MOST_BEHIND) destroy()
    else if (!client.destroyed) client.write(bytes)
  }
  session.relay({
    packet: (channel, payload) => {
      const frame = Buffer.allocUnsafe(4 + payload.length)
      frame.writeUInt8(DOLLAR, 0)
      frame.writeUInt8(channel, 1)
      frame.writeUInt16BE(payload.length, 2)
      payload.copy(frame, 4)
      // before the answer to its request a player throws packets away, and with them its first picture
      if (pending > 0) held.push(frame)
      else send(frame)
    },
    end: destroy,
  })
  const answer = async (request: Request) => {
    const { method, url, sequence } = request
    if (method === 'OPTIONS' && !setUp)
      return send(reply(sequence, 200, ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER']))
    if (method === 'DESCRIBE') {
      const described = [`Content-Base: ${base}`, 'Content-Type: application/sdp']
      return send(reply(sequence, 200, described, sdp))
    }
    const headers = Object.entries({
      Transport: request.transport,
      Range: request.range,
      Session: request.session,
    })
    const given = headers.filter((header): header is [string, string] => header[1] !== undefined)
    const response = await session.ask(method, url, Object.fromEntries(given))
    if (method === 'SETUP') {
      setUp = true
      session.closeWith('TEARDOWN', base, { Session: idOf(response) })
    }
    send(reply(sequence, response.status, passed(response), response.body))
  }
  readRequests(client, destroy, (request) => {
    pending += 1
    turn = turn
      .then(() => answer(request))
      .then(() => {
        pending -= 1
        if (pending === 0) for (const frame of held.splice(0)) send(frame)
      })
      .catch(destroy)
  })
}

const idOf = ({ headers }: RtspResponse): string => headers.get('session')?.[0]?.split(';', 1)[0] ?? ''

const passed = ({ headers }: RtspResponse): string[] =>
  PASSED.flatMap((name) => (headers.get(name) ?? []).map((value) => `${name}: ${value}`))

function reply(sequence: string, status: number, headers: string[], body = ''): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const words = status === 200 ? 'OK' : 'Refused'
  return [`RTSP/1.0 ${status} ${words}`, `CSeq: ${sequence}`, ...headers, ...length, '', body].join('\r\n')
}

/** Cuts what the player sends into requests. Its receiver reports are not passed on: requests keep the session alive. */
function readRequests(client: Socket, destroy: () => void, take: (request: Request) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  client.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      if (rest[0] === DOLLAR) {
        if (rest.length < 4 || rest.length < 4 + rest.readUInt16BE(2)) break
        rest = rest.subarray(4 + rest.readUInt16BE(2))
        continue
      }
      const head = rest.indexOf('\r\n\r\n')
      if (head < 0) break
      const request = requestOf(rest.toString('latin1', 0, head))
      rest = rest.subarray(head + 4)
      if (request === null) return destroy()
      take(request)
    }
    if (rest.length > MOST_HEAD && rest[0] !== DOLLAR) destroy()
  })
}

function requestOf(head: string): Request | null {
  const [, method, url] = /^([A-Z_]+) (\S+) RTSP\/1\.0\r\n/.exec(head) ?? []
  const header = (name: string) => new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, 'im').exec(head)?.[1]
  if (method === undefined || url === undefined) return null
  return {
    method,
    url,
    sequence: header('CSeq') ?? '0',
    transport: header('Transport'),
    range: header('Range'),
    session: header('Session'),
  }
}

/** The encoding of an SDP's first video track, in capitals as its rtpmap names it; null where it names none. */
export function videoEncoding(sdp: string): string | null {
  const track = sdp.split(/^(?=m=)/m).find((section) => section.startsWith('m=video')) ?? ''
  const type = /^m=video \S+ \S+ (\d+)/.exec(track)?.[1]
  // RFC 3551: 26 is JPEG by itself
  if (type === '26') return 'JPEG'
  return new RegExp(`^a=rtpmap:${type} ([^/\\s]+)`, 'm').exec(track)?.[1]?.toUpperCase() ?? null
}
