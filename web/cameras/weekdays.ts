import { dayAs } from '../i18n/format.ts'

/** 1 Monday .. 7 Sunday, as the contract counts them. */
export const WEEKDAYS: readonly number[] = [1, 2, 3, 4, 5, 6, 7]
/** A weekday's name; 1 January 2024 was a Monday. */
export const weekdayName = (weekday: number, style: 'short' | 'long' = 'short'): string =>
  dayAs(`2024-01-0${weekday}`, { weekday: style })
