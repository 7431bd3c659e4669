import { expect, it } from 'vitest'
import type { Maintenance } from '#contract/maintenance.ts'
import { editOf, misfitOf, staged, stageOf, type Draft } from './plan.ts'

const draft: Draft = {
  title: ' Ganti switch ',
  scope: 'camera',
  cameras: [7, 12],
  subject: '',
  from: '2026-11-24T22:00',
  to: '2026-11-25T02:00',
  repeats: false,
  weekdays: [],
  until: '',
}

it("turns the city's clock into moments", () => {
  expect(editOf(draft, 'Asia/Jakarta')).toEqual({
    title: 'Ganti switch',
    scope: 'camera',
    subject: '7,12',
    startsAt: '2026-11-24T15:00:00.000Z',
    endsAt: '2026-11-24T19:00:00.000Z',
    weekdays: null,
    repeatUntil: null,
  })
  const weekly = { ...draft, scope: 'group' as const, subject: 'Pasar', repeats: true, weekdays: [6, 2] }
  expect(editOf({ ...weekly, until: '2026-12-31' }, 'Asia/Jakarta')).toMatchObject({
    subject: 'Pasar',
    weekdays: [2, 6],
    repeatUntil: '2026-12-31',
  })
})

it.each<[Partial<Draft>, ReturnType<typeof misfitOf>]>([
  [{}, null],
  [{ cameras: [] }, 'subject'],
  [{ scope: 'group' }, 'subject'],
  [{ to: draft.from }, 'order'],
  [{ to: '' }, 'order'],
  [{ from: '', cameras: [] }, 'order'],
  [{ repeats: true }, 'weekdays'],
  [{ repeats: true, weekdays: [1], until: '2026-11-23' }, 'until'],
  [{ repeats: true, weekdays: [1], until: '2026-11-24' }, null],
  [{ until: '2020-01-01', weekdays: [] }, null],
])('of %j does not fit: %s', (more, misfit) => {
  expect(misfitOf({ ...draft, ...more })).toBe(misfit)
})

const window = (id: number, more: Partial<Maintenance>) =>
  ({
    id,
    active: false,
    cancelledAt: null,
    nextAt: null,
    startsAt: '2026-11-01T00:00:00Z',
    ...more,
  }) as Maintenance

it('tells what is on, what comes and what is over', () => {
  expect(stageOf(window(1, { active: true }))).toBe('active')
  expect(stageOf(window(1, { nextAt: '2026-12-01T00:00:00Z' }))).toBe('next')
  expect(stageOf(window(1, {}))).toBe('past')
  expect(stageOf(window(1, { active: true, cancelledAt: '2026-11-02T00:00:00Z' }))).toBe('past')
})
it('puts the soonest first, and of what is over the newest', () => {
  const all = [
    window(1, { nextAt: '2026-12-02T00:00:00Z' }),
    window(2, { nextAt: '2026-12-01T00:00:00Z' }),
    window(3, {}),
    window(4, { startsAt: '2026-11-05T00:00:00Z' }),
  ]
  expect(staged(all, 'next').map(({ id }) => id)).toEqual([2, 1])
  expect(staged(all, 'past').map(({ id }) => id)).toEqual([4, 3])
})
