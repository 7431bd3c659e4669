import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addDays, isDay } from './days.ts'

const two = (value: number) => String(value).padStart(2, '0')

it.each([
  ['2026-02-28', true],
  ['2026-02-29', false],
  ['2028-02-29', true],
  ['1900-02-29', false],
  ['2000-02-29', true],
  ['2026-04-31', false],
  ['2026-13-01', false],
  ['2026-00-10', false],
  ['2026-01-00', false],
  ['2026-1-1', false],
  ['2026-01-01T00:00', false],
  ['', false],
])('%s is a day: %s', (text, so) => expect(isDay(text)).toBe(so))

it('knows every day that the calendar has, and no other', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1800, max: 2200 }),
      fc.integer({ min: 0, max: 14 }),
      fc.integer({ min: 0, max: 33 }),
      (year, month, date) => {
        const text = `${year}-${two(month)}-${two(date)}`
        const moment = Date.parse(`${text}T00:00:00Z`)
        expect(isDay(text)).toBe(!Number.isNaN(moment) && addDays(text, 0) === text)
      },
    ),
  )
})
