import { expect, it } from 'vitest'
import { monthsBefore, periodOfMonth, readPeriod } from './period.ts'

it.each([
  ['2026-11', '2026-11-01', '2026-11-30'],
  ['2026-12', '2026-12-01', '2026-12-31'],
  ['2028-02', '2028-02-01', '2028-02-29'],
])('%s goes from %s to %s', (month, from, to) => {
  expect(periodOfMonth(month)).toEqual({ from, to })
})

it('lists months across a year', () => {
  expect(monthsBefore('2026-02-10', 4)).toEqual(['2026-02', '2026-01', '2025-12', '2025-11'])
})

const read = (query: string) => readPeriod(new URLSearchParams(query), '2026-11-24')
it.each([
  ['', '2026-11', '2026-11-01', '2026-11-30'],
  ['month=2026-10', '2026-10', '2026-10-01', '2026-10-31'],
  ['month=2026-13', '2026-11', '2026-11-01', '2026-11-30'],
  ['from=2026-10-05&to=2026-10-07', null, '2026-10-05', '2026-10-07'],
  ['from=2026-10-08&to=2026-10-07&month=2026-09', '2026-09', '2026-09-01', '2026-09-30'],
  ['from=2026-10-05', '2026-11', '2026-11-01', '2026-11-30'],
  ['from=2026-99-05&to=2026-99-07', '2026-11', '2026-11-01', '2026-11-30'],
])('%j asks for the month %s, %s to %s', (query, month, from, to) => {
  expect(read(query)).toEqual({ month, period: { from, to } })
})
