/** Length is what counts: no rules about digits and symbols, which only make passwords predictable (NIST SP 800-63B). */
export const SHORTEST = 12
export const LONGEST = 200

export type Strength = 'short' | 'fair' | 'good' | 'strong'

export function strengthOf(password: string): Strength {
  const length = [...password].length
  if (length < SHORTEST) return 'short'
  if (length < 16) return 'fair'
  return length < 22 ? 'good' : 'strong'
}
