import { expect, it } from 'vitest'
import { AVAILABILITY_BY, type AvailabilityRow } from '#contract/availability.ts'
import { BY, clockOf, contractOf, draftOf, sorted, unseenSeconds } from './report.ts'

const row = (name: string, more: Partial<AvailabilityRow> = {}) =>
  ({ name, availability: null, unknownSeconds: 0, unreachableSeconds: 0, ...more }) as AvailabilityRow
const names = (rows: readonly AvailabilityRow[]) => rows.map(({ name }) => name)

it('offers what the server groups by', () => {
  expect(BY).toEqual(AVAILABILITY_BY)
})

it('sorts the worst first unless asked otherwise, rows without a figure last', () => {
  const rows = [
    row('Kamera 10', { availability: 0.99, unknownSeconds: 5 }),
    row('kamera 9'),
    row('Kamera 1', { availability: 0.5, unreachableSeconds: 9 }),
  ]
  expect(names(sorted(rows, ''))).toEqual(['Kamera 1', 'Kamera 10', 'kamera 9'])
  expect(names(sorted(rows, '-availability'))).toEqual(['Kamera 10', 'Kamera 1', 'kamera 9'])
  expect(names(sorted(rows, 'name'))).toEqual(['Kamera 1', 'kamera 9', 'Kamera 10'])
  expect(names(sorted(rows, '-unknown'))).toEqual(['Kamera 1', 'Kamera 10', 'kamera 9'])
  expect(unseenSeconds(row('', { unknownSeconds: 2, unreachableSeconds: 3 }))).toBe(5)
})

it.each([
  { target: 0.995, hours: null },
  { target: 0.99, hours: { from: 360, to: 1_320, weekdays: [1, 2, 3] } },
  { target: 1, hours: { from: 0, to: 1_440, weekdays: [7] } },
])('goes through a form unchanged: %j', (contract) => {
  expect(contractOf(draftOf(contract))).toEqual(contract)
})

it('refuses hours that end before they begin, or hold no day', () => {
  const draft = { percent: 99, limited: true, from: '08:00', to: '17:00', weekdays: [1] }
  expect(contractOf(draft)).toEqual({ target: 0.99, hours: { from: 480, to: 1_020, weekdays: [1] } })
  expect(contractOf({ ...draft, to: '08:00' })).toBeNull()
  expect(contractOf({ ...draft, weekdays: [] })).toBeNull()
  expect(contractOf({ ...draft, limited: false, weekdays: [] })).toEqual({ target: 0.99, hours: null })
  expect(clockOf(1_440)).toBe('00:00')
})
