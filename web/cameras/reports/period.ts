/** Days of the city's calendar, the last one part of the period: YYYY-MM-DD. */
export interface Period {
  from: string
  to: string
}
const iso = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
const parts = (month: string): [number, number] => [Number(month.slice(0, 4)), Number(month.slice(5, 7))]

/** @param month YYYY-MM */
export function periodOfMonth(month: string): Period {
  const [year, one] = parts(month)
  return { from: iso(year, one, 1), to: iso(year, one + 1, 0) }
}
/** The month of a day and those before it, the newest first: YYYY-MM. */
export function monthsBefore(today: string, count: number): string[] {
  const [year, one] = parts(today)
  return Array.from({ length: count }, (_, back) => iso(year, one - back, 1).slice(0, 7))
}

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
/** What the address asks for: two days, or a month, or else the month of today. */
export function readPeriod(query: URLSearchParams, today: string): { month: string | null; period: Period } {
  const [from, to, month] = [query.get('from') ?? '', query.get('to') ?? '', query.get('month') ?? '']
  if (isDay(from) && isDay(to) && from <= to) return { month: null, period: { from, to } }
  const chosen = /^20\d{2}-(0[1-9]|1[0-2])$/.test(month) ? month : today.slice(0, 7)
  return { month: chosen, period: periodOfMonth(chosen) }
}
