import type { CityInfo } from '#contract/city.ts'
import { get } from './api.ts'

let info = $state<CityInfo | null>(null)

export const city = {
  get info(): CityInfo | null {
    return info
  },
  restore(kept: CityInfo): void {
    info = kept
  },
  async load(): Promise<void> {
    info = await get<CityInfo>('/api/city')
  },
}
