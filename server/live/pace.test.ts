import { expect, it } from 'vitest'
import { Pace } from './pace.ts'

it('lets a burst through, then a steady pace, and forgets what is long ago', () => {
  const pace = new Pace(3, 2, 0)
  expect([0, 0, 0, 0].map((at) => pace.take(at))).toEqual([true, true, true, false])
  expect([499, 500, 501, 1_000].map((at) => pace.take(at))).toEqual([false, true, false, true])
  expect(Array.from({ length: 5 }, () => pace.take(1e6))).toEqual([true, true, true, false, false])
})
it('gains nothing from a clock that is set back', () => {
  const pace = new Pace(1, 1, 10_000)
  expect([pace.take(10_000), pace.take(0), pace.take(500)]).toEqual([true, false, false])
})
