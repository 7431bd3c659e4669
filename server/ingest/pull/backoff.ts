/** A failing feed is left alone for longer and longer, but never for more than half an hour. */
export const BASE_MS = 5_000
export const CAP_MS = 30 * 60_000
/** A source that asks for more patience than a day is mistaken. */
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000

/**
 * Milliseconds to wait after `failures` failures in a row. A source that said when to come back is obeyed; otherwise
 * the wait doubles, and half of it is left to chance so that feeds which failed together don't return together.
 * `random` is 0..1.
 */
export function backoffMs(failures: number, random: number, retryAfterMs?: number): number {
  if (failures <= 0) return 0
  if (retryAfterMs !== undefined)
    return Math.round(
      Math.min(Math.max(retryAfterMs, BASE_MS), LONGEST_RETRY_AFTER_MS) + random * 0.1 * BASE_MS,
    )
  const full = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures - 1, 30))
  return Math.round(full / 2 + (random * full) / 2)
}

/** Reads a Retry-After header, seconds or an HTTP date; undefined where it is neither. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  // Date.parse takes nearly anything; an HTTP date begins with the day's name
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}
