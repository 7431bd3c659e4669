import { distance } from 'fastest-levenshtein'
import type { Vocabulary } from '#contract/price-import.ts'
import { commodityFinder, type CityPack, type CommodityFinder } from '../../cities/index.ts'
import { measureFactor, splitMeasure } from './measure.ts'

export const VOCABULARIES: readonly Vocabulary[] = ['history', 'siskaperbapo', 'pihps', 'sp2kp', 'bapanas']
/** Above it two names have little in common. */
const MOST_DIFFERENT = 0.4

const LEVELS = ['market', 'producer', 'city', 'province'] as const

/** What names in a file mean, by one source's way to name things. */
export interface Names {
  vocabulary: Vocabulary
  /** undefined: not known for certain */
  commodity(name: string): string | undefined
  market(name: string): string | undefined
  /** what the file's price is multiplied with; undefined: the measure cannot be turned into the commodity's unit */
  factor(name: string, code: string, measure: string | null): number | undefined
  /** the code whose name is the nearest: for a person to confirm */
  likely(kind: 'commodity' | 'market', name: string): string | null
  /** the place that titles or a file's name speak of: a market before the city, the city before its province */
  placeIn(texts: readonly string[]): string | undefined
}

const plain = (name: string) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/\b(psr|ps|pasar tradisional|market)\b/g, 'pasar')
    .replace(/\bcabe\b/g, 'cabai')
    .trim()
const sorted = (name: string) => plain(name).split(' ').sort().join(' ')

export function namesOf(pack: CityPack, vocabulary: Vocabulary): Names {
  const own = commodityFinder(pack, vocabulary)
  const others = VOCABULARIES.filter((one) => one !== vocabulary).map((one) => commodityFinder(pack, one))
  const units = new Map(pack.commodities.map(({ code, unit }) => [code, unit]))
  const markets = marketNames(pack)
  const levels = new Map(pack.markets.map(({ code, level }) => [code, level]))
  const codes = new Set(pack.commodities.map(({ code }) => code))
  const known = {
    commodity: [
      ...pack.commodities.flatMap(({ code, nameId, nameEn }) =>
        [code, nameId, nameEn].map((name) => [name, code] as const),
      ),
      ...pack.aliases.map(({ sourceName, commodityCode }) => [sourceName, commodityCode] as const),
    ].map(([name, code]) => ({ names: [plain(name), sorted(name)], code })),
    market: [...markets].map(([name, code]) => ({ names: [name, sorted(name)], code })),
  }
  // Our own code is nobody else's name: a file of ours can be read again whatever its sources call things.
  const commodity = remembered((name) => (codes.has(name) ? name : commodityNamed(name, own, others)))
  return {
    vocabulary,
    commodity,
    market: remembered((name) => markets.get(plain(name))),
    factor: (name, code, measure) => {
      const split = splitMeasure(name)
      const found = name === code ? undefined : own(split.name)
      if (found?.code === code && found.factor !== 1) return found.factor
      const stated = measure ?? split.measure
      const unit = units.get(code)
      return stated === null || unit === undefined ? 1 : measureFactor(stated, unit)
    },
    likely: (kind, name) => {
      const asked = splitMeasure(name).name.slice(0, 100)
      const forms = [plain(asked), sorted(asked)]
      let best: { code: string; off: number } | undefined
      for (const { names, code } of known[kind])
        for (const [index, candidate] of names.entries()) {
          const form = forms[index] as string
          const off = distance(form, candidate) / Math.max(form.length, candidate.length, 1)
          if (best === undefined || off < best.off) best = { code, off }
        }
      return best !== undefined && best.off <= MOST_DIFFERENT ? best.code : null
    },
    placeIn: (texts) => {
      const within = texts.map((text) => ` ${plain(text)} `)
      const said = [...markets].filter(
        ([name]) => /\p{L}/u.test(name) && within.some((text) => text.includes(` ${name} `)),
      )
      for (const level of LEVELS) {
        const here = said.filter(([, code]) => levels.get(code) === level)
        // "Pasar Besar" alone, though "Besar" is within it; of two markets neither.
        if (here.length > 0)
          return new Set(here.map(([, code]) => code)).size === 1 ? here[0]?.[1] : undefined
      }
      return undefined
    },
  }
}

/** The source's own way to name it, else what all others agree on. Numbers are no names: a price may be an id, too. */
function commodityNamed(
  text: string,
  own: CommodityFinder,
  others: readonly CommodityFinder[],
): string | undefined {
  const { name } = splitMeasure(text)
  if (!/\p{L}/u.test(name)) return undefined
  const found = own(name)
  if (found !== undefined) return found.code
  const said = new Set(others.flatMap((finder) => finder(name)?.code ?? []))
  return said.size === 1 ? [...said][0] : undefined
}

/** Our names and codes, with and without "Pasar" before it, and what portals number this city. */
function marketNames({ markets, city }: CityPack): Map<string, string> {
  const names = new Map<string, string>()
  const cityCode = markets.find(({ level }) => level === 'city')?.code
  const numbers = Object.values(city.portalCodes).flatMap((codes) =>
    Object.entries(codes).flatMap(([key, value]) => (/kab|kota|city|regency/.test(key) ? [value] : [])),
  )
  if (cityCode !== undefined) for (const number of numbers) names.set(plain(number), cityCode)
  for (const { code, name } of markets) {
    for (const form of [name, code]) names.set(plain(form), code)
    const bare = plain(name).replace(/^pasar /, '')
    if (bare !== plain(name) && bare.length > 4 && !names.has(bare)) names.set(bare, code)
  }
  return names
}

function remembered<T>(find: (name: string) => T): (name: string) => T {
  const met = new Map<string, T>()
  return (name) => {
    if (met.has(name)) return met.get(name) as T
    const found = find(name)
    if (met.size < 10_000) met.set(name, found)
    return found
  }
}
