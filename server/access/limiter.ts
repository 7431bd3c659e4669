export interface Bucket {
  key: string
  limit: number
}

const MAX_KEYS = 20_000

/**
 * Counts failed attempts over a sliding window. An attempt counts as failed from its beginning and is forgiven when it
 * succeeds, so that a burst of parallel guesses gets no more tries than the same guesses in a row.
 */
export class AttemptLimiter {
  #attempts = new Map<string, number[]>()
  #windowMs: number

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** Counts an attempt and returns 0, or returns the seconds to wait where a bucket is full. */
  take(buckets: readonly Bucket[], now: number): number {
    let wait = 0
    for (const { key, limit } of buckets) {
      const attempts = this.#recent(key, now)
      const freesFirst = attempts[attempts.length - limit]
      if (freesFirst !== undefined)
        wait = Math.max(wait, Math.ceil((freesFirst + this.#windowMs - now) / 1000))
    }
    if (wait > 0) return wait
    for (const { key } of buckets) this.#attempts.set(key, [...this.#recent(key, now), now])
    if (this.#attempts.size > MAX_KEYS) this.#tidy(now)
    return 0
  }

  /** The attempt that began at that time did not fail. */
  forgive(buckets: readonly Bucket[], began: number): void {
    for (const { key } of buckets) {
      const attempts = this.#attempts.get(key) ?? []
      const index = attempts.lastIndexOf(began)
      if (index < 0) continue
      if (attempts.length === 1) this.#attempts.delete(key)
      else attempts.splice(index, 1)
    }
  }

  #recent(key: string, now: number): number[] {
    return (this.#attempts.get(key) ?? []).filter((at) => at > now - this.#windowMs)
  }

  #tidy(now: number): void {
    for (const key of this.#attempts.keys())
      if (this.#recent(key, now).length === 0) this.#attempts.delete(key)
    for (const key of this.#attempts.keys()) {
      if (this.#attempts.size <= MAX_KEYS) return
      this.#attempts.delete(key)
    }
  }
}

/** One home or office holds a whole /64 of IPv6: its addresses count as one. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = ip.split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const middle =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...middle, ...right].slice(0, 4).join(':')
}
