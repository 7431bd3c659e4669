import type { Pool, PoolClient } from 'pg'
import type { CheckContext } from '#contract/quality.ts'
import type { CityPack } from '../../cities/index.ts'
import { groupBy } from '../naming.ts'
import { cityAround, countingPastOf, movedSince, othersOn, pastOf, type Series } from './context-store.ts'
import { HISTORY_VALUES, type DayPrice } from './scan.ts'
import { seasonDays } from './season.ts'

/** Faults may last for months; behind them lies what is to be trusted. */
export const HISTORY_DAYS = 400
/** A source with fewer values of its own is compared with what counted at its market. */
const OWN_VALUES = 5
/** As `stuck` wants it: below it nobody asks whether others moved. */
const STILL_VALUES = 10

export interface Place extends Series {
  day: string
}

/** What a price of each place is compared with, in the order of the places. A handful of queries, however many they are. */
export async function contextsOf(
  database: Pool | PoolClient,
  pack: CityPack,
  places: readonly Place[],
): Promise<CheckContext[]> {
  const histories = await historiesOf(
    database,
    places.map(({ day, ...series }) => ({ ...series, before: day })),
  )
  const around = await surroundingsOf(database, pack, places)
  return Promise.all(
    places.map(async (place, index) => {
      const history = histories[index] ?? []
      return {
        ...around(place),
        history,
        othersMoved: await movedWhileStill(database, place, history),
      }
    }),
  )
}

/** The trusted past of each series before its day, oldest first. */
export async function historiesOf(
  database: Pool | PoolClient,
  series: readonly (Series & { before: string })[],
): Promise<DayPrice[][]> {
  const limits = { most: HISTORY_VALUES, days: HISTORY_DAYS }
  const own = collect(series.length, await pastOf(database, series, limits))
  const strange = series.flatMap((one, n) => ((own[n]?.length ?? 0) < OWN_VALUES ? [{ ...one, n }] : []))
  const counting = collect(strange.length, await countingPastOf(database, strange, limits))
  strange.forEach(({ n }, index) => {
    if ((counting[index]?.length ?? 0) > (own[n]?.length ?? 0)) own[n] = counting[index] ?? []
  })
  return own
}

function collect(count: number, rows: readonly { n: number; day: string; price: number }[]): DayPrice[][] {
  const lists: DayPrice[][] = Array.from({ length: count }, () => [])
  for (const { n, day, price } of rows) lists[n]?.push({ day, price })
  return lists
}

/** What surrounds a price of any of the places: bounds, other markets, earlier years. */
export async function surroundingsOf(
  database: Pool | PoolClient,
  pack: CityPack,
  places: readonly Omit<Place, 'feed'>[],
): Promise<(place: Omit<Place, 'feed'>) => Omit<CheckContext, 'history'>> {
  const pairs = [...new Map(places.map((place) => [keyOf(place), place])).values()]
  const centres = pairs.flatMap(({ commodity, day }) =>
    seasonDays(day, pack.holidays).map((centre) => ({ commodity, day: centre })),
  )
  const others = groupBy(await othersOn(database, pairs), keyOf)
  const medians = new Map((await cityAround(database, centres)).map((one) => [keyOf(one), one.median]))
  const goods = new Map(pack.commodities.map((one) => [one.code, one]))
  const levels = new Map(pack.markets.map(({ code, level }) => [code, level]))
  return (place) => {
    const commodity = goods.get(place.commodity)
    const { plausibleMin: min, plausibleMax: max, unit = '' } = commodity ?? {}
    // A producer's or a province's price is no market's.
    const beside = levels.get(place.market) === 'market' ? (others.get(keyOf(place)) ?? []) : []
    return {
      range: min === undefined || max === undefined ? null : { min, max },
      others: beside.flatMap(({ market, price }) => (market === place.market ? [] : [{ market, price }])),
      othersMoved: 0,
      season:
        levels.get(place.market) === 'producer'
          ? []
          : seasonDays(place.day, pack.holidays).flatMap(
              (centre) => medians.get(keyOf({ commodity: place.commodity, day: centre })) ?? [],
            ),
      unit,
    }
  }
}

const keyOf = ({ commodity, day }: { commodity: string; day: string }) => `${commodity} ${day}`

/** How many other markets moved while this series kept its last value; 0 where it did not keep it for long. */
export async function movedWhileStill(
  database: Pool | PoolClient,
  { commodity, market, day }: Omit<Place, 'feed'>,
  history: readonly DayPrice[],
): Promise<number> {
  const last = history[history.length - 1]
  const change = history.findLastIndex(({ price }) => price !== last?.price)
  const since = history[change + 1]
  if (since === undefined || history.length - change - 1 < STILL_VALUES) return 0
  return movedSince(database, { commodity, market, from: since.day, to: day })
}
