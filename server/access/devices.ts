import { withTransaction } from '../database/pool.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { ShortCache } from './cache.ts'
import { AttemptLimiter, networkOf } from './limiter.ts'
import { CACHE_MS, refuseIfTooMany } from './sessions.ts'
import { writeAudit } from './audit.ts'
import {
  findDevice,
  insertDevice,
  listDevices,
  revokeDevice,
  touchDevice,
  type Device,
} from './devices-store.ts'
import { hashOf, newToken } from './tokens.ts'
import type { KnownViewer } from './viewer.ts'

const MINUTE = 60_000
const ATTEMPTS_WINDOW_MS = 15 * MINUTE
const ATTEMPTS_PER_NETWORK = 10

/** Wall displays: each opened by a link that never expires and can be revoked. */
export class Devices {
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
      const device = await findDevice(pool, hash)
      if (device === undefined) return null
      const now = clock()
      const { id, name, lastSeenAt } = device
      if (lastSeenAt === null || now.getTime() - lastSeenAt.getTime() >= MINUTE)
        await touchDevice(pool, id, now)
      return { kind: 'device', name, role: 'viewer', key: keyOf(id), accountId: null, actor: `device ${id}` }
    })
  }

  /** The viewer that a device's link makes. Throws 'too-many', or 'forbidden' for a link that opens nothing. */
  async enter(token: string, ip: string): Promise<KnownViewer> {
    const { pool, clock } = this.#context
    const network = networkOf(ip)
    const began = clock().getTime()
    const buckets = [{ key: network, limit: ATTEMPTS_PER_NETWORK }]
    refuseIfTooMany(this.#limiter.take(buckets, began))
    try {
      const viewer = await this.viewerOf(token)
      if (viewer === null)
        throw new AppError(
          'forbidden',
          'This device link was revoked or is not complete: ask an administrator for a new one.',
        )
      this.#limiter.forgive(buckets, began)
      await writeAudit(pool, {
        at: clock(),
        actor: viewer.actor,
        action: 'device-entered',
        subject: viewer.name,
        detail: { ip },
      })
      return viewer
    } catch (error) {
      if (!(error instanceof AppError)) this.#limiter.forgive(buckets, began)
      throw error
    }
  }

  list(): Promise<Device[]> {
    return listDevices(this.#context.pool)
  }

  /** The token is told here once and never again. */
  async create(
    name: string,
    by: { accountId: number | null; actor: string },
  ): Promise<{ id: number; token: string }> {
    const { pool, clock } = this.#context
    const token = newToken()
    const id = await withTransaction(pool, async (client) => {
      const now = clock()
      const made = await insertDevice(client, { name, hash: hashOf(token), createdBy: by.accountId, now })
      await writeAudit(client, {
        at: now,
        actor: by.actor,
        action: 'device-created',
        subject: name,
        detail: { id: made },
      })
      return made
    })
    return { id, token }
  }

  async revoke(id: number, actor: string): Promise<void> {
    const { pool, clock, bus } = this.#context
    await withTransaction(pool, async (client) => {
      const now = clock()
      const name = await revokeDevice(client, id, now)
      if (name === undefined) throw new AppError('not-found', `No device in force has the id ${id}.`)
      await writeAudit(client, { at: now, actor, action: 'device-revoked', subject: name, detail: { id } })
    })
    this.#cache.clear()
    bus.tell('session:ended', { viewer: keyOf(id) })
  }
}

const keyOf = (id: number): string => `device:${id}`
