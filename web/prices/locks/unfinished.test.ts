import { expect, it } from 'vitest'
import type { FlagReport } from '#contract/quality.ts'
import type { VerificationItem } from '#contract/survey.ts'
import { lastDayOf, unfinishedIn } from './unfinished.ts'

it.each([
  ['2026-02', '2026-02-28'],
  ['2024-02', '2024-02-29'],
  ['2026-12', '2026-12-31'],
])('%s ends with %s', (month, day) => {
  expect(lastDayOf(month)).toBe(day)
})

it('counts what is left of the month alone', () => {
  const check = (open: number) => ({ open }) as FlagReport['checks'][number]
  const item = (day: string) => ({ day }) as VerificationItem
  expect(
    unfinishedIn(
      '2026-06',
      { checks: [check(2), check(3)] },
      {
        items: [item('2026-06-30'), item('2026-07-01')],
        toPublish: [
          { day: '2026-06-29', entries: 4 },
          { day: '2026-06-30', entries: 5 },
          { day: '2026-07-01', entries: 6 },
        ],
      },
    ),
  ).toEqual({ findings: 5, entries: 1, unpublished: 9 })
})
