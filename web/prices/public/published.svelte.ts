import type { PublicPrices } from '#contract/prices.ts'
import { ApiError, get } from '../../live/api.ts'
import { pathOf } from '../path.ts'

const EVERY_MS = 60_000
/** A network that swallows a question is one that is down. */
const PATIENCE_MS = 20_000

/**
 * The published prices, asked for anew once a minute. What was there stays when the server is away, and says since when.
 * Call it while a component is set up.
 */
export function published(query: () => { screen: 'public' | 'tv'; market: string | null; day?: string }): {
  readonly prices: PublicPrices | null
  /** ms since 1970 of the last good answer */
  readonly at: number | null
  /** the server did not answer the last time */
  readonly away: boolean
  readonly off: boolean
  /** the city has no such market (any more) */
  readonly unknown: boolean
  readonly error: unknown
} {
  let prices = $state.raw<PublicPrices | null>(null)
  let at = $state<number | null>(null)
  let error = $state<unknown>(null)
  const missing = $derived(error instanceof ApiError && error.status === 404 ? error : null)
  const unknown = $derived(missing?.details.market !== undefined)
  const off = $derived(missing !== null && !unknown)
  $effect(() => {
    const path = pathOf('/api/public/prices', query())
    let stopped = false
    const load = async () => {
      try {
        const answer = await get<PublicPrices>(path, { signal: AbortSignal.timeout(PATIENCE_MS) })
        if (stopped) return
        prices = answer
        at = Date.now()
        error = null
      } catch (cause) {
        if (stopped) return
        error = cause
        // Switched off is no outage: what was shown may be shown no more.
        if (cause instanceof ApiError && cause.status === 404) prices = null
      }
    }
    void load()
    const timer = setInterval(() => void load(), EVERY_MS)
    return () => {
      stopped = true
      clearInterval(timer)
    }
  })
  return {
    get prices() {
      return prices
    },
    get at() {
      return at
    },
    get away() {
      return error !== null && missing === null
    },
    get unknown() {
      return unknown
    },
    get off() {
      return off
    },
    get error() {
      return error
    },
  }
}
