const DAY_MS = 86_400_000

/** The day so many days later, or earlier where it is negative; days are YYYY-MM-DD. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** True where the first is the day before the second. */
export const isBefore = (day: string, of: string): boolean => addDays(day, 1) === of
