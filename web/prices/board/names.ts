import type { Commodity, Market } from '#contract/price.ts'
import { locale } from '../../i18n/index.svelte.ts'
import { CATEGORIES, t } from '../messages.ts'

export const nameOf = (commodity: Commodity): string =>
  locale.current === 'en' ? commodity.nameEn : commodity.nameId
/** Beside others of its kind "Pasar Besar" is "Besar". */
export const shortName = (market: Market): string => market.name.replace('Pasar ', '')
export const categoryName = (code: string): string =>
  `category.${code}` in CATEGORIES ? t(`category.${code}` as keyof typeof CATEGORIES) : code
/** Where all that was ever said of a value is told. */
export const historyLink = (commodity: string, market: string, day: string): string =>
  `/prices/history?${new URLSearchParams({ commodity, market, day })}`
