import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { StartupError } from './errors-startup.ts'

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
  it.each([
    ['PORT', '99999', 'PORT must be a whole number from 0 to 65535'],
    ['DEMO', 'maybe', 'DEMO must be one of auto, on, off'],
    ['PUBLIC_URL', 'pantau.example', 'PUBLIC_URL must be text that fits ^https?://'],
  ])('says what %s may be instead of %s', (key, value, words) => {
    expect(() => readConfig({ [key]: value })).toThrow(words)
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

  it('takes an empty value as one that is not set', () =>
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(readConfig({})))

  it.each([
    [{ PORT: '70000' }, /PORT/],
    [{ DATABASE_URL: 'mysql://host/name' }, /DATABASE_URL/],
    [{ DATABASE_URL: 'postgres://me:pass/word@host:99999/name' }, /DATABASE_URL is no address/],
    [{ RAW_RETENTION_DAYS: '2' }, /RAW_RETENTION_DAYS/],
    [{ DEMO: 'on', FEEDS_FILE: 'feeds.json' }, /DEMO=on and FEEDS_FILE/],
    [{ TILE_URL: 'https://tiles.example/{z}/{x}/{y}.png', PMTILES_FILE: 'city.pmtiles' }, /both set/],
  ])('refuses %j in a sentence that names the key', (environment, sentence) => {
    expect(() => readConfig(environment)).toThrow(StartupError)
    expect(() => readConfig(environment)).toThrow(sentence)
  })

  it('has every key in .env.example, with its default there', () => {
    const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
    const written = Object.fromEntries(
      [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, key = '', value]) => [key, value]),
    )
    const used = readFileSync(new URL('./config.ts', import.meta.url), 'utf8').matchAll(
      /^ {2}([A-Z_]+): Type/gm,
    )
    expect(Object.keys(written).sort()).toEqual([...used].map(([, key]) => key).sort())
    expect(readConfig(written)).toEqual(readConfig({}))
  })
})
