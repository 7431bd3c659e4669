/** FNV-1a with a final mix (murmur3's), 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/**
 * Which of several instances checks what has the key: rendezvous hashing (Thaler, Ravishankar 1998), so that only the
 * share of one that comes or goes moves. Undefined where there is none.
 */
export function ownerOf(key: string, instances: readonly string[]): string | undefined {
  let owner: string | undefined
  let highest = -1
  for (const instance of instances) {
    const weight = hash(`${instance} ${key}`)
    if (weight > highest) [owner, highest] = [instance, weight]
  }
  return owner
}
