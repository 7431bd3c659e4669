/** A price that a source gave: rupiah, "none" where it says that there is none, undefined where it can't be read. */
export type Read = number | 'none' | undefined

const NONE = new Set(['', '-', '–', '—', '0'])
/** Groups of three after the first, all with the same separator, decimals after the other one. */
const DOTTED = /^\d{1,3}(\.\d{3})+(,\d{1,2})?$/
const COMMAS = /^\d{1,3}(,\d{3})+(\.\d{1,2})?$/
const PLAIN = /^\d+([.,]\d{1,2})?$/

/** Reads "Rp 14.500", "Rp. 14.500,-", "16.500", "15,700", "14.500,50", 14500; null, 0, "" and "-" are none. */
export function readRupiah(value: unknown): Read {
  if (value === null || value === 0) return 'none'
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? value : undefined
  if (typeof value !== 'string') return undefined
  const text = value
    .replace(/\u00a0/g, ' ')
    .trim()
    .replace(/^Rp\.?\s*/i, '')
    .replace(/[.,]-+$/, '')
    .trim()
  if (NONE.has(text)) return 'none'
  const number = DOTTED.test(text)
    ? Number(text.replaceAll('.', '').replace(',', '.'))
    : COMMAS.test(text)
      ? Number(text.replaceAll(',', ''))
      : PLAIN.test(text)
        ? Number(text.replace(',', '.'))
        : Number.NaN
  return Number.isNaN(number) ? undefined : number === 0 ? 'none' : number
}

export const MAX_PRICE = 10_000_000

/** True for what a kilogram or a litre of a staple can cost at all. */
export const possible = (price: number): boolean => price > 0 && price <= MAX_PRICE
