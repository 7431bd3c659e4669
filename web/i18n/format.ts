import { city } from '../live/city.svelte.ts'
import { locale } from './index.svelte.ts'

/** Figures, prices and times as the reader's language writes them; always the city's clock. */

const zone = () => city.info?.timezone ?? 'Asia/Jakarta'
const tag = () => (locale.current === 'en' ? 'en-GB' : 'id-ID')
/** Kept: to make one takes longer than a frame's share of an axis may. */
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()
function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = tag() + JSON.stringify(options)
  const format = (made.get(key) as Intl.NumberFormat | undefined) ?? new Intl.NumberFormat(tag(), options)
  made.set(key, format)
  return format
}
function dates(
  options: Intl.DateTimeFormatOptions,
  timeZone = zone(),
  language = tag(),
): Intl.DateTimeFormat {
  const key = language + timeZone + JSON.stringify(options)
  const format =
    (made.get(key) as Intl.DateTimeFormat | undefined) ??
    new Intl.DateTimeFormat(language, { ...options, timeZone })
  made.set(key, format)
  return format
}

export const number = (value: number, digits = 0): string =>
  numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
/** A space that does not break: an amount stays on one line. */
export const rupiah = (value: number): string => `Rp\u00a0${number(value)}`
export const perUnit = (value: number, unit: string): string => `${rupiah(value)}/${unit}`
export const percent = (share: number, digits = 1): string => `${number(share * 100, digits)}%`
export const change = (share: number, digits = 1): string =>
  `${share > 0 ? '+' : share < 0 ? '−' : ''}${number(Math.abs(share) * 100, digits)}%`
export const time = (iso: string | number): string =>
  dates({ hour: '2-digit', minute: '2-digit' }).format(new Date(iso))
export const clock = (ms: number): string =>
  dates({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(ms))
/** What the city's people call its clock: WIB, WITA or WIT. */
export const zoneName = (): string =>
  dates({ timeZoneName: 'short' }, zone(), 'id-ID')
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName')?.value ?? zone()
/** @param seconds whether they are shown too */
export const dateTime = (iso: string | number, seconds = false): string =>
  `${dates({ day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(iso))}, ${seconds ? clock(new Date(iso).getTime()) : time(iso)} ${zoneName()}`
/** The city's day, YYYY-MM-DD, at a moment (ms). */
export const dayOf = (ms: number): string => dates({}, zone(), 'sv-SE').format(new Date(ms))
/** The hour of the city's clock, 0..23, at a moment (ms). */
export const hourOf = (ms: number): number =>
  Number(dates({ hour: '2-digit', hourCycle: 'h23' }, zone(), 'sv-SE').format(ms))
/** A day of the calendar, whatever the clock: the parts of it that are asked for. */
export const dayAs = (isoDay: string, parts: Intl.DateTimeFormatOptions): string =>
  dates(parts, 'UTC').format(new Date(`${isoDay}T00:00:00Z`))
export const day = (isoDay: string): string =>
  dayAs(isoDay, { day: 'numeric', month: 'short', year: 'numeric' })
/** @param isoMonth YYYY-MM */
export const monthName = (isoMonth: string): string =>
  dayAs(`${isoMonth}-01`, { month: 'long', year: 'numeric' })

const WORDS = {
  id: { d: 'hari', h: 'jam', m: 'mnt', s: 'dtk', ago: (text: string) => `${text} lalu`, now: 'baru saja' },
  en: { d: 'd', h: 'h', m: 'min', s: 's', ago: (text: string) => `${text} ago`, now: 'just now' },
}
/** The two largest parts of a length in seconds. */
export function duration(seconds: number): string {
  const words = WORDS[locale.current]
  const whole = Math.max(0, Math.floor(seconds))
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), words.d],
    [Math.floor(whole / 3_600) % 24, words.h],
    [Math.floor(whole / 60) % 60, words.m],
    [whole % 60, words.s],
  ]
  const first = parts.findIndex(([count]) => count > 0)
  if (first < 0) return `0 ${words.s}`
  return parts
    .slice(first, first + 2)
    .filter(([count], index) => index === 0 || count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(' ')
}
export const ago = (seconds: number): string =>
  seconds < 2 ? WORDS[locale.current].now : WORDS[locale.current].ago(duration(seconds))
