import { expect, it } from 'vitest'
import type { Flag } from '#contract/quality.ts'
import type { VerificationItem } from '#contract/survey.ts'
import { batches, grouped, keyOf, refsOf, sorted } from './order.ts'

const flag = (outcome: Flag['outcome']) => ({ outcome }) as Flag
const item = (commodity: string, rest: Partial<VerificationItem> = {}) =>
  ({
    surveyId: 1,
    day: '2026-07-15',
    market: { code: 'pasar-besar', name: 'Pasar Besar', level: 'market' },
    commodity: { code: commodity },
    entry: { version: 3 },
    flags: [],
    own: false,
    ...rest,
  }) as unknown as VerificationItem
const codes = (items: readonly VerificationItem[]) => items.map(({ commodity }) => commodity.code)

it('tells what has to be looked at from what is verified with one action and what somebody else must', () => {
  const { deviating, rest, own } = sorted([
    item('chili', { flags: [flag(null), flag('genuine')] }),
    item('rice', { flags: [flag('genuine')] }),
    item('sugar'),
    item('eggs', { own: true, flags: [flag(null)] }),
    item('beef', { flags: [flag(null)] }),
    item('salt', { flags: [flag('error'), flag('genuine')] }),
  ])
  expect([codes(deviating), codes(rest), codes(own)]).toEqual([
    ['chili', 'beef', 'salt'],
    ['rice', 'sugar'],
    ['eggs'],
  ])
})

it('puts markets of the oldest day first', () => {
  const other = { code: 'blimbing', name: 'Pasar Blimbing', level: 'market' } as const
  const groups = grouped([
    item('rice', { day: '2026-07-16' }),
    item('rice', { market: other }),
    item('eggs'),
    item('rice'),
  ])
  expect(groups.map(({ key, items }) => [key, ...codes(items)])).toEqual([
    ['2026-07-15 pasar-besar', 'eggs', 'rice'],
    ['2026-07-15 blimbing', 'rice'],
    ['2026-07-16 pasar-besar', 'rice'],
  ])
})

it('names an entry by survey and commodity, and sends the version that was seen', () => {
  expect(keyOf(item('rice'))).toBe('1 rice')
  expect(refsOf([item('rice')])).toEqual([{ surveyId: 1, commodity: 'rice', version: 3 }])
})

it('sends no more at once than the server takes', () => {
  expect(batches([])).toEqual([])
  expect(batches(Array.from({ length: 4_001 }, (_, index) => index)).map((one) => one.length)).toEqual([
    2_000, 2_000, 1,
  ])
})
