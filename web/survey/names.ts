import type { Commodity } from '#contract/price.ts'
import { locale } from '../i18n/index.svelte.ts'

/** A commodity's name in the reader's language. */
export const nameOf = ({ nameId, nameEn }: Commodity): string => (locale.current === 'en' ? nameEn : nameId)
