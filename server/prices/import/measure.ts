import { canonicalUnit, priceFactor, type Unit } from '../../cities/index.ts'

/** Weights that markets use and that are no unit of ours, in kg. */
const KILOGRAMS = new Map([
  ...['ons', 'ounce', 'hg'].map((word) => [word, 0.1] as const),
  ...['kuintal', 'kwintal', 'kw', 'ku'].map((word) => [word, 100] as const),
  ['ton', 1_000] as const,
])
const COUNTED: readonly Unit[] = ['pack', 'bottle', 'can', 'piece']

/** "Rp/ 2 kg" is 2 of kg; null: no such text. */
function measureOf(text: string): { amount: number; word: string } | null {
  const bare = text.toLowerCase().replace(/rupiah|idr|rp\.?|per|[/().]|_/g, ' ')
  const found = /^\s*(\d+(?:[.,]\d+)?)?\s*(\p{L}+)\s*$/u.exec(bare)
  if (found === null) return null
  return { amount: Number((found[1] ?? '1').replace(',', '.')), word: found[2] as string }
}

/**
 * What a price for such a measure ("kg", "per ons", "Rp/100 gram", "kuintal") is multiplied with to be one per `to`.
 * Undefined where no number can say: a bottle in kg.
 */
export function measureFactor(text: string, to: Unit): number | undefined {
  const unit = canonicalUnit(text)
  if (unit !== undefined && COUNTED.includes(to)) return priceFactor(unit, to)
  const measure = measureOf(text)
  if (measure === null || !(measure.amount > 0)) return unit && priceFactor(unit, to)
  const weight = KILOGRAMS.get(measure.word)
  if (weight !== undefined) {
    const perKg = priceFactor('kg', to)
    return perKg === undefined ? undefined : perKg / (weight * measure.amount)
  }
  const single = canonicalUnit(measure.word)
  const factor = single && priceFactor(single, to)
  return factor === undefined ? undefined : factor / measure.amount
}

const isMeasure = (text: string): boolean =>
  canonicalUnit(text) !== undefined || KILOGRAMS.has(measureOf(text)?.word ?? '')

const FORMS = [
  /^(?<name>.*?)[\s_]*[([]\s*(?<measure>[^()[\]]+?)\s*[)\]]$/,
  /^(?<name>.*?)[\s_]*(?:\/|[\s_]per[\s_]|^per[\s_])[\s_]*(?<measure>[^/]+)$/i,
]

/** "Bawang Merah (Rp/ons)", "Bawang Merah / kg", "price_per_kg": the name, and the measure where one is named. */
export function splitMeasure(text: string): { name: string; measure: string | null } {
  for (const form of FORMS) {
    const { name, measure } = form.exec(text.trim())?.groups ?? {}
    if (name !== undefined && measure !== undefined && isMeasure(measure))
      return { name: /^(rp|idr|rupiah)\.?$/i.test(name.trim()) ? '' : name.trim(), measure }
  }
  return isMeasure(text) && /rp|\/|per/i.test(text)
    ? { name: '', measure: text.trim() }
    : { name: text.trim(), measure: null }
}

/** The measure that any line of a header names: "Bawang Merah | Rp/ons". */
export function measureIn(header: string): string | null {
  for (const part of header.split(' | ')) {
    const { measure } = splitMeasure(part)
    if (measure !== null) return measure
  }
  return null
}
