import type { CityPack } from '../cities/index.ts'
import { addDays, isDay } from '../prices/index.ts'
import { overDay, type DemoMoment } from './calendar.ts'
import { chance } from './chance.ts'
import { daysBetween, type PriceLevels } from './levels.ts'
import { quoteAt } from './prices.ts'

/** The portal's groups with the kinds in them, by our codes; the pack's aliases say what it calls them. */
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  [
    'Beras',
    ['beras-bawah-1', 'beras-bawah-2', 'beras-medium-1', 'beras-medium-2', 'beras-super-1', 'beras-super-2'],
  ],
  ['Daging Ayam', ['daging-ayam-ras']],
  ['Daging Sapi', ['daging-sapi-1', 'daging-sapi-2']],
  ['Telur Ayam', ['telur-ayam-ras']],
  ['Bawang Merah', ['bawang-merah']],
  ['Bawang Putih', ['bawang-putih']],
  ['Cabai Merah', ['cabai-merah-besar', 'cabai-merah-keriting']],
  ['Cabai Rawit', ['cabai-rawit-hijau', 'cabai-rawit-merah']],
  ['Gula Pasir', ['gula-pasir-premium', 'gula-kristal-putih']],
]
const ROMAN = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X']
const MAX_DAYS = 366

/** Code of the place for which the portal answers. */
export const provinceOf = (pack: CityPack): string | undefined =>
  pack.markets.find(({ level }) => level === 'province')?.code

/** BI PIHPS' grid: days as keys, commas for thousands, names with a space behind; the newest day lags, no weekends. */
export function gridPayload(ask: {
  pack: CityPack
  seed: number
  levels: PriceLevels
  at: DemoMoment
  query: URLSearchParams
}): { data: object[] } {
  const { pack, seed, levels, at, query } = ask
  const place = provinceOf(pack)
  const from = query.get('start_date') ?? ''
  const to = query.get('end_date') ?? ''
  // As the real one: asked for a regency, it returns nothing.
  if (place === undefined || !isDay(from) || !isDay(to) || (query.get('regency_id') ?? '') !== '')
    return { data: [] }
  const names = new Map(
    pack.aliases
      .filter(({ feedKind }) => feedKind === 'pihps')
      // the last name of a commodity is the kind's own, the first the group's
      .map(({ commodityCode, sourceName }) => [commodityCode, sourceName]),
  )
  const newest = addDays(at.day, chance(seed, 'pihps-lag', at.day) < 0.3 ? -2 : -1)
  const days = Array.from(
    { length: Math.min(MAX_DAYS, Math.max(0, daysBetween(from, to) + 1)) },
    (_, index) => addDays(from, index),
  ).filter((day) => day <= newest && !isWeekend(day))
  const priceOf = (code: string, day: string) => quoteAt(seed, levels, place, code, overDay(day))
  const cells = (priceOn: (day: string) => number | null) =>
    Object.fromEntries(days.map((day) => [day.split('-').reverse().join('/'), withCommas(priceOn(day))]))
  const data = GROUPS.flatMap(([title, codes], index) => {
    const known = codes.filter((code) => levels.commodities.has(code) && names.has(code))
    if (known.length === 0) return []
    const group = (day: string) => mean(known.flatMap((code) => priceOf(code, day) ?? []))
    return [
      { no: ROMAN[index], name: title, level: 1, ...cells(group) },
      ...known.map((code, place) => ({
        no: place + 1,
        name: `${names.get(code)} `,
        level: 2,
        ...cells((day) => priceOf(code, day)),
      })),
    ]
  })
  return { data }
}

const isWeekend = (day: string) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())
const mean = (values: number[]) =>
  values.length === 0
    ? null
    : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length / 50) * 50
const withCommas = (price: number | null) =>
  price === null ? '-' : String(price).replace(/\B(?=(\d{3})+$)/g, ',')
