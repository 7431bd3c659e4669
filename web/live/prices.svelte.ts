import { SvelteMap } from 'svelte/reactivity'
import type { CityPriceOf, Deltas, Snapshots } from '#contract/live.ts'
import { Changes } from './changes.ts'

/** The newest city figure of every commodity; pages load tables and charts by HTTP when it changes. */
export class PricesStore {
  latestDay = $state<string | null>(null)
  readonly city = new SvelteMap<string, CityPriceOf>()
  readonly #changes = new Changes<Deltas['prices']>()

  onChange(listener: (delta: Deltas['prices']) => void): () => void {
    return this.#changes.on(listener)
  }
  put(data: Snapshots['prices'] | Deltas['prices']): void {
    this.latestDay = data.latestDay
    for (const figure of data.city) {
      const known = this.city.get(figure.commodity)
      if (known === undefined || known.day <= figure.day) this.city.set(figure.commodity, figure)
    }
    this.#changes.tell('quotes' in data ? data : { ...data, quotes: [] })
  }
}
