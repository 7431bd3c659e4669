import { dayAs } from '../../i18n/format.ts'

/** A day as the axis of a chart says it. */
export const tick = (day: string, step: 'day' | 'month' | 'year'): string =>
  dayAs(day, {
    ...(step === 'year' ? {} : { month: 'short' }),
    ...(step === 'day' ? { day: 'numeric' } : { year: 'numeric' }),
  })

/** A day of any year: what all years share. */
export const tickOfYear = (day: string, step: 'day' | 'month' | 'year'): string =>
  dayAs(day, { month: 'short', ...(step === 'day' ? { day: 'numeric' } : {}) })
