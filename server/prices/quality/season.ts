import type { CityPack } from '../../cities/index.ts'
import { addDays } from '../days.ts'

const YEARS = 5
/** So near to Lebaran a day is compared with the days as far from the Lebaran of other years. */
const LEBARAN_DAYS = 28

const apart = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

/** The same time of the year in earlier years, the newest first: by the calendar or, near Lebaran, by the feast. */
export function seasonDays(day: string, holidays: CityPack['holidays']): string[] {
  const feasts = holidays.filter(({ kind }) => kind === 'lebaran').map(({ from }) => from)
  const feast = feasts.find((from) => Math.abs(apart(from, day)) <= LEBARAN_DAYS)
  const year = Number(day.slice(0, 4))
  return Array.from({ length: YEARS }, (_, index) => year - 1 - index).flatMap((earlier) => {
    if (feast === undefined) {
      const same = `${earlier}${day.slice(4)}`
      return [same.endsWith('-02-29') ? `${earlier}-02-28` : same]
    }
    const before = feasts.find((from) => from.startsWith(String(earlier)))
    return before === undefined ? [] : [addDays(before, apart(feast, day))]
  })
}
