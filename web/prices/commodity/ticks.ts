import { locale } from '../../i18n/index.svelte.ts'

const tag = () => (locale.current === 'en' ? 'en-GB' : 'id-ID')

/** A day as the axis of a chart says it. */
export const tick = (day: string, step: 'day' | 'month' | 'year'): string =>
  new Intl.DateTimeFormat(tag(), {
    timeZone: 'UTC',
    ...(step === 'year' ? {} : { month: 'short' }),
    ...(step === 'day' ? { day: 'numeric' } : { year: 'numeric' }),
  }).format(new Date(day))

/** A day of any year: what all years share. */
export const tickOfYear = (day: string, step: 'day' | 'month' | 'year'): string =>
  new Intl.DateTimeFormat(tag(), {
    timeZone: 'UTC',
    month: 'short',
    ...(step === 'day' ? { day: 'numeric' } : {}),
  }).format(new Date(day))
