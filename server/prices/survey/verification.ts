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
  const [prices, sources, medians, flags] = await Promise.all([
    marketPrices(pool, { ...span, from: addDays(from, -SPARKLINE_DAYS) }),
    sourcePrices(pool, span, feed.number),
    cityMedians(pool, span),
    surveyFlags(pool, span, feed.number),
  ])
  const known = {
    prices: groupBy(prices, ({ commodity }) => commodity),
    sources: groupBy(sources, ({ commodity }) => commodity),
    flags: groupBy(flags, flagKey),
  }
  const askedBy = new Map<string, Asked>()
  const asked = (commodity: string, day: string): Asked => {
    const key = `${commodity} ${day}`
    const found = askedBy.get(key) ?? askedOn(commodity, day, known.prices.get(commodity) ?? [], pack)
    askedBy.set(key, found)
    return found
  }
  const bySurvey = new Map(surveys.map((survey) => [survey.id, survey]))
  const items = entries.flatMap((entry): Judged[] => {
    const survey = bySurvey.get(entry.surveyId)
    const market = pack.markets.find(({ code }) => code === survey?.market)
    const commodity = pack.commodities.find(({ code }) => code === entry.commodity)
    if (survey === undefined || market === undefined || commodity === undefined) return []
    const { day } = survey
    const named = { market: marketOf(market), commodity: commodityOf(commodity) }
    const place = { market: market.code, day }
    const ask = asked(entry.commodity, day)
    const evidence = evidenceOf(place, ask)
    const cityMedian = medians.get(`${entry.commodity} ${day}`) ?? null
    const others = ask.latest.flatMap((one) => (one.market.code === market.code ? [] : [one.price]))
    return [
      {
        deviation: deviationOf(entry.price, evidence.previous?.price ?? cityMedian ?? medianOf(others)),
        surveyId: survey.id,
        day,
        ...named,
        entry: toEntry(entry),
        flags: (known.flags.get(flagKey({ ...entry, ...place })) ?? []).map((row) => ({
          ...toFlag(row),
          ...named,
        })),
        own: [entry.author, survey.officer, ...(hands.get(keyOf(entry)) ?? [])].some((hand) =>
          isSame(hand, viewer),
        ),
        ...evidence,
        cityMedian,
        otherSources: latestOfSources(place, known.sources.get(entry.commodity) ?? []),
        ceiling: ask.ceiling,
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

/** Of a commodity on a day: each market's prices up to it, and its last one within the carry limit. */
interface Asked {
  commodity: string
  day: string
  /** those whose prices are drawn */
  days: string[]
  ceiling: VerificationItem['ceiling']
  byMarket: Map<string, MarketSeries['prices']>
  latest: MarketsAsk['prices']
}
/** An item, and by which share it is off from what was to be expected. */
type Judged = VerificationItem & { deviation: number }

/** The same for all entries of a commodity and a day. */
function askedOn(commodity: string, day: string, series: readonly MarketSeries[], pack: CityPack): Asked {
  const oldest = addDays(day, -CARRY_DAYS)
  const byMarket = new Map(
    series.map(({ market, prices }) => [market, prices.filter((price) => price.day <= day)]),
  )
  return {
    commodity,
    day,
    days: daysFrom(addDays(day, 1 - SPARKLINE_DAYS), day),
    byMarket,
    ceiling: ceilingOf(pack, commodity, day),
    latest: pack.markets.flatMap((market) => {
      const last = byMarket.get(market.code)?.at(-1)
      return last === undefined || last.day < oldest ? [] : [{ market: marketOf(market), price: last.price }]
    }),
  }
}

/** What this market asked before and what the others ask. */
function evidenceOf(
  { market, day }: { market: string; day: string },
  { byMarket, days }: Asked,
): Pick<VerificationItem, 'previous' | 'sparkline'> {
  const own = byMarket.get(market) ?? []
  const prices = new Map(own.map((one) => [one.day, one.price]))
  const before = own.findLast((one) => one.day < day)
  return {
    previous: before === undefined ? null : { day: before.day, price: before.price },
    sparkline: days.map((one) => prices.get(one) ?? null),
  }
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

/** The worst finding first, then the largest deviation. */
function deviatingFirst(items: readonly Judged[]): VerificationItem[] {
  const severity = ({ flags }: VerificationItem) =>
    Math.max(
      0,
      ...flags
        .filter(({ outcome }) => outcome === null || outcome === 'error')
        .map((flag) => RANK[flag.severity]),
    )
  return items
    .map(({ deviation, ...item }) => ({ item, severity: severity(item), deviation }))
    .sort(
      (a, b) =>
        b.severity - a.severity ||
        b.deviation - a.deviation ||
        a.item.day.localeCompare(b.item.day) ||
        a.item.market.code.localeCompare(b.item.market.code) ||
        a.item.commodity.code.localeCompare(b.item.commodity.code),
    )
    .map(({ item }) => item)
}
