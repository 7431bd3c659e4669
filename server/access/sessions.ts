import { withTransaction } from '../database/pool.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { ShortCache } from './cache.ts'
import { AttemptLimiter, networkOf } from './limiter.ts'
import { checkPassword } from './password.ts'
import { findCredentials } from './accounts-store.ts'
import { writeAudit } from './audit.ts'
import {
  deleteExpiredSessions,
  deleteSession,
  findSession,
  insertSession,
  touchSession,
} from './sessions-store.ts'
import { hashOf, newToken } from './tokens.ts'
import type { KnownViewer } from './viewer.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const IDLE_MS = 12 * HOUR
export const ABSOLUTE_MS = 7 * 24 * HOUR
export const CACHE_MS = 5_000
const ATTEMPTS_WINDOW_MS = 15 * MINUTE
const ATTEMPTS_PER_NAME = 10
/** from wherever they come: about the hundred an hour that OWASP ASVS 2.2.1 allows an account */
const ATTEMPTS_PER_ACCOUNT = 25
/** an office shares one address: its people may mistype more often than one of them */
const ATTEMPTS_PER_NETWORK = 30

export interface SignedIn {
  token: string
  viewer: KnownViewer
}
export interface SignIn {
  username: string
  password: string
  ip: string
  /** the session that the browser had: it ends, a new one begins */
  previous: string | undefined
}

const keyOf = (hash: Buffer): string => `session:${hash.toString('hex').slice(0, 32)}`

export class Sessions {
  #context: Context
  #cache: ShortCache<KnownViewer>
  #limiter = new AttemptLimiter(ATTEMPTS_WINDOW_MS)

  constructor(context: Context) {
    this.#context = context
    this.#cache = new ShortCache(CACHE_MS, context.clock)
  }

  async viewerOf(token: string): Promise<KnownViewer | null> {
    const { pool, clock } = this.#context
    const hash = hashOf(token)
    return this.#cache.get(hash.toString('hex'), async () => {
      const now = clock()
      const session = await findSession(pool, hash, now, new Date(now.getTime() - IDLE_MS))
      if (session === undefined) return null
      if (now.getTime() - session.lastSeenAt.getTime() >= MINUTE) await touchSession(pool, hash, now)
      const { accountId, username, name, role } = session
      return { kind: 'account', name, role, key: keyOf(hash), accountId, actor: username }
    })
  }

  /** Throws 'too-many' or 'not-signed-in'; neither tells whether the username exists. */
  async signIn({ username, password, ip, previous }: SignIn): Promise<SignedIn> {
    const { pool, clock } = this.#context
    const network = networkOf(ip)
    const buckets = [
      { key: `name ${network} ${username.toLowerCase()}`, limit: ATTEMPTS_PER_NAME },
      { key: `network ${network}`, limit: ATTEMPTS_PER_NETWORK },
      { key: `account ${username.toLowerCase()}`, limit: ATTEMPTS_PER_ACCOUNT },
    ]
    const began = clock().getTime()
    refuseIfTooMany(this.#limiter.take(buckets, began))
    try {
      const account = await findCredentials(pool, username)
      const usable = account !== undefined && !account.disabled ? account : undefined
      const right = await checkPassword(usable?.passwordHash, password)
      const token = right && usable !== undefined ? await this.begin(usable, { ip, previous }) : undefined
      if (token === undefined || usable === undefined) {
        // A name that nobody has may be a password typed into the wrong field: it is not written down.
        const subject = account?.username ?? 'an unknown username'
        await writeAudit(pool, {
          at: clock(),
          actor: 'guest',
          action: 'sign-in-failed',
          subject,
          detail: { ip },
        })
        throw new AppError('not-signed-in', 'The username or the password is not right.')
      }
      this.#limiter.forgive(buckets, began)
      return token
    } catch (error) {
      if (!(error instanceof AppError)) this.#limiter.forgive(buckets, began)
      throw error
    }
  }

  /** Opens a session for an account whose password was just checked or set; undefined where it changed meanwhile. */
  async begin(
    account: { id: number; username: string; name: string; role: KnownViewer['role']; passwordHash: string },
    from: { ip: string; previous: string | undefined },
  ): Promise<SignedIn | undefined> {
    const { pool, clock } = this.#context
    const now = clock()
    const token = newToken()
    const hash = hashOf(token)
    const { id: accountId, username, name, role, passwordHash } = account
    const replaced = from.previous === undefined ? undefined : hashOf(from.previous)
    const begun = await withTransaction(pool, async (client) => {
      const expiresAt = new Date(now.getTime() + ABSOLUTE_MS)
      if (!(await insertSession(client, { hash, accountId, passwordHash, now, expiresAt }))) return false
      if (replaced !== undefined) await deleteSession(client, replaced)
      await writeAudit(client, {
        at: now,
        actor: username,
        action: 'sign-in',
        subject: username,
        detail: { ip: from.ip },
      })
      return true
    })
    if (!begun) return undefined
    if (replaced !== undefined) this.ended([replaced])
    return { token, viewer: { kind: 'account', name, role, key: keyOf(hash), accountId, actor: username } }
  }

  async signOut(token: string): Promise<void> {
    const { pool, clock } = this.#context
    const hash = hashOf(token)
    const ended = await withTransaction(pool, async (client) => {
      const session = await deleteSession(client, hash)
      if (session === undefined) return false
      await writeAudit(client, {
        at: clock(),
        actor: session.username,
        action: 'sign-out',
        subject: session.username,
      })
      return true
    })
    if (ended) this.ended([hash])
  }

  /** Removes sessions that ran out, and tells the sockets that still use them. */
  async endExpired(): Promise<void> {
    const now = this.#context.clock()
    this.ended(await deleteExpiredSessions(this.#context.pool, now, new Date(now.getTime() - IDLE_MS)))
  }

  /** After the commit that removed them. */
  ended(hashes: readonly Buffer[]): void {
    if (hashes.length === 0) return
    this.#cache.clear()
    for (const hash of hashes) this.#context.bus.tell('session:ended', { viewer: keyOf(hash) })
  }
}

export function refuseIfTooMany(seconds: number): void {
  if (seconds === 0) return
  const minutes = Math.ceil(seconds / 60)
  throw new AppError('too-many', `Too many attempts failed. Try again in ${minutes} min.`, {
    retryAfterSeconds: seconds,
  })
}
