import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'

describe('the configuration', () => {
  it.each([
    [undefined, false],
    ['false', false],
    ['true', ['loopback']],
    ['10.0.0.5', ['10.0.0.5']],
    ['10.0.0.5, 10.1.0.0/16,::1', ['10.0.0.5', '10.1.0.0/16', '::1']],
  ])('believes forwarded addresses with TRUST_PROXY %s of %s', (text, expected) => {
    expect(readConfig({ TRUST_PROXY: text }).trustProxy).toEqual(expected)
  })
  it('names what does not fit, and what does', () => {
    expect(() => readConfig({ TRUST_PROXY: 'proxy.example' })).toThrow(
      /TRUST_PROXY: "proxy.example" .* expected/,
    )
    expect(() => readConfig({ PORT: 'eighty', DEMO: 'maybe' })).toThrow(/PORT.*DEMO/)
  })
  it('lets guests look at this machine only, unless told otherwise', () => {
    expect(readConfig({}).guestsMayLook).toBe(true)
    expect(readConfig({ HOST: '0.0.0.0' }).guestsMayLook).toBe(false)
    expect(readConfig({ PUBLIC_URL: 'https://pantau.example' }).guestsMayLook).toBe(false)
    expect(readConfig({ HOST: '0.0.0.0', GUESTS_MAY_LOOK: 'yes' }).guestsMayLook).toBe(true)
  })
  it('runs the demo only where nothing real is configured', () => {
    expect(readConfig({}).demo).toBe(true)
    expect(readConfig({ FEEDS_FILE: 'feeds.json' }).demo).toBe(false)
    expect(readConfig({ DEMO: 'off' }).demo).toBe(false)
  })
})
