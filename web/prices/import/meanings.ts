import type { Commodity, Market } from '#contract/price.ts'
import type { ImportListed } from '#contract/price-import.ts'
import { locale } from '../../i18n/index.svelte.ts'

/** Earlier imports, and what names of a file may mean. */
export interface Known {
  imports: ImportListed[]
  commodities: Commodity[]
  markets: Market[]
}
export interface Option {
  code: string
  name: string
}

export const optionsOf = (known: Known): Record<'commodity' | 'market', Option[]> => ({
  commodity: known.commodities
    .map(({ code, nameId, nameEn }) => ({ code, name: locale.current === 'en' ? nameEn : nameId }))
    .sort((a, b) => a.name.localeCompare(b.name)),
  market: known.markets.map(({ code, name }) => ({ code, name })),
})

/** What a spreadsheet calls its column: 0 is A. */
export const letterOf = (column: number): string =>
  (column >= 26 ? letterOf(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26))
