const DAY_MS = 86_400_000

/** @param day YYYY-MM-DD */
export const addDays = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10)

/** How many days the second lies after the first; negative: before it. */
export const daysBetween = (first: string, second: string): number =>
  Math.round((Date.parse(`${second}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS)

/** The day of an address' query; '' where it names none. */
export const askedDay = (query: URLSearchParams, name = 'day'): string => {
  const text = query.get(name) ?? ''
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : ''
}
