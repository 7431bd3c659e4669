import { medianOf } from '#contract/quality/index.ts'
import type { Verification, VerificationItem } from '#contract/survey.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { CityPack } from '../../cities/index.ts'
import type { Context } from '../../context.ts'
import { addDays, dayOf, daysFrom } from '../days.ts'
import { commodityOf, groupBy, marketOf } from '../naming.ts'
import { oldestWaiting } from './coverage.ts'
import { askedOn, evidenceOf, latestOfSources, SPARKLINE_DAYS, type Asked } from './evidence.ts'
import { surveyFeed } from './feed.ts'
import { flagKey, severityOf, toFlag } from './findings.ts'
import { isSame } from './states.ts'
import { handsOf, keyOf, readEntries, toEntry, type StoredEntry } from './store.ts'
import { cityMedians, marketPrices, sourcePrices, surveyFlags, waitingSurveys } from './verification-store.ts'

type Verifier = Pick<KnownViewer, 'accountId' | 'name'>

/**
 * What waits for a verifier, with the evidence: one answer, and the same few queries for one entry as for thousands.
 * @param wanted the day; left out: all days of which something may still wait
 */
export async function readVerification(
  { pool, pack, clock }: Pick<Context, 'pool' | 'pack' | 'clock'>,
  wanted: string | undefined,
  viewer: Verifier,
): Promise<Verification> {
  const today = dayOf(clock(), pack.city.timezone)
  const [from, to] = wanted === undefined ? [oldestWaiting(today), today] : [wanted, wanted]
  const [{ surveys, toPublish }, feed] = await Promise.all([waitingSurveys(pool, from, to), surveyFeed(pool)])
  const ids = surveys.map(({ id }) => id)
  const [all, hands] = await Promise.all([readEntries(pool, ids), handsOf(pool, ids)])
  const entries = all.filter(({ state }) => state === 'submitted')
  const commodities = [...new Set(entries.map(({ commodity }) => commodity))]
  const span = { from, to, commodities }
  const seen = addDays(from, -SPARKLINE_DAYS)
  const [prices, sources, medians, flags] = await Promise.all([
    marketPrices(pool, { ...span, from: seen }),
    sourcePrices(pool, span, feed.number),
    cityMedians(pool, span),
    surveyFlags(pool, span, feed.number),
  ])
  const known = {
    surveys: new Map(surveys.map((survey) => [survey.id, survey])),
    hands,
    days: daysFrom(seen, to),
    prices,
    sources: groupBy(sources, ({ commodity }) => commodity),
    medians,
    flags: groupBy(flags, flagKey),
  }
  const { items, asked } = judged(entries, known, pack, viewer)
  return {
    day: wanted ?? today,
    items: deviatingFirst(items),
    markets: asked.map(({ commodity, day, latest }) => ({ commodity, day, prices: latest })),
    toPublish,
  }
}

/** All that entries are judged by, read once. */
interface Known {
  surveys: ReadonlyMap<number, Awaited<ReturnType<typeof waitingSurveys>>['surveys'][number]>
  hands: Awaited<ReturnType<typeof handsOf>>
  /** the days of the series in `prices` */
  days: readonly string[]
  prices: Awaited<ReturnType<typeof marketPrices>>
  sources: ReadonlyMap<string, Awaited<ReturnType<typeof sourcePrices>>>
  medians: ReadonlyMap<string, number>
  flags: ReadonlyMap<string, Awaited<ReturnType<typeof surveyFlags>>>
}
/** An item, how bad its findings are, and by which share it is off from what was to be expected. */
interface Judged {
  item: VerificationItem
  severity: number
  deviation: number
}

/** Each entry with its evidence, and what was asked of a commodity on a day, once for all its entries. */
function judged(
  entries: readonly StoredEntry[],
  known: Known,
  pack: CityPack,
  viewer: Verifier,
): { items: Judged[]; asked: Asked[] } {
  const markets = new Map(pack.markets.map((market) => [market.code, marketOf(market)]))
  const commodities = new Map(pack.commodities.map((commodity) => [commodity.code, commodityOf(commodity)]))
  const asked = new Map<string, Asked>()
  const items = entries.flatMap((entry): Judged[] => {
    const survey = known.surveys.get(entry.surveyId)
    const market = markets.get(survey?.market ?? '')
    const commodity = commodities.get(entry.commodity)
    if (survey === undefined || market === undefined || commodity === undefined) return []
    const { day } = survey
    const place = { commodity: commodity.code, market: market.code, day }
    const key = `${commodity.code} ${day}`
    const ask =
      asked.get(key) ?? askedOn(place, known.prices.get(commodity.code) ?? new Map(), known.days, pack)
    asked.set(key, ask)
    const evidence = evidenceOf(market.code, ask, known.days)
    const cityMedian = known.medians.get(key) ?? null
    const others = () => ask.latest.flatMap((one) => (one.market.code === market.code ? [] : [one.price]))
    const usual = evidence.previous?.price ?? cityMedian ?? medianOf(others())
    const flags = (known.flags.get(flagKey({ ...place, price: entry.price })) ?? []).map((row) => ({
      ...toFlag(row),
      market,
      commodity,
    }))
    const hands = [entry.author, survey.officer, ...(known.hands.get(keyOf(entry)) ?? [])]
    const item: VerificationItem = {
      surveyId: survey.id,
      market,
      day,
      commodity,
      entry: toEntry(entry),
      flags,
      own: hands.some((hand) => isSame(hand, viewer)),
      ...evidence,
      cityMedian,
      otherSources: latestOfSources(place, known.sources.get(commodity.code) ?? []),
      ceiling: ask.ceiling,
    }
    return [{ item, severity: severityOf(flags), deviation: deviationOf(entry.price, usual) }]
  })
  return { items, asked: [...asked.values()] }
}

/** Share by which a price is off from what was to be expected: the last one of its market, else what others ask. */
const deviationOf = (price: number | null, usual: number | null): number =>
  price === null || usual === null ? 0 : Math.abs(price - usual) / usual

/** The worst finding first, then the largest deviation. */
function deviatingFirst(items: readonly Judged[]): VerificationItem[] {
  const place = ({ item }: Judged) => `${item.day} ${item.market.code} ${item.commodity.code}`
  return items
    .toSorted(
      (a, b) => b.severity - a.severity || b.deviation - a.deviation || (place(a) < place(b) ? -1 : 1),
    )
    .map(({ item }) => item)
}
