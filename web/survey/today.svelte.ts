import { dayOf } from '../i18n/format.ts'

let day = $state(dayOf(Date.now()))

/** The city's day, for whoever follows it. */
export const today = {
  get day(): string {
    return day
  },
  /**
   * Looks at the calendar whenever somebody comes back to the page, until the returned function is called: one that was
   * left open overnight must not take this morning's prices for yesterday's.
   */
  follow(): () => void {
    const look = () => {
      if (document.visibilityState === 'visible') day = dayOf(Date.now())
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  },
}
