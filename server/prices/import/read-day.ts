import { isDay } from '../days.ts'
import { textOf, type Cell } from './cells.ts'

export interface ReadDay {
  /** YYYY-MM-DD; the first where only a month is named */
  day: string
  wholeMonth: boolean
}

/** Long and short names, Indonesian as offices write them and English, by month. */
const MONTHS = [
  'januari jan january',
  'februari feb pebruari peb february',
  'maret mar mrt march',
  'april apr',
  'mei may',
  'juni jun june',
  'juli jul july',
  'agustus agu agt ags agust aug august',
  'september sep sept',
  'oktober okt oct october',
  'november nov nop nopember',
  'desember des dec december',
]
const MONTH_OF = new Map(
  MONTHS.flatMap((words, index) => words.split(' ').map((word) => [word, index + 1] as const)),
)
const WEEKDAY =
  /^(senin|selasa|rabu|kamis|jum['’`]?at|sabtu|minggu|ahad|mon|tues?|wed|thu|fri|sat|sun)\p{L}*,?\s+/iu
const TIME = /[T\s]\d{1,2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?\s*(z|wib|wita|wit)?$/i
const NUMBERS = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})$/
/** Days that Excel counts from 1899-12-30: 1990 to 2060. */
const [FIRST_SERIAL, LAST_SERIAL] = [32_874, 58_806]

/** The number of a month by name or number ("Agt", "agustus", "08"); undefined: none. */
export function readMonth(cell: Cell | undefined): number | undefined {
  const text = textOf(cell).toLowerCase().replace(/\.$/, '')
  const number = /^\d{1,2}$/.test(text) ? Number(text) : MONTH_OF.get(text)
  return number !== undefined && number >= 1 && number <= 12 ? number : undefined
}

export function readYear(cell: Cell | undefined): number | undefined {
  const text = textOf(cell)
  return /^(19[5-9]|20\d)\d$/.test(text) ? Number(text) : undefined
}

const built = (year: number, month: number, day: number | undefined): ReadDay | undefined => {
  const full = year >= 100 ? year : year < 70 ? 2000 + year : 1900 + year
  const text = `${full}-${String(month).padStart(2, '0')}-${String(day ?? 1).padStart(2, '0')}`
  return full >= 1950 && full < 2100 && isDay(text) ? { day: text, wholeMonth: day === undefined } : undefined
}

/**
 * Reads a day or a month: "2026-08-01", "01/08/2026", "1 Agustus 2026", "1-Agu-26", "Senin, 1 Agt 2026", "Agustus 2026",
 * 20260801, and the days that Excel counts. Undefined: it is none.
 * @param dayFirst of "01/08/2026"; where one of the two can be no month it does not matter
 */
export function readDay(cell: Cell | undefined, dayFirst: boolean): ReadDay | undefined {
  const text = textOf(cell).replace(TIME, '').replace(WEEKDAY, '').trim()
  if (text === '' || text.length > 40) return undefined
  if (/^\d+(\.\d+)?$/.test(text) && !NUMBERS.test(text)) return ofNumber(text)
  const iso = /^(\d{4})[-/. ](\d{1,2})(?:[-/. ](\d{1,2}))?$/.exec(text)
  if (iso !== null)
    return built(Number(iso[1]), Number(iso[2]), iso[3] === undefined ? undefined : Number(iso[3]))
  const numbers = NUMBERS.exec(text)
  if (numbers !== null) {
    const [first, second, year] = [Number(numbers[1]), Number(numbers[2]), Number(numbers[3])]
    const swapped = first > 12 ? false : second > 12 ? true : !dayFirst
    return swapped ? built(year, first, second) : built(year, second, first)
  }
  const monthYear = /^(\d{1,2})[-/](\d{4})$/.exec(text)
  if (monthYear !== null) return built(Number(monthYear[2]), Number(monthYear[1]), undefined)
  return ofWords(text)
}

function ofNumber(text: string): ReadDay | undefined {
  const joined = /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (joined !== null) return built(Number(joined[1]), Number(joined[2]), Number(joined[3]))
  const serial = Math.floor(Number(text))
  if (serial < FIRST_SERIAL || serial > LAST_SERIAL) return undefined
  return { day: new Date((serial - 25_569) * 86_400_000).toISOString().slice(0, 10), wholeMonth: false }
}

/** With a month's name: "1 Agustus 2026", "1-Agu-26", "August 1, 2026", "Agustus 2026", "2026 Agustus". */
function ofWords(text: string): ReadDay | undefined {
  const parts = text.split(/[-/., ]+/).filter((part) => part !== '')
  const at = parts.findIndex((part) => MONTH_OF.has(part.toLowerCase()))
  if (at < 0 || parts.length > 3) return undefined
  const month = MONTH_OF.get((parts[at] as string).toLowerCase()) as number
  const others = parts.filter((_, index) => index !== at)
  if (!others.every((part) => /^(\d{1,2}|\d{4})$/.test(part))) return undefined
  const [one = '', two] = others
  // "Agu 26" is a month of a year, "26 Agustus" is a day of any.
  if (two === undefined)
    return one.length === 4 || (one.length === 2 && at === 0)
      ? built(Number(one), month, undefined)
      : undefined
  return one.length === 4 ? built(Number(one), month, Number(two)) : built(Number(two), month, Number(one))
}

/** Whether "01/08/2026" begins with its day, by those among them that leave no doubt; as Indonesia writes where none does. */
export function startsWithDay(cells: Iterable<Cell>): boolean {
  for (const cell of cells) {
    const numbers = NUMBERS.exec(textOf(cell).replace(TIME, ''))
    if (numbers !== null && Number(numbers[1]) > 12) return true
    if (numbers !== null && Number(numbers[2]) > 12) return false
  }
  return true
}
