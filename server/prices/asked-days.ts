import { Type } from 'typebox'
import { closed, Day } from '#contract/basic.ts'
import { AppError } from '../errors.ts'
import { addDays, isDay } from './days.ts'

/** What may be meant; further away days can't be counted with. */
const [FIRST_DAY, LAST_DAY] = ['1900-01-01', '2100-12-31']

/** What `known` is documented with. */
export const AS_KNOWN = 'With `known` as all of it had been received by the end of that day.'
export const DayQuery = Type.Object({ day: Type.Optional(Day), known: Type.Optional(Day) }, closed)
export const RangeQuery = Type.Object({ from: Type.Optional(Day), to: Type.Optional(Day) }, closed)
export const KnownRangeQuery = Type.Object({ ...RangeQuery.properties, known: Type.Optional(Day) }, closed)

/** Days as they were asked for. Throws 'bad-input' for one that does not exist. */
export const askedDay = (
  { day, known }: { day?: string | undefined; known?: string | undefined },
  today: string,
) => ({
  wanted: existing(day),
  known: existing(known),
  today,
})

/** The day as it was asked for. Throws 'bad-input' for one that does not exist. */
export function existing<T extends string | undefined>(day: T): T {
  if (day !== undefined && !(isDay(day) && FIRST_DAY <= day && day <= LAST_DAY))
    throw new AppError('bad-input', `${day} is not a day; expected YYYY-MM-DD.`)
  return day
}

/**
 * The days that were asked for.
 * @param usual what stands for a missing end, and how many days before it for a missing beginning
 * @throws AppError 'bad-input' for days that do not exist, stand in the wrong order or lie further apart than `most` days
 */
export function range(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  usual: { to: string; days: number; most?: number },
): { from: string; to: string } {
  const end = existing(to) ?? usual.to
  const start = existing(from) ?? addDays(end, -usual.days)
  if (start > end) throw new AppError('bad-input', `from (${start}) must not be after to (${end}).`)
  if (usual.most !== undefined && addDays(start, usual.most) < end)
    throw new AppError('bad-input', `At most ${usual.most} days are given at once.`, {
      field: 'from',
      expected: `a day from ${addDays(end, -usual.most)} on`,
    })
  return { from: start, to: end }
}
