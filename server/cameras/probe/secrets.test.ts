import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { open, seal, SecretError } from './secrets.ts'

const key = randomBytes(32)
const credentials = { username: 'admin', password: 'Pa55 — wörd' }
const kindOf = (run: () => unknown) => {
  try {
    return run()
  } catch (error) {
    return error instanceof SecretError ? error.kind : error
  }
}
const changed = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] as number) ^ 1
  return copy
}

describe('sealed credentials', () => {
  it('open again, and never look the same', () => {
    const sealed = seal(key, 7, credentials)
    expect(open(key, 7, sealed)).toEqual(credentials)
    expect(sealed.includes('admin')).toBe(false)
    expect(seal(key, 7, credentials).equals(sealed)).toBe(false)
  })

  it.each([
    ['with another key', () => open(randomBytes(32), 7, seal(key, 7, credentials)), 'wrong-key'],
    ['for another camera', () => open(key, 8, seal(key, 7, credentials)), 'wrong-key'],
    ['with a changed tag', () => open(key, 7, changed(seal(key, 7, credentials), 13)), 'wrong-key'],
    ['with a changed text', () => open(key, 7, changed(seal(key, 7, credentials), 30)), 'wrong-key'],
    ['of another version', () => open(key, 7, changed(seal(key, 7, credentials), 0)), 'unknown-version'],
    ['cut off', () => open(key, 7, seal(key, 7, credentials).subarray(0, 20)), 'damaged'],
    ['empty', () => open(key, 7, Buffer.alloc(0)), 'damaged'],
  ])('%s they say so', (_case, run, kind) => {
    expect(kindOf(run)).toBe(kind)
  })

  it('are not told by the error', () => {
    try {
      open(randomBytes(32), 7, seal(key, 7, credentials))
    } catch (error) {
      expect(String(error)).not.toContain('admin')
      expect(String(error)).toContain('camera 7')
    }
    expect.assertions(2)
  })
})
