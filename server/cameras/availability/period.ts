import { AppError } from '../../errors.ts'
import { addDays, isDay } from '../../prices/index.ts'
import { localClock } from './service-time.ts'

export interface Period {
  from: Date
  to: Date
}
/** Of years that every calendar and the database know. */
const FORM = /^(?:1999|20\d{2}|2100)-\d{2}-\d{2}(?:T.*(?:Z|[+-]\d{2}:\d{2}))?$/
const [FIRST, LAST] = [Date.UTC(2000, 0), Date.UTC(2100, 0)]

/**
 * A period of days (the last one is part of it) or of moments (the last one is not), of the city's clock where no
 * offset is given. Throws an AppError that names the field which does not fit.
 */
export function periodOf(from: string, to: string, timezone: string, mostDays: number): Period {
  const midnight = localClock(timezone)
  const moment = (field: string, text: string, isEnd: boolean) => {
    const day = isEnd && isDay(text) ? addDays(text, 1) : text
    const at = !FORM.test(text) ? NaN : isDay(text) ? midnight(day, 0) : Date.parse(text)
    if (at >= FIRST && at <= LAST) return at
    throw new AppError('bad-input', `${field} is no day and no time.`, {
      field,
      expected: 'YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ',
    })
  }
  const period = { from: new Date(moment('from', from, false)), to: new Date(moment('to', to, true)) }
  const days = (period.to.getTime() - period.from.getTime()) / 86_400_000
  if (days <= 0)
    throw new AppError('bad-input', 'from must be before to.', { field: 'from', expected: 'before to' })
  if (days > mostDays + 1 / 24)
    throw new AppError('bad-input', `A period of at most ${mostDays} days is taken.`, {
      field: 'to',
      expected: `at most ${mostDays} days after from`,
    })
  return period
}

/** @param month YYYY-MM of the city's calendar */
export function monthOf(month: string, timezone: string): Period {
  const next = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 1))
    .toISOString()
    .slice(0, 10)
  return periodOf(`${month}-01`, addDays(next, -1), timezone, 31)
}
