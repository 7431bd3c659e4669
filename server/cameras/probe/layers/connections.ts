import { isIP, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { SecureContext, TLSSocket } from 'node:tls'
import type { Allowed } from '../types.ts'
import type { Target } from '../targets.ts'
import type { Limit, Scope } from './scope.ts'
import { connect, faultOf, keyOf, touch, type Endpoint } from './socket.ts'
import { secure } from './tls.ts'

type Pinned = Awaited<ReturnType<Allowed['resolve']>>

/** A literal needs no looking up, and a signal of its own costs a tenth of a whole check. */
const NEVER = new AbortController().signal

export interface ConnectionOptions {
  scope: Scope
  allowed: Allowed
  /** who is trusted; the usual authorities where it is left out */
  trust?: SecureContext | undefined
  /** ms since 1970 */
  now(): number
}

/**
 * The ways to the devices of one camera, for one check: each name is resolved once, and what the network layer connected
 * is handed on to the layer above, so that a camera sees one connection where it would have seen two.
 */
export class Connections {
  readonly scope: Scope
  /** days and date of a certificate that expires soon */
  expiring: string | null = null
  readonly #options: ConnectionOptions
  readonly #addresses = new Map<string, Promise<Pinned>>()
  readonly #parked = new Map<string, Socket>()

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.scope = options.scope
  }

  resolve(host: string): Promise<Pinned> {
    let address = this.#addresses.get(host)
    if (address === undefined) {
      address = this.#options.allowed.resolve(host, isIP(host) === 0 ? this.scope.signal : NEVER)
      this.#addresses.set(host, address)
    }
    return address
  }

  /**
   * Connects; a connection that a layer above wants is kept for `open`.
   * @returns how long that took, ms, without the name's resolution
   */
  async reach(endpoint: Endpoint, keep: boolean): Promise<number> {
    const { address } = await this.resolve(endpoint.host)
    const begun = performance.now()
    if (keep) this.#parked.set(keyOf(endpoint), await connect(address, endpoint.port, this.scope))
    else await touch(address, endpoint.port, this.scope)
    return performance.now() - begun
  }

  /** A connection of the caller's own, TLS included where the target wants it. Throws a ProbeFault. */
  async open(target: Target, limit: Limit): Promise<Socket | TLSSocket> {
    const key = keyOf(target)
    const parked = this.#parked.get(key)
    this.#parked.delete(key)
    if (parked?.errored) throw faultOf(parked.errored)
    const socket =
      parked === undefined || parked.readableEnded || parked.destroyed
        ? await connect((await this.resolve(target.host)).address, target.port, this.scope)
        : parked
    limit.late = 'silent'
    if (!target.secure) return socket
    const made = await secure(socket, target.host, this.#options.trust, this.#options.now())
    this.expiring = made.expiring ?? this.expiring
    return this.scope.own(made.socket)
  }
}
