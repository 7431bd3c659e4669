import { SvelteSet } from 'svelte/reactivity'
import type { Flag, Outcome } from '#contract/quality.ts'
import type { MarketsAsk, Verification, VerificationItem, VerifyResult } from '#contract/survey.ts'
import { post } from '../../live/api.ts'
import type { Reading } from '../status/reading.svelte.ts'
import { batches, grouped, isWrong, keyOf, refsOf, sorted } from './order.ts'

export interface Told {
  did: 'verified' | 'sent-back' | 'published' | 'settled'
  count: number
  refused: { item: VerificationItem | undefined; why: VerifyResult['refused'][number]['why'] }[]
}

/** A verifier's desk: what waits, what is chosen, what was done last. */
export class Desk {
  readonly reading: Reading<Verification>
  readonly chosen = new SvelteSet<string>()
  readonly opened = new SvelteSet<string>()
  told = $state.raw<Told | null>(null)
  error = $state.raw<unknown>(null)
  busy = $state(false)
  #current = $state<string | null>(null)

  constructor(reading: Reading<Verification>) {
    this.reading = reading
  }
  readonly items = $derived.by(() => this.reading.current?.items ?? [])
  readonly parts = $derived.by(() => sorted(this.items))
  readonly groups = $derived.by(() => grouped(this.parts.rest))
  /** what is in sight, in its order */
  readonly rows = $derived.by(() => [
    ...this.parts.deviating,
    ...this.groups.filter(({ key }) => this.opened.has(key)).flatMap(({ items }) => items),
    ...(this.opened.has('own') ? this.parts.own : []),
  ])
  /** the one whose evidence is shown */
  get current(): VerificationItem | null {
    return this.rows.find((item) => keyOf(item) === this.#current) ?? null
  }
  /** what the other markets ask of the current one's commodity */
  get others(): MarketsAsk['prices'] {
    const { current } = this
    const ask = this.reading.current?.markets.find(
      ({ commodity, day }) => commodity === current?.commodity.code && day === current.day,
    )
    return ask?.prices.filter(({ market }) => market.code !== current?.market.code) ?? []
  }
  get picked(): VerificationItem[] {
    return this.items.filter((item) => this.chosen.has(keyOf(item)))
  }

  show(item: VerificationItem | null): void {
    this.#current = item === null ? null : keyOf(item)
  }
  /** @param by rows down, or up where it is negative */
  move(by: number): void {
    const at = this.rows.findIndex((item) => keyOf(item) === this.#current)
    const next = at < 0 ? 0 : Math.min(this.rows.length - 1, Math.max(0, at + by))
    this.show(this.rows[next] ?? null)
  }
  toggle(item: VerificationItem): void {
    const key = keyOf(item)
    if (!this.chosen.delete(key)) this.chosen.add(key)
  }

  readonly verify = (items: readonly VerificationItem[]): Promise<void> =>
    this.#decide('verified', items, (part) =>
      post<VerifyResult>('/api/surveys/verify', { entries: refsOf(part) }),
    )
  readonly sendBack = (
    items: readonly VerificationItem[],
    reason: string,
    wrong: readonly Flag[],
  ): Promise<void> =>
    this.#decide('sent-back', items, async (part) => {
      const result = await post<VerifyResult>('/api/surveys/send-back', { entries: refsOf(part), reason })
      for (const { id } of wrong)
        await post(`/api/prices/flags/${id}/outcome`, { outcome: 'error', note: reason })
      return result
    })
  readonly settle = (flag: Flag, outcome: Outcome, note: string): Promise<void> =>
    this.#act(async () => {
      const settled = await post<Flag>(`/api/prices/flags/${flag.id}/outcome`, { outcome, note })
      const known = this.reading.current
      if (known === null) return
      const items = known.items.map((item) => ({
        ...item,
        flags: item.flags.map((one) => (one.id === settled.id ? settled : one)),
      }))
      // It stays in sight until it is decided on, also where nothing speaks against it any more.
      const item = items.find(({ flags }) => flags.some(({ id }) => id === settled.id))
      if (item !== undefined && !item.own && !isWrong(item))
        this.opened.add(`${item.day} ${item.market.code}`)
      this.reading.put({ ...known, items })
      this.told = { did: 'settled', count: 1, refused: [] }
    })
  readonly publish = (days: readonly string[]): Promise<void> =>
    this.#act(async () => {
      let count = 0
      for (const day of days)
        count += (await post<{ published: number }>('/api/surveys/publish', { day })).published
      this.told = { did: 'published', count, refused: [] }
      await this.reading.load()
    })

  #decide(
    did: Told['did'],
    items: readonly VerificationItem[],
    ask: (part: readonly VerificationItem[]) => Promise<VerifyResult>,
  ): Promise<void> {
    const next = this.#after(items)
    return this.#act(async () => {
      const told: Told = { did, count: 0, refused: [] }
      for (const part of batches(items)) {
        const { done, refused } = await ask(part)
        told.count += done
        told.refused.push(
          ...refused.map(({ surveyId, commodity, why }) => ({
            item: items.find((item) => item.surveyId === surveyId && item.commodity.code === commodity),
            why,
          })),
        )
      }
      this.told = told
      this.chosen.clear()
      await this.reading.load()
      if (this.current === null) this.show(next ?? this.rows[0] ?? null)
    })
  }
  /** The row that comes when these are gone. */
  #after(items: readonly VerificationItem[]): VerificationItem | null {
    const gone = new Set(items.map(keyOf))
    const at = this.rows.findIndex((item) => keyOf(item) === this.#current)
    const left = (item: VerificationItem) => !gone.has(keyOf(item))
    return this.rows.slice(Math.max(0, at)).find(left) ?? this.rows.find(left) ?? null
  }
  async #act(work: () => Promise<void>): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.error = null
    this.told = null
    try {
      await work()
    } catch (cause) {
      this.error = cause
    } finally {
      this.busy = false
    }
  }
}
