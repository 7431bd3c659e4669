/**
 * Chance without memory: the same seed and the same words give the same number in 0..1, so whatever the demo shows at
 * a moment can be worked out for that moment alone, and repeats.
 */
export function chance(seed: number, ...words: readonly (string | number)[]): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0
  for (const word of words) {
    const text = String(word)
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    hash = Math.imul(hash ^ 0x2f, 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** A smooth curve in -1..1 over `at` whose hills are about `period` wide. */
export function wave(seed: number, name: string, at: number, period: number): number {
  const place = at / period
  const left = Math.floor(place)
  const part = place - left
  const smooth = part * part * (3 - 2 * part)
  const height = (step: number) => chance(seed, name, step) * 2 - 1
  return height(left) * (1 - smooth) + height(left + 1) * smooth
}
