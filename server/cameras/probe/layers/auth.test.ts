import { describe, expect, it } from 'vitest'
import { parseChallenges, Signer } from './auth.ts'

const responseOf = (header: string) => /response="(\w+)"/.exec(header)?.[1]

describe('challenges', () => {
  it.each<[headers: string[], schemes: string[]]>([
    [['Basic realm="cam"'], ['basic']],
    [['Digest realm="a, b", nonce="n=1", Basic realm="x"'], ['digest', 'basic']],
    [
      ['Digest realm="x", nonce="1"', 'Basic realm="x"'],
      ['digest', 'basic'],
    ],
    [['Negotiate', 'Basic'], ['basic']],
    [['Bearer realm="x"'], []],
    [[], []],
  ])('%j', (headers, schemes) => {
    expect(parseChallenges(headers).map(({ scheme }) => scheme)).toEqual(schemes)
  })

  it('are read in one go, however long a word is', () => {
    const begun = performance.now()
    expect(parseChallenges([`Basic ${'a'.repeat(100_000)}`])).toHaveLength(1)
    // starting anew at each letter takes ten seconds
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  it('keep what stands in quotes', () => {
    const [challenge] = parseChallenges([
      'Digest realm="the \\"yard\\", north", nonce="n==", qop="auth,auth-int"',
    ])
    expect(challenge?.parameters).toEqual({ realm: 'the "yard", north', nonce: 'n==', qop: 'auth,auth-int' })
  })
})

describe('a signature', () => {
  const rfc7616 = (algorithm: string) =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
  const life = { username: 'Mufasa', password: 'Circle of Life' }
  const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'

  it.each([
    ['RFC 7616, 3.9.1, MD5', rfc7616('MD5'), life, cnonce, '8ca523f5e9506fed4657c9700eebdbec'],
    [
      'RFC 7616, 3.9.1, SHA-256',
      rfc7616('SHA-256'),
      life,
      cnonce,
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    ],
    [
      'RFC 2617, 3.5',
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      { username: 'Mufasa', password: 'Circle Of Life' },
      '0a4f113b',
      '6629fae49393a05397450978507c4ef1',
    ],
    [
      'RFC 2069, 2.4 with its erratum 749, without qop',
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      { username: 'Mufasa', password: 'CircleOfLife' },
      '',
      '1949323746fe6a43ef61f9606e7febea',
    ],
  ])('of %s', (_source, challenge, credentials, clientNonce, response) => {
    const header = Signer.for([challenge], credentials)?.header('GET', '/dir/index.html', clientNonce)
    expect(responseOf(header ?? '')).toBe(response)
  })

  it.each([
    [['Basic realm="x"', rfc7616('MD5'), rfc7616('SHA-256')], /^Digest .*algorithm=SHA-256/],
    [['Basic realm="x"', rfc7616('MD5')], /^Digest .*algorithm=MD5/],
    [['Basic realm="x"', rfc7616('SHA-512-256')], /^Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl$/],
    [['Basic realm="x"', 'Digest realm="x", nonce="1", qop="auth-int"'], /^Basic /],
  ])('takes the strongest of %j', (challenges, expected) => {
    expect(Signer.for(challenges, life)?.header('GET', '/')).toMatch(expected)
  })

  it('counts how often a nonce was used', () => {
    const signer = Signer.for([rfc7616('MD5')], life)
    const headers = ['OPTIONS', 'DESCRIBE'].map((method) => signer?.header(method, '/'))
    expect(headers.map((header) => /nc=(\w+)/.exec(header ?? '')?.[1])).toEqual(['00000001', '00000002'])
  })

  it('is not given where no challenge can be met', () => {
    expect(Signer.for(['Bearer realm="x"'], life)).toBeUndefined()
    expect(Signer.for([], life)).toBeUndefined()
  })

  it('lets no name break out of its quotes', () => {
    const header = Signer.for([rfc7616('MD5')], { username: 'a"\r\nX: y', password: '' })?.header('GET', '/')
    expect(header).toContain('username="a\\"X: y"')
  })
})
