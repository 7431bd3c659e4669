import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { parseTarget, type Target } from '../targets.ts'
import { ProbeFault, type Credentials } from '../types.ts'
import { Signer } from './auth.ts'
import type { Connections } from './connections.ts'
import { RtspReader, type RtspResponse } from './rtsp-wire.ts'
import type { Limit } from './scope.ts'
import { parseSdp, controlUrl, type Description } from './sdp.ts'
import { faultOf } from './socket.ts'

const MOST_REDIRECTS = 3
/** How long a device may take to say goodbye, ms; it is not at fault where it takes longer. */
const GOODBYE_MS = 300

/** A device that described its video. */
export interface Described {
  session: RtspSession
  description: Description
  /** as it was sent */
  sdp: string
  /** what its addresses are relative to */
  base: string
  /** of its first answer, ms */
  latencyMs: number
}

/** Signs in where that is asked, follows redirects, and reads what the device sends. Throws a ProbeFault. */
export async function describeRtsp(
  connections: Connections,
  first: Target,
  credentials: Credentials | null,
  limit: Limit,
): Promise<Described> {
  let target = first
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const url = addressOf(target)
    const own = target.host === first.host && (target.secure || !first.secure)
    const socket = await connections.open(target, limit)
    const session = new RtspSession(socket, own ? credentials : null)
    const begun = performance.now()
    // Which methods it knows is of no matter, and some refuse to say: that it answers is.
    await session.ask('OPTIONS', url)
    const latencyMs = performance.now() - begun
    const answer = await session.ask('DESCRIBE', url, { Accept: 'application/sdp' })
    if (answer.status === 200) {
      const base = answer.headers.get('content-base') ?? answer.headers.get('content-location')
      return {
        session,
        description: parseSdp(answer.body),
        sdp: answer.body,
        base: base?.[0] ?? url,
        latencyMs,
      }
    }
    const location = answer.headers.get('location')?.[0]
    if (answer.status < 300 || answer.status > 399 || location === undefined)
      throw new ProbeFault('status', String(answer.status))
    socket.destroy()
    const next = URL.canParse(location, url) ? parseTarget('rtsp', new URL(location, url).href) : null
    if (next === null) throw new ProbeFault('redirect', String(answer.status))
    target = next
  }
  throw new ProbeFault('redirect', 'too many')
}

/** Plays the first video track over the same connection until two frames have come. Throws a ProbeFault. */
export async function playRtsp({ session, description, base }: Described, limit: Limit): Promise<void> {
  limit.late = 'silent'
  const track = controlUrl(base, description.videoControl)
  const setup = await session.ask('SETUP', track, { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' })
  if (setup.status !== 200) throw new ProbeFault('status', `${setup.status} SETUP`)
  const id = setup.headers.get('session')?.[0]?.split(';', 1)[0] ?? ''
  const channel = Number(/interleaved=(\d+)/.exec(setup.headers.get('transport')?.[0] ?? '')?.[1] ?? 0)
  const url = controlUrl(base, description.control)
  session.closeWith('TEARDOWN', url, { Session: id })
  const frames = session.frames(channel, 2)
  const play = await session.ask('PLAY', url, { Session: id, Range: 'npt=0.000-' })
  if (play.status !== 200) throw new ProbeFault('status', `${play.status} PLAY`)
  limit.late = 'no-packets'
  await frames
}

type Waiting<T> = { resolve(value: T): void; reject(reason: unknown): void }

/** One RTSP conversation (RFC 2326): a question, then its answer; packets come between. */
export class RtspSession {
  readonly #socket: Socket
  readonly #credentials: Credentials | null
  #signer: Signer | undefined
  #sequence = 0
  #answer: Waiting<RtspResponse> | undefined
  #frames: (Waiting<void> & { channel: number; most: number; stamps: Set<number> }) | undefined
  #goodbye: [method: string, url: string, headers: Record<string, string>] | undefined
  #relay: { packet(channel: number, payload: Buffer): void; end(): void } | undefined

  constructor(socket: Socket, credentials: Credentials | null) {
    this.#socket = socket
    this.#credentials = credentials
    const reader = new RtspReader({
      response: (response) => this.#answer?.resolve(response),
      packet: (channel, payload) => this.#packet(channel, payload),
    })
    socket.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk)
      } catch (error) {
        this.#fail(error)
        socket.destroy()
      }
    })
    socket.on('error', (error) => this.#fail(faultOf(error)))
    socket.on('close', () => this.#fail(new ProbeFault('reset')))
  }

  /** Asks, and asks again with the sign-in where the device wants that. Throws 'sign-in' where it is refused. */
  async ask(method: string, url: string, headers: Record<string, string> = {}): Promise<RtspResponse> {
    const answer = await this.#exchange(method, url, headers)
    if (answer.status !== 401) return answer
    const challenges = answer.headers.get('www-authenticate') ?? []
    const stale = challenges.some((each) => /stale\s*=\s*"?true/i.test(each))
    const refused = this.#signer !== undefined && !stale
    this.#signer = this.#credentials === null ? undefined : Signer.for(challenges, this.#credentials)
    if (refused || this.#signer === undefined) throw new ProbeFault('sign-in', '401')
    const signed = await this.#exchange(method, url, headers)
    if (signed.status === 401) throw new ProbeFault('sign-in', '401')
    return signed
  }

  /** Resolves when so many different frames (by their RTP timestamp, RFC 3550, 5.1) came on a channel. */
  frames(channel: number, most: number): Promise<void> {
    const arrived = new Promise<void>((resolve, reject) => {
      this.#frames = { channel, most, stamps: new Set(), resolve, reject }
    })
    // Fails before anyone waits for it where PLAY already fails.
    arrived.catch(() => undefined)
    return arrived
  }

  /** Hands every packet on, to somebody who plays through this conversation, and tells when it has ended. */
  relay(to: { packet(channel: number, payload: Buffer): void; end(): void }): void {
    this.#relay = to
    if (this.#socket.destroyed) to.end()
  }

  /** What the device is to be told at the end, so that it keeps nothing for a viewer who is gone. */
  closeWith(...goodbye: [method: string, url: string, headers: Record<string, string>]): void {
    this.#goodbye = goodbye
  }

  /** Says goodbye, for a short time at most, and closes. */
  async close(): Promise<void> {
    if (this.#goodbye !== undefined && !this.#socket.destroyed) {
      const timer = setTimeout(() => this.#socket.destroy(), GOODBYE_MS)
      // What it answers, or that it is gone, changes nothing any more: the check is over.
      await this.#exchange(...this.#goodbye).catch(() => undefined)
      clearTimeout(timer)
      this.#goodbye = undefined
    }
    this.#socket.destroy()
  }

  /** Closes at once; the goodbye goes out, and nobody waits for its answer. */
  destroy(): void {
    if (this.#goodbye !== undefined && this.#socket.writable) this.#send(...this.#goodbye)
    this.#goodbye = undefined
    this.#socket.destroy()
  }

  #exchange(method: string, url: string, headers: Record<string, string>): Promise<RtspResponse> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new ProbeFault('reset'))
      this.#answer = { resolve, reject }
      this.#send(method, url, headers)
    })
  }

  #send(method: string, url: string, headers: Record<string, string>): void {
    const lines = [
      `${method} ${url} RTSP/1.0`,
      `CSeq: ${(this.#sequence += 1)}`,
      'User-Agent: PantauKota',
      ...(this.#signer === undefined ? [] : [`Authorization: ${this.#signer.header(method, url)}`]),
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ]
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  }

  #packet(channel: number, payload: Buffer): void {
    this.#relay?.packet(channel, payload)
    const frames = this.#frames
    if (frames?.channel !== channel || payload.length < 12 || (payload[0] as number) >> 6 !== 2) return
    frames.stamps.add(payload.readUInt32BE(4))
    if (frames.stamps.size >= frames.most) frames.resolve()
  }

  #fail(error: unknown): void {
    this.#answer?.reject(error)
    this.#frames?.reject(error)
    this.#relay?.end()
  }
}

/** The address as it is asked for: a path at least, and no sign-in. */
function addressOf(target: Target): string {
  const url = new URL((target.url as URL).href)
  url.username = ''
  url.password = ''
  url.hash = ''
  return url.href
}
