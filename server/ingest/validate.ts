import type { CameraState } from '#contract/camera.ts'
import type { RejectReason } from '#contract/feed.ts'
import type { Observation } from '../cameras/index.ts'
import { commodityFinder, type CityPack, type CommodityFinder } from '../cities/index.ts'
import { addDays, dayOf, isDay, type QuoteRow } from '../prices/index.ts'
import type { FeedRecord } from './feeds-store.ts'
import type { NewReject } from './rejects-store.ts'

/** A source's clock may run ahead of ours by so much. */
export const FUTURE_MS = 60_000
/** Older than this a camera's status is impossible: raw observations that it would be fitted into may be gone. */
export const OLDEST_STATUS_MS = 7 * 86_400_000
/** Older than this a price is a mistyped year. */
export const OLDEST_QUOTE_DAYS = 400
export const MAX_PRICE = 10_000_000

export type Valid<Row> = { row: Row } | { reject: Omit<NewReject, 'row' | 'payload'> }
const refuse = (field: string, reason: RejectReason, expected: string) => ({
  reject: { field, reason, expected },
})

export interface CameraClaim {
  cameraId: string
  state: CameraState
  at?: Date | undefined
  reason?: string | undefined
  latencyMs?: number | undefined
}

/** Fits a claim about a camera to the store: the camera is known, its time is possible. */
export function validCamera(
  claim: CameraClaim,
  feed: FeedRecord,
  cameraIds: ReadonlyMap<string, number>,
  now: Date,
): Valid<Observation> {
  const cameraId = cameraIds.get(claim.cameraId)
  if (cameraId === undefined) return refuse('cameraId', 'unknown-camera', 'the stream_id of a known camera')
  const at = claim.at ?? now
  const ms = at.getTime()
  if (Number.isNaN(ms)) return refuse('at', 'not-a-time', 'an ISO 8601 time with its zone')
  if (ms > now.getTime() + FUTURE_MS) return refuse('at', 'future', `not after ${now.toISOString()}`)
  if (ms < now.getTime() - OLDEST_STATUS_MS)
    return refuse('at', 'too-old', `not before ${new Date(now.getTime() - OLDEST_STATUS_MS).toISOString()}`)
  if (claim.reason?.includes('\0') === true)
    return refuse('reason', 'not-text', 'text without the zero character U+0000, which the store cannot keep')
  return {
    row: {
      cameraId,
      at,
      state: claim.state,
      feed: feed.number,
      holdSeconds: feed.holdSeconds,
      // the store's four bytes refuse what is smaller than they can hold
      latencyMs: claim.latencyMs === undefined ? null : Math.round(claim.latencyMs * 1000) / 1000,
      reason: claim.reason ?? null,
    },
  }
}

export interface PriceClaim {
  market: string
  commodity: string
  day: string
  price: number
  unit?: string | undefined
  status?: 'reported' | 'imputed' | undefined
  at?: Date | undefined
}

/** Reads a source's names of markets and commodities as ours; made once a feed kind. */
export class PriceNames {
  #markets: Map<string, string>
  #finders = new Map<string, CommodityFinder>()
  readonly #pack: CityPack
  constructor(pack: CityPack) {
    this.#pack = pack
    const plain = (name: string) => name.trim().toLowerCase().replace(/\s+/g, ' ')
    this.#markets = new Map(
      pack.markets.flatMap(({ code, name }) => [[code, code] as const, [plain(name), code] as const]),
    )
  }
  market(name: string): string | undefined {
    return this.#markets.get(name.trim().toLowerCase().replace(/\s+/g, ' '))
  }
  commodity(kind: string, name: string, unit?: string): { code: string; factor: number } | undefined {
    const own = this.#pack.commodities.find((commodity) => commodity.code === name)
    if (own !== undefined && (unit === undefined || unit === own.unit)) return { code: own.code, factor: 1 }
    const family = ALIAS_FAMILY.find((known) => kind.startsWith(known)) ?? 'push'
    const finder = this.#finders.get(family) ?? commodityFinder(this.#pack, family)
    this.#finders.set(family, finder)
    return finder(own?.nameId ?? name, unit)
  }
}
const ALIAS_FAMILY = ['siskaperbapo', 'pihps', 'sp2kp', 'bapanas', 'history', 'push'] as const

export function validPrice(
  claim: PriceClaim,
  feed: FeedRecord,
  names: PriceNames,
  timezone: string,
  now: Date,
): Valid<QuoteRow> {
  const market = names.market(claim.market)
  if (market === undefined)
    return refuse('market', 'unknown-market', "the code or name of one of the city pack's markets")
  const found = names.commodity(feed.kind, claim.commodity, claim.unit)
  if (found === undefined)
    return refuse(
      'commodity',
      'unknown-commodity',
      "a code, name or alias of the city pack's commodities, in a unit that fits it",
    )
  if (!isDay(claim.day)) return refuse('day', 'not-a-day', 'YYYY-MM-DD')
  const today = dayOf(now, timezone)
  if (claim.day > today) return refuse('day', 'future', `not after ${today}`)
  if (claim.day < addDays(today, -OLDEST_QUOTE_DAYS))
    return refuse('day', 'too-old', `not before ${addDays(today, -OLDEST_QUOTE_DAYS)}`)
  const at = claim.at?.getTime() ?? now.getTime()
  if (Number.isNaN(at)) return refuse('at', 'not-a-time', 'an ISO 8601 time with its zone')
  if (at > now.getTime() + FUTURE_MS) return refuse('at', 'future', `not after ${now.toISOString()}`)
  if (at < now.getTime() - OLDEST_QUOTE_DAYS * 86_400_000)
    return refuse('at', 'too-old', `not before ${addDays(today, -OLDEST_QUOTE_DAYS)}`)
  const price = Math.round(claim.price * found.factor)
  if (!(price > 0 && price <= MAX_PRICE))
    return refuse('price', 'out-of-range', `rupiah from 1 to ${MAX_PRICE}`)
  return {
    row: {
      market,
      commodity: found.code,
      day: claim.day,
      price,
      status: claim.status ?? 'reported',
      feed: feed.number,
      reportedAt: claim.at ?? null,
    },
  }
}
