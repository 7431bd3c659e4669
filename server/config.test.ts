import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { StartupError } from './errors-startup.ts'

describe('readConfig', () => {
  it('takes an empty value as one that is not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(readConfig({}))
  })

  it.each([
    [{}, true],
    [{ FEEDS_FILE: 'feeds.json' }, false],
    [{ DEMO: 'off' }, false],
    [{ DEMO: 'on' }, true],
  ])('%j: demo %s', (environment, demo) => expect(readConfig(environment).demo).toBe(demo))

  it.each([
    [{}, true],
    [{ HOST: '0.0.0.0' }, false],
    [{ HOST: '0.0.0.0', GUESTS_MAY_LOOK: 'yes' }, true],
    [{ PUBLIC_URL: 'https://pantau.example' }, false],
  ])('%j: guests may look %s', (environment, may) => expect(readConfig(environment).guestsMayLook).toBe(may))

  it.each([
    [{ PORT: 'eighty' }, /PORT/],
    [{ PORT: '70000' }, /PORT/],
    [{ DATABASE_URL: 'mysql://host/name' }, /DATABASE_URL/],
    [{ DATABASE_URL: 'postgres://me:pass/word@host:99999/name' }, /DATABASE_URL is no address/],
    [{ RAW_RETENTION_DAYS: '2' }, /RAW_RETENTION_DAYS/],
    [{ TRUST_PROXY: 'perhaps' }, /TRUST_PROXY/],
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
