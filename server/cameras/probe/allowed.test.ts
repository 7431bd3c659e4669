import { describe, expect, it } from 'vitest'
import { allowedNetworks } from './allowed.ts'
import { ProbeFault } from './types.ts'

const signal = new AbortController().signal
const faultOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'allowed',
    (error: unknown) => (error instanceof ProbeFault ? error.fault : error),
  )
const named =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(addresses)

describe('allowed networks', () => {
  it.each([
    ['10.20.0.7', '10.20.0.0/16', 'allowed'],
    ['10.21.0.7', '10.20.0.0/16', 'not-allowed'],
    ['::ffff:10.20.0.7', '10.20.0.0/16', 'allowed'],
    ['::ffff:a15:7', '10.20.0.0/16', 'not-allowed'],
    ['10.20.0.7', '::ffff:10.20.0.0/112', 'allowed'],
    ['fd00::7', 'fd00::/8', 'allowed'],
    ['fe80::7', 'fd00::/8', 'not-allowed'],
    ['127.0.0.1', '10.20.0.0/16', 'not-allowed'],
    ['0.0.0.0', '127.0.0.0/8', 'not-allowed'],
    ['::1', '127.0.0.0/8', 'not-allowed'],
    ['::', '::1/128', 'not-allowed'],
    ['10.20.0.7', '::/0', 'not-allowed'],
    ['169.254.169.254', '0.0.0.0/0', 'allowed'],
  ])('%s in %s: %s', async (address, network, expected) => {
    expect(await faultOf(allowedNetworks([network]).resolve(address, signal))).toBe(expected)
  })

  it('allows nothing where no network is named', async () => {
    expect(await faultOf(allowedNetworks([]).resolve('127.0.0.1', signal))).toBe('not-allowed')
  })

  it('pins one address of a name, IPv4 where there is one', async () => {
    const allowed = allowedNetworks(['10.0.0.0/8', 'fd00::/8'], named('fd00::7', '10.0.0.7'))
    expect(await allowed.resolve('cam', signal)).toEqual({ address: '10.0.0.7', family: 4 })
  })

  it('refuses a name that leads inside and elsewhere', async () => {
    const allowed = allowedNetworks(['10.0.0.0/8'], named('10.0.0.7', '127.0.0.1'))
    expect(await faultOf(allowed.resolve('cam', signal))).toBe('not-allowed')
  })

  it('checks numbers in unusual writing as the address that they stand for', async () => {
    expect(await faultOf(allowedNetworks(['10.0.0.0/8']).resolve('0x7f.1', signal))).not.toBe('allowed')
  })

  it('says that a name is unknown', async () => {
    const none = allowedNetworks(['10.0.0.0/8'], named())
    expect(await faultOf(none.resolve('cam', signal))).toBe('dns')
    const failing = allowedNetworks(['10.0.0.0/8'], () => Promise.reject(new Error('SERVFAIL')))
    expect(await faultOf(failing.resolve('cam', signal))).toBe('dns')
  })

  it('knows the names of the hosts file', async () => {
    const allowed = allowedNetworks(['127.0.0.0/8', '::1/128'])
    expect(await allowed.resolve('localhost', signal)).toMatchObject({ address: '127.0.0.1' })
  })

  it('says which CIDR is none', () => {
    expect(() => allowedNetworks(['10.0.0.0/33'])).toThrow()
  })
})
