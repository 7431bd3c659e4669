import type { CheckContext, Finding } from '#contract/quality.ts'
import type { EntryAnswer, EntryState, Stock } from '#contract/survey.ts'
import { checkPrice, needsReason } from '#contract/quality/index.ts'
import type { CityPack } from '../cities/index.ts'
import { addDays } from '../prices/index.ts'
import { chance } from './chance.ts'
import type { PriceLevels } from './levels.ts'
import { priceAt } from './prices.ts'

export interface PlannedEntry {
  commodity: string
  answer: EntryAnswer
  prices: number[]
  price: number | null
  stock: Stock | null
  insist: string
  state: Extract<EntryState, 'draft' | 'submitted' | 'sent-back' | 'verified'>
  findings: Finding[]
}
export interface PlannedSurvey {
  market: string
  day: string
  officer: string
  /** minutes of the day */
  begun: number
  submitted: number
  entries: PlannedEntry[]
}
export interface Planning {
  seed: number
  pack: CityPack
  levels: PriceLevels
}

const OFFICERS = [
  'Sri Wahyuni',
  'Agus Prasetyo',
  'Dewi Lestari',
  'Bambang Hartono',
  'Ratna Puspita',
  'Eko Susilo',
]
export const VERIFIER = 'Endang Kurniawati'
export const SENT_BACK = 'Harga ini jauh di atas pasar lain. Tolong tanyakan lagi ke dua pedagang.'
const INSISTED = 'Sudah ditanyakan lagi, pedagang lain menyebut harga yang sama.'
/** Markets that the city has not begun to survey. */
const WITHOUT = 2
const SKIPPED = 0.04
const NOT_SOLD = 0.015
const CHECKED_DAYS = 30
/** By how much a price was mistaken, of which commodity. */
interface Mistake {
  commodity: string
  factor: number
}
/** How far today's surveys are, by the markets' order; the rest is submitted. */
const TODAY: readonly { mistake?: Mistake; sentBack?: Mistake; none?: boolean; entered?: number }[] = [
  // a zero lost: 1.750 for 17.500
  { mistake: { commodity: 'minyak-goreng-curah', factor: 0.1 } },
  // the price of 100 g for that of a kilogram
  { mistake: { commodity: 'cabai-rawit-merah', factor: 0.1 } },
  { mistake: { commodity: 'daging-ayam-ras', factor: 1.4 } },
  { sentBack: { commodity: 'bawang-merah', factor: 2 } },
  { none: true },
  { entered: 9 },
]

/** What the officers did on a day that is over: nearly all markets, all of it verified. */
export function pastSurveys(planning: Planning, day: string): PlannedSurvey[] {
  return surveyed(planning).flatMap((market, place) =>
    chance(planning.seed, 'survey', market, day) < SKIPPED
      ? []
      : [surveyOf(planning, market, place, day, () => 'verified')],
  )
}

/** What they have done of today: some submitted and not verified, mistakes among it, one at work, one late. */
export function todaysSurveys(planning: Planning, day: string): PlannedSurvey[] {
  return surveyed(planning).flatMap((market, place) => {
    const { mistake, sentBack, none, entered } = TODAY[place] ?? {}
    if (none === true) return []
    const survey = surveyOf(planning, market, place, day, ({ commodity }) =>
      entered !== undefined ? 'draft' : commodity === sentBack?.commodity ? 'sent-back' : 'submitted',
    )
    const mistaken = mistake ?? sentBack
    return [
      {
        ...survey,
        entries: survey.entries
          .slice(0, entered)
          .map((entry) =>
            checked(
              planning,
              survey,
              entry.commodity === mistaken?.commodity ? times(entry, mistaken.factor) : entry,
            ),
          ),
      },
    ]
  })
}

const surveyed = ({ pack }: Planning): string[] =>
  pack.markets
    .filter(({ level }) => level === 'market')
    .map(({ code }) => code)
    .slice(0, -WITHOUT)

function surveyOf(
  planning: Planning,
  market: string,
  place: number,
  day: string,
  stateOf: (entry: Pick<PlannedEntry, 'commodity'>) => PlannedEntry['state'],
): PlannedSurvey {
  const { seed, pack } = planning
  const luck = (word: string) => chance(seed, 'survey', word, market, day)
  const begun = 390 + Math.round(luck('begun') * 80)
  const entries = pack.commodities
    .filter(({ surveyed: asked }) => asked === 'yes')
    .sort((a, b) => a.position - b.position)
    .map(({ code }) => {
      const entry = entryOf(planning, market, code, day)
      return { ...entry, state: stateOf(entry) }
    })
  return {
    market,
    day,
    officer: OFFICERS[place % OFFICERS.length] ?? '',
    begun,
    // most of them well before nine
    submitted: begun + 8 + Math.round(luck('took') ** 3 * 110),
    entries,
  }
}

/** Three sellers around the market's price; the same as yesterday is said so at times. What has no price at all is not sold. */
function entryOf(
  { seed, levels }: Planning,
  market: string,
  commodity: string,
  day: string,
): Omit<PlannedEntry, 'state'> {
  const luck = (word: string) => chance(seed, 'survey', word, market, commodity, day)
  const price = askedOn({ seed, levels }, market, commodity, day)
  const usual = { commodity, insist: '', findings: [] }
  if (price === null || luck('sold') < NOT_SOLD)
    return { ...usual, answer: 'not-sold', prices: [], price: null, stock: 'empty' }
  const stock = luck('stock') < 0.8 ? 'enough' : luck('stock') < 0.95 ? 'thin' : null
  const before = priceAt(seed, levels, market, commodity, addDays(day, -1))
  if (before === price && luck('same') < 0.6)
    return { ...usual, answer: 'same', prices: [price], price, stock }
  const apart = price >= 25_000 ? 500 : 100
  return { ...usual, answer: 'price', prices: [price, price + apart, price - apart], price, stock }
}

/** What is asked on a day; an officer is there on days, too, that the portal knows nothing of. */
function askedOn(
  { seed, levels }: Pick<Planning, 'seed' | 'levels'>,
  market: string,
  commodity: string,
  day: string,
): number | null {
  for (let back = 0; back < 7; back += 1) {
    const price = priceAt(seed, levels, market, commodity, addDays(day, -back))
    if (price !== null) return price
  }
  return null
}

/** Sellers who all name the mistaken price. */
function times(entry: PlannedEntry, factor: number): PlannedEntry {
  if (entry.price === null) return entry
  const price = Math.round(entry.price * factor)
  return { ...entry, answer: 'price', prices: [price], price }
}

/** With what the checks say of it; the officer stands by what was warned of. */
function checked({ seed, pack, levels }: Planning, survey: PlannedSurvey, entry: PlannedEntry): PlannedEntry {
  const { commodity, price } = entry
  if (price === null) return entry
  const {
    plausibleMin: min,
    plausibleMax: max,
    unit = '',
  } = pack.commodities.find(({ code }) => code === commodity) ?? {}
  const at = (market: string, day: string) => priceAt(seed, levels, market, commodity, day)
  const context: CheckContext = {
    range: min === undefined || max === undefined ? null : { min, max },
    history: Array.from({ length: CHECKED_DAYS }, (_, back) =>
      addDays(survey.day, back - CHECKED_DAYS),
    ).flatMap((day) => {
      const before = at(survey.market, day)
      return before === null ? [] : [{ day, price: before }]
    }),
    others: pack.markets.flatMap(({ code, level }) => {
      const other = level === 'market' && code !== survey.market ? at(code, survey.day) : null
      return other === null ? [] : [{ market: code, price: other }]
    }),
    othersMoved: 0,
    season: [],
    unit,
  }
  const findings = checkPrice(price, survey.day, context)
  return { ...entry, findings, insist: needsReason(findings) ? INSISTED : '' }
}
