import type { Flag, Severity } from '#contract/quality.ts'
import { medianOf } from '#contract/quality/index.ts'
import type { MarketsAsk, Verification, VerificationItem } from '#contract/survey.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { CityPack } from '../../cities/index.ts'
import type { Context } from '../../context.ts'
import { CARRY_DAYS } from '../board.ts'
import { addDays, dayOf, daysFrom } from '../days.ts'
import { ceilingOf, commodityOf, groupBy, marketOf } from '../naming.ts'
import { oldestWaiting } from './coverage.ts'
import { SURVEY_FEED, surveyFeed } from './feed.ts'
import { isSame } from './states.ts'
import { handsOf, keyOf, readEntries, toEntry } from './store.ts'
import {
  cityMedians,
  marketPrices,
  sourcePrices,
  surveyFlags,
  waitingSurveys,
  type FlagRow,
  type MarketSeries,
  type SourceRow,
} from './verification-store.ts'

const SPARKLINE_DAYS = 30
const RANK: Record<Severity, number> = { error: 3, warning: 2, info: 1 }

/**
 * What waits for a verifier, with the evidence: one answer, and the same few queries for one entry as for thousands.
 * @param wanted the day; left out: all days of which something may still wait
 */
export async function readVerification(
  { pool, pack, clock }: Pick<Context, 'pool' | 'pack' | 'clock'>,
  wanted: string | undefined,
  viewer: Pick<KnownViewer, 'accountId' | 'name'>,
): Promise<Verification> {
  const today = dayOf(clock(), pack.city.timezone)
  const [from, to] = wanted === undefined ? [oldestWaiting(today), today] : [wanted, wanted]
  const [{ surveys, toPublish }, feed] = await Promise.all([waitingSurveys(pool, from, to), surveyFeed(pool)])
  const ids = surveys.map(({ id }) => id)
  const [all, hands] = await Promise.all([readEntries(pool, ids), handsOf(pool, ids)])
  const entries = all.filter(({ state }) => state === 'submitted')
  const commodities = [...new Set(entries.map(({ commodity }) => commodity))]
  const span = { from, to, commodities }
  const days = daysFrom(addDays(from, -SPARKLINE_DAYS), to)
  const [prices, sources, medians, flags] = await Promise.all([
    marketPrices(pool, { ...span, from: addDays(from, -SPARKLINE_DAYS) }),
    sourcePrices(pool, span, feed.number),
    cityMedians(pool, span),
    surveyFlags(pool, span, feed.number),
  ])
  const known = {
    sources: groupBy(sources, ({ commodity }) => commodity),
    flags: groupBy(flags, flagKey),
  }
  const askedBy = new Map<string, Asked>()
  const asked = (commodity: string, day: string): Asked => {
    const key = `${commodity} ${day}`
    const found =
      askedBy.get(key) ?? askedOn({ commodity, day }, prices.get(commodity) ?? new Map(), days, pack)
    askedBy.set(key, found)
    return found
  }
  const named = {
    market: new Map(pack.markets.map((market) => [market.code, marketOf(market)])),
    commodity: new Map(pack.commodities.map((commodity) => [commodity.code, commodityOf(commodity)])),
  }
  const bySurvey = new Map(surveys.map((survey) => [survey.id, survey]))
  const items = entries.flatMap((entry): Judged[] => {
    const survey = bySurvey.get(entry.surveyId)
    const market = named.market.get(survey?.market ?? '')
    const commodity = named.commodity.get(entry.commodity)
    if (survey === undefined || market === undefined || commodity === undefined) return []
    const { day } = survey
    const place = { market: market.code, day }
    const ask = asked(entry.commodity, day)
    const evidence = evidenceOf(market.code, ask, days)
    const cityMedian = medians.get(`${entry.commodity} ${day}`) ?? null
    const others = () => ask.latest.flatMap((one) => (one.market.code === market.code ? [] : [one.price]))
    const flags = (
      known.flags.get(flagKey({ ...place, commodity: commodity.code, price: entry.price })) ?? []
    ).map((row) => ({ ...toFlag(row), market, commodity }))
    return [
      {
        severity: severityOf(flags),
        deviation: deviationOf(entry.price, evidence.previous?.price ?? cityMedian ?? medianOf(others())),
        item: {
          surveyId: survey.id,
          market,
          day,
          commodity,
          entry: toEntry(entry),
          flags,
          own: [entry.author, survey.officer, ...(hands.get(keyOf(entry)) ?? [])].some((hand) =>
            isSame(hand, viewer),
          ),
          ...evidence,
          cityMedian,
          otherSources: latestOfSources(place, known.sources.get(entry.commodity) ?? []),
          ceiling: ask.ceiling,
        },
      },
    ]
  })
  return {
    day: wanted ?? today,
    items: deviatingFirst(items),
    markets: [...askedBy.values()].map(({ commodity, day, latest }) => ({ commodity, day, prices: latest })),
    toPublish,
  }
}

/** Of what a finding is: a price of a commodity, in a market on a day. */
export const flagKey = (one: { commodity: string; market: string; day: string; price: number | null }) =>
  `${one.commodity} ${one.market} ${one.day} ${one.price}`

const toFlag = ({
  market: _m,
  commodity: _c,
  raisedAt,
  outcomeAt,
  ...row
}: FlagRow): Omit<Flag, 'market' | 'commodity'> => ({
  ...row,
  feed: SURVEY_FEED,
  raisedAt: raisedAt.toISOString(),
  outcomeAt: outcomeAt?.toISOString() ?? null,
})

/** Of a commodity on a day: each market's prices, and its last one up to that day within the carry limit. */
interface Asked {
  commodity: string
  day: string
  /** the day's place in the series */
  at: number
  ceiling: VerificationItem['ceiling']
  byMarket: ReadonlyMap<string, MarketSeries>
  latest: MarketsAsk['prices']
}
/** An item, how bad its findings are, and by which share it is off from what was to be expected. */
interface Judged {
  item: VerificationItem
  severity: number
  deviation: number
}

/** The same for all entries of a commodity and a day. */
function askedOn(
  { commodity, day }: { commodity: string; day: string },
  byMarket: ReadonlyMap<string, MarketSeries>,
  days: readonly string[],
  pack: CityPack,
): Asked {
  const at = days.indexOf(day)
  return {
    commodity,
    day,
    at,
    byMarket,
    ceiling: ceilingOf(pack, commodity, day),
    latest: pack.markets.flatMap((market) => {
      if (market.level !== 'market') return []
      const line = byMarket.get(market.code) ?? []
      const price = line[lastPriced(line, at, at - CARRY_DAYS)] ?? null
      return price === null ? [] : [{ market: marketOf(market), price }]
    }),
  }
}

/** What this market asked before, and its last days. */
function evidenceOf(
  market: string,
  { byMarket, at }: Asked,
  days: readonly string[],
): Pick<VerificationItem, 'previous' | 'sparkline'> {
  const line = byMarket.get(market) ?? []
  const before = lastPriced(line, at - 1, 0)
  const [day, price] = [days[before], line[before] ?? null]
  return {
    previous: day === undefined || price === null ? null : { day, price },
    sparkline: Array.from(
      { length: SPARKLINE_DAYS },
      (_, place) => line[at + 1 - SPARKLINE_DAYS + place] ?? null,
    ),
  }
}

/** Place of the last price from one place back to another, both included; -1: there is none. */
function lastPriced(line: MarketSeries, from: number, to: number): number {
  for (let place = from; place >= to; place -= 1) if ((line[place] ?? null) !== null) return place
  return -1
}

/** The last word of each other source on this market, and on the city and the province. Newest first comes in. */
function latestOfSources(
  { market, day }: { market: string; day: string },
  rows: readonly SourceRow[],
): VerificationItem['otherSources'] {
  const oldest = addDays(day, -CARRY_DAYS)
  const latest = new Map<string, VerificationItem['otherSources'][number]>()
  for (const row of rows) {
    const concerns = row.level === 'market' ? row.market === market : true
    if (!concerns || row.day > day || row.day < oldest || latest.has(row.title)) continue
    latest.set(row.title, { title: row.title, price: row.price, day: row.day })
  }
  return [...latest.values()]
}

/** Share by which a price is off from what was to be expected: the last one of its market, else what others ask. */
const deviationOf = (price: number | null, usual: number | null): number =>
  price === null || usual === null ? 0 : Math.abs(price - usual) / usual

/** Of the findings that nobody settled as a false alarm the worst. */
const severityOf = (flags: readonly Flag[]): number =>
  Math.max(
    0,
    ...flags
      .filter(({ outcome }) => outcome === null || outcome === 'error')
      .map(({ severity }) => RANK[severity]),
  )

/** The worst finding first, then the largest deviation. */
function deviatingFirst(items: readonly Judged[]): VerificationItem[] {
  const place = ({ item }: Judged) => `${item.day} ${item.market.code} ${item.commodity.code}`
  return items
    .toSorted(
      (a, b) => b.severity - a.severity || b.deviation - a.deviation || (place(a) < place(b) ? -1 : 1),
    )
    .map(({ item }) => item)
}
