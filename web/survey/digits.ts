/** What a price can be at most, rupiah; the server takes no more. */
export const MOST_RUPIAH = 10_000_000
export type Key = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '00' | '000' | 'back'

/** The digits of a price after a key; what would begin with a zero or be too large is not taken. */
export function press(digits: string, key: Key): string {
  if (key === 'back') return digits.slice(0, -1)
  return clean(digits + key, digits)
}

/** The digits of typed or pasted text, such as "Rp 16.500"; `before` where they are no price. */
export function clean(text: string, before = ''): string {
  const digits = text.replace(/\D/g, '').replace(/^0+/, '')
  return Number(digits) > MOST_RUPIAH ? before : digits
}

/** Rupiah; null where nothing was typed. */
export const priceOf = (digits: string): number | null => (digits === '' ? null : Number(digits))
