import type { Unit } from './pack.ts'

const WORDS: Record<Unit, string[]> = {
  kg: ['kg', 'kgs', 'kilo', 'kilogram'],
  gram: ['g', 'gr', 'gram', 'grm'],
  liter: ['l', 'lt', 'ltr', 'liter', 'litre'],
  milliliter: ['ml', 'mililiter', 'milliliter'],
  pack: ['pack', 'pak', 'bks', 'bungkus', 'dos', 'dus', 'sachet', 'pouch', 'kemasan', 'box', 'kotak'],
  bottle: ['bottle', 'btl', 'botol'],
  can: ['can', 'kl', 'klg', 'kaleng'],
  piece: ['piece', 'pcs', 'bh', 'buah', 'biji', 'butir', 'btr'],
}
const UNIT_OF = new Map(
  Object.entries(WORDS).flatMap(([unit, words]) => words.map((word) => [word, unit as Unit])),
)
const COUNTED: ReadonlySet<Unit> = new Set<Unit>(['pack', 'bottle', 'can', 'piece'])
const NOISE = new Set(['rp', 'idr', 'rupiah', 'per'])

/**
 * The unit that a text names: "Rp./Kg", "per kg" and "/ kg" are kg, "Rp/ltr" is liter, "370 gr/kl" a can.
 * A measure other than one ("2 lt") is a pack. Undefined for what it does not know.
 */
export function canonicalUnit(text: string): Unit | undefined {
  const parts = text.toLowerCase().match(/\d+(?:[.,]\d+)?|\p{L}+/gu) ?? []
  const words = parts.filter((part) => !/^\d/.test(part) && !NOISE.has(part))
  const units = words.map((word) => UNIT_OF.get(word))
  const last = units.at(-1)
  if (last === undefined || units.includes(undefined)) return undefined
  if (COUNTED.has(last)) return last
  const amounts = parts.filter((part) => /^\d/.test(part)).map((part) => Number(part.replace(',', '.')))
  if (amounts.some((amount) => amount !== 1)) return 'pack'
  return units.every((unit) => unit === last) ? last : undefined
}

/** What a price per `from` is multiplied with to be a price per `to`; undefined where no number can say. */
export function priceFactor(from: Unit, to: Unit): number | undefined {
  if (from === to) return 1
  if ((from === 'gram' && to === 'kg') || (from === 'milliliter' && to === 'liter')) return 1000
  if ((from === 'kg' && to === 'gram') || (from === 'liter' && to === 'milliliter')) return 0.001
  // One of it is one of it, whether the portal says bottle, pack or piece.
  return COUNTED.has(from) && COUNTED.has(to) ? 1 : undefined
}
