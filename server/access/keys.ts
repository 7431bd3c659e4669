import { withTransaction } from '../database/pool.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { ShortCache } from './cache.ts'
import { CACHE_MS } from './sessions.ts'
import { writeAudit } from './audit.ts'
import {
  feedMode,
  findFeedKey,
  insertFeedKey,
  listFeedKeys,
  revokeFeedKey,
  type FeedKey,
} from './keys-store.ts'
import { hashOf, newToken } from './tokens.ts'

const PREFIX = 'pk_'
const BEARER = /^Bearer +(pk_[A-Za-z0-9_-]{43}) *$/i
const HINT_LENGTH = 4

export interface OpenedFeed {
  feedId: string
  keyId: number
}

/** Keys with which a source pushes into one feed. */
export class FeedKeys {
  #context: Context
  #cache: ShortCache<OpenedFeed>

  constructor(context: Context) {
    this.#context = context
    this.#cache = new ShortCache(CACHE_MS, context.clock)
  }

  /** Found by its hash, so that the time of the answer tells nothing of any key. */
  async feedOf(authorization: string | undefined): Promise<OpenedFeed | null> {
    const key = BEARER.exec(authorization ?? '')?.[1]
    if (key === undefined) return null
    const hash = hashOf(key)
    return this.#cache.get(
      hash.toString('base64'),
      async () => (await findFeedKey(this.#context.pool, hash)) ?? null,
    )
  }

  async list(feedId: string): Promise<FeedKey[]> {
    await this.#modeOf(feedId)
    return listFeedKeys(this.#context.pool, feedId)
  }

  /** The key is told here once and never again. */
  async create(feedId: string, name: string, actor: string): Promise<{ id: number; key: string }> {
    const { pool, clock } = this.#context
    if ((await this.#modeOf(feedId)) !== 'push')
      throw new AppError(
        'conflict',
        `The feed ${feedId} is not one that is pushed: keys are for feeds of the mode push.`,
      )
    const key = PREFIX + newToken()
    const hint = key.slice(-HINT_LENGTH)
    const id = await withTransaction(pool, async (client) => {
      const now = clock()
      const made = await insertFeedKey(client, { feedId, name, hint, hash: hashOf(key), now })
      await writeAudit(client, {
        at: now,
        actor,
        action: 'feed-key-created',
        subject: feedId,
        detail: { id: made, name },
      })
      return made
    })
    return { id, key }
  }

  async revoke(feedId: string, id: number, actor: string): Promise<void> {
    const { pool, clock } = this.#context
    await withTransaction(pool, async (client) => {
      const now = clock()
      const name = await revokeFeedKey(client, feedId, id, now)
      if (name === undefined)
        throw new AppError('not-found', `The feed ${feedId} has no key in force with the id ${id}.`)
      await writeAudit(client, {
        at: now,
        actor,
        action: 'feed-key-revoked',
        subject: feedId,
        detail: { id, name },
      })
    })
    this.#cache.clear()
  }

  async #modeOf(feedId: string) {
    const mode = await feedMode(this.#context.pool, feedId)
    if (mode === undefined) throw new AppError('not-found', `No feed has the id ${feedId}.`)
    return mode
  }
}
