import { canonicalUnit } from './units.ts'

/** "- Bawang Merah / kg" gives the name "Bawang Merah" and the unit "kg"; "Kol/Kubis" stays whole. */
export function splitUnit(name: string): { name: string; unitText?: string } {
  const slash = name.lastIndexOf('/')
  if (slash <= 0) return { name }
  const unitText = name.slice(slash + 1).trim()
  return canonicalUnit(unitText) ? { name: name.slice(0, slash), unitText } : { name }
}

/** A name as it is compared: case, spaces, punctuation, a trailing unit and "cabe"/"cabai" don't matter. */
export function normalName(name: string): string {
  return splitUnit(name.normalize('NFKC'))
    .name.toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/\bcabe\b/g, 'cabai')
    .trim()
}
