import { expect, it } from 'vitest'
import { instantOf, localTime } from './zone.ts'

it.each([
  ['2026-11-24T08:30', 'Asia/Jakarta', '2026-11-24T01:30:00.000Z'],
  ['2026-03-01T00:00', 'Asia/Jakarta', '2026-02-28T17:00:00.000Z'],
  ['2026-07-01T12:00', 'Asia/Jayapura', '2026-07-01T03:00:00.000Z'],
  ['2026-01-15T12:00', 'Europe/Berlin', '2026-01-15T11:00:00.000Z'],
  ['2026-07-15T12:00', 'Europe/Berlin', '2026-07-15T10:00:00.000Z'],
  // shown twice: the first of both
  ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['2026-10-25T04:00', 'Europe/Berlin', '2026-10-25T03:00:00.000Z'],
])('%s in %s is %s', (local, zone, instant) => {
  expect(instantOf(local, zone)).toBe(instant)
  expect(localTime(Date.parse(instant), zone)).toBe(local)
})

it('takes a time that is skipped as if the clock had not been set yet', () => {
  expect(instantOf('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T00:30:00.000Z')
})
