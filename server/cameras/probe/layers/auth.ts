import { createHash, randomBytes } from 'node:crypto'
import type { Credentials } from '../types.ts'

export interface Challenge {
  scheme: 'basic' | 'digest'
  parameters: Record<string, string>
}
const HASHES: Record<string, string> = {
  MD5: 'md5',
  'MD5-SESS': 'md5',
  'SHA-256': 'sha256',
  'SHA-256-SESS': 'sha256',
}

/** Reads WWW-Authenticate: one or several headers, each with one or several challenges (RFC 9110, 11.6.1). */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  return headers.flatMap((header) => {
    const challenges: Challenge[] = []
    const part =
      /(?:^|,)\s*(basic|digest)(?=\s|$|,)|(?<![\w-])([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi
    for (const [, scheme, name, quoted, plain] of header.matchAll(part))
      if (scheme !== undefined)
        challenges.push({ scheme: scheme.toLowerCase() as Challenge['scheme'], parameters: {} })
      else if (name !== undefined)
        Object.assign(challenges.at(-1)?.parameters ?? {}, {
          [name.toLowerCase()]: quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '',
        })
    return challenges
  })
}

/** Signs requests of one device in answer to its challenge: the strongest that both sides know. */
export class Signer {
  readonly #challenge: Challenge
  readonly #credentials: Credentials
  #count = 0

  constructor(challenge: Challenge, credentials: Credentials) {
    this.#challenge = challenge
    this.#credentials = credentials
  }

  /** Undefined where no challenge can be met. */
  static for(headers: readonly string[], credentials: Credentials): Signer | undefined {
    const known = parseChallenges(headers).filter((challenge) => strength(challenge) > 0)
    const strongest = known.sort((a, b) => strength(b) - strength(a))[0]
    return strongest === undefined ? undefined : new Signer(strongest, credentials)
  }

  /**
   * The Authorization header of a request: Basic (RFC 7617), or Digest by RFC 7616 with qop "auth", and by RFC 2069
   * where the device names no qop. RTSP uses both unchanged (RFC 2326, 14; RFC 7826, 19.1).
   */
  header(method: string, uri: string, cnonce = randomBytes(12).toString('hex')): string {
    const { username, password } = this.#credentials
    const { scheme, parameters } = this.#challenge
    if (scheme === 'basic') return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    const { realm = '', nonce = '', algorithm = 'MD5', opaque, qop } = parameters
    const hash = (text: string) =>
      createHash(HASHES[algorithm.toUpperCase()] ?? 'md5')
        .update(text)
        .digest('hex')
    const nc = (this.#count += 1).toString(16).padStart(8, '0')
    const user = hash(`${username}:${realm}:${password}`)
    const secret = /-sess$/i.test(algorithm) ? hash(`${user}:${nonce}:${cnonce}`) : user
    const asked = hash(`${method}:${uri}`)
    const response =
      qop === undefined
        ? hash(`${secret}:${nonce}:${asked}`)
        : hash(`${secret}:${nonce}:${nc}:${cnonce}:auth:${asked}`)
    const fields = [
      `username=${quote(username)}`,
      `realm=${quote(realm)}`,
      `nonce=${quote(nonce)}`,
      `uri=${quote(uri)}`,
      ...(parameters.algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      `response="${response}"`,
      ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
      ...(qop === undefined ? [] : ['qop=auth', `nc=${nc}`, `cnonce="${cnonce}"`]),
    ]
    return `Digest ${fields.join(', ')}`
  }
}

function strength({ scheme, parameters }: Challenge): number {
  if (scheme === 'basic') return 1
  const { algorithm = 'MD5', qop } = parameters
  const hash = HASHES[algorithm.toUpperCase()]
  const auth = qop === undefined || qop.split(',').some((each) => each.trim().toLowerCase() === 'auth')
  if (hash === undefined || !auth) return 0
  return hash === 'sha256' ? 3 : 2
}

const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll(/[\r\n]/g, '')}"`
