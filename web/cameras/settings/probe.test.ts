import { expect, it } from 'vitest'
import { DEFAULT_SETTINGS, ProbeSettings } from '#contract/probing.ts'
import { DEFAULTS, draftOf, FIELDS, misfitOf, settingsOf, typed } from './probe.ts'

it('holds what the contract holds: defaults, every setting, its bounds', () => {
  expect(DEFAULTS).toEqual(DEFAULT_SETTINGS)
  const fields = Object.values(FIELDS).flat()
  const bounds: Record<string, object & { minimum?: number; maximum?: number }> = ProbeSettings.properties
  expect([...fields.map(({ key }) => key), 'layers'].sort()).toEqual(
    Object.keys(ProbeSettings.properties).sort(),
  )
  for (const { key, min, max } of fields) {
    const { minimum, maximum } = bounds[key] ?? {}
    expect({ key, min, max }).toEqual({ key, min: minimum, max: maximum })
  }
})

it('goes through a form unchanged, what is not set too', () => {
  expect(settingsOf(draftOf(DEFAULT_SETTINGS))).toEqual(DEFAULT_SETTINGS)
  const some = { timeoutMs: 1_700, flapLow: 0.07, layers: ['network' as const] }
  expect(settingsOf(draftOf(some))).toEqual(some)
  expect(settingsOf(draftOf({}))).toEqual({})
  expect(typed('timeoutMs', 1_700)).toBe(1.7)
})

it('refuses no layer at all, and flapping that ends above where it begins', () => {
  expect(misfitOf({}, DEFAULTS)).toBeNull()
  expect(misfitOf({ layers: [] }, DEFAULTS)).toBe('layers')
  expect(misfitOf({ flapLow: 0.6 }, DEFAULTS)).toBe('flapping')
  expect(misfitOf({ flapLow: 0.6, flapHigh: 0.7 }, DEFAULTS)).toBeNull()
})
