import { describe, expect, it } from 'vitest'
import { ShortCache } from './cache.ts'
import { AttemptLimiter, networkOf } from './limiter.ts'
import { checkPassword, hashPassword } from './password.ts'

describe('a password', () => {
  it("is hashed by argon2id with OWASP's parameters", async () => {
    const hash = await hashPassword('a long enough secret')
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await checkPassword(hash, 'a long enough secret')).toBe(true)
    expect(await checkPassword(hash, 'a long enough secreT')).toBe(false)
    expect(await checkPassword(undefined, 'a long enough secret')).toBe(false)
  })

  it('is the same however a keyboard composes it', async () => {
    expect(await checkPassword(await hashPassword('caf\u00e9 malang kota'), 'cafe\u0301 malang kota')).toBe(
      true,
    )
  })
})

describe('the limiter', () => {
  it('lets an attempt in as the oldest leaves the window', () => {
    const limiter = new AttemptLimiter(1000)
    const buckets = [{ key: 'a', limit: 2 }]
    expect([0, 600, 700, 1000, 1001].map((now) => limiter.take(buckets, now))).toEqual([0, 0, 1, 0, 1])
    limiter.forgive(buckets, 1000)
    expect(limiter.take(buckets, 1002)).toBe(0)
  })

  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('counts %s as %s', (ip, network) => expect(networkOf(ip)).toBe(network))
})

describe('the cache', () => {
  it('asks once for many at once, and again after its time', async () => {
    let now = 0
    let asked = 0
    const cache = new ShortCache<number>(5_000, () => new Date(now))
    const load = () => Promise.resolve(++asked)
    expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([1, 1])
    now = 4_999
    expect(await cache.get('a', load)).toBe(1)
    now = 5_000
    expect(await cache.get('a', load)).toBe(2)
  })

  it('keeps nothing that was asked before it was cleared, and nothing that was not found', async () => {
    const cache = new ShortCache<string>(5_000, () => new Date(0))
    let answer: (value: string) => void = () => undefined
    const early = cache.get('a', () => new Promise<string>((resolve) => (answer = resolve)))
    cache.clear()
    answer('old')
    expect(await early).toBe('old')
    expect(await cache.get('a', () => Promise.resolve(null))).toBeNull()
    expect(await cache.get('a', () => Promise.resolve('new'))).toBe('new')
  })
})
