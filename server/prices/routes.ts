import { Type } from 'typebox'
import { closed, Day } from '#contract/basic.ts'
import { CommodityHistory, PriceBoard } from '#contract/price-board.ts'
import {
  CeilingWatch,
  CommodityList,
  Holiday,
  MarketPage,
  PriceHeat,
  PriceMap,
  PriceRevisions,
  PriceSource,
  SourceComparison,
} from '#contract/prices.ts'
import type { App, Context } from '../context.ts'
import { AS_KNOWN, askedDay, DayQuery, existing, KnownRangeQuery, range, RangeQuery } from './asked-days.ts'
import { readBoard } from './board.ts'
import { readCeilings } from './ceiling-watch.ts'
import { readCommodity } from './commodity.ts'
import { dayOf } from './days.ts'
import { found } from './found.ts'
import { readHeat } from './heat.ts'
import { commodityOf } from './naming.ts'
import { readMap, readMarket } from './places.ts'
import { shownDay } from './queries.ts'
import { readRevisions } from './revisions.ts'
import { compareSources, readSources } from './sources.ts'

const MOST_HEAT_DAYS = 400
const MOST_COMPARED_DAYS = 800
const Code = Type.Object({ code: Type.String() })

/** Reading of prices; what changes them is in change-routes.ts. */
export function priceRoutes(app: App, { pool, pack, clock }: Context): void {
  const today = () => dayOf(clock(), pack.city.timezone)

  app.get(
    '/api/prices/board',
    {
      schema: {
        tags: ['prices'],
        summary: 'Read the prices of a day by commodity and market',
        description: AS_KNOWN,
        querystring: DayQuery,
        response: { 200: PriceBoard },
      },
    },
    async ({ query }) => readBoard(pool, pack, askedDay(query, today())),
  )

  app.get(
    '/api/prices/commodities',
    {
      schema: {
        tags: ['prices'],
        summary: "List commodities, and the codes of those that the city's own surveys ask for",
        response: { 200: CommodityList },
      },
    },
    async () => ({
      commodities: pack.commodities.map(commodityOf),
      surveyed: pack.commodities.filter(({ surveyed }) => surveyed === 'yes').map(({ code }) => code),
    }),
  )

  app.get(
    '/api/prices/commodities/:code',
    {
      schema: {
        tags: ['prices'],
        summary: 'Read the price history of a commodity',
        description: AS_KNOWN,
        params: Code,
        querystring: KnownRangeQuery,
        response: { 200: CommodityHistory },
      },
    },
    async ({ params: { code }, query }) => {
      const asked = askedDay({ day: query.to, known: query.known }, today())
      const days = range(query, { to: await shownDay(pool, asked), days: 90 })
      return found(await readCommodity(pool, pack, code, { ...days, known: asked.known }), 'commodity', code)
    },
  )

  app.get(
    '/api/prices/commodities/:code/sources',
    {
      schema: {
        tags: ['prices'],
        summary: 'Read what each source says of a commodity',
        params: Code,
        querystring: RangeQuery,
        response: { 200: SourceComparison },
      },
    },
    async ({ params: { code }, query }) => {
      const days = range(query, {
        to: await shownDay(pool, askedDay({ day: query.to }, today())),
        days: 90,
        most: MOST_COMPARED_DAYS,
      })
      return found(await compareSources(pool, pack, code, days.from, days.to), 'commodity', code)
    },
  )

  app.get(
    '/api/prices/commodities/:code/revisions',
    {
      schema: {
        tags: ['prices'],
        summary: 'Read all that was ever said of a commodity at a market on a day',
        params: Code,
        querystring: Type.Object({ market: Type.String(), day: Day }, closed),
        response: { 200: PriceRevisions },
      },
    },
    async ({ params, query: { market, day }, viewer }) =>
      readRevisions(
        pool,
        pack,
        { commodity: params.code, market, day: existing(day) },
        { names: viewer?.kind === 'account' },
      ),
  )

  app.get(
    '/api/prices/markets/:code',
    {
      schema: {
        tags: ['prices'],
        summary: 'Read the prices of a market on a day',
        description: AS_KNOWN,
        params: Code,
        querystring: DayQuery,
        response: { 200: MarketPage },
      },
    },
    async ({ params: { code }, query }) =>
      found(await readMarket(pool, pack, code, askedDay(query, today())), 'market', code),
  )

  app.get(
    '/api/prices/map',
    {
      schema: {
        tags: ['prices'],
        summary: "Read a commodity's price at every market of a day",
        description: AS_KNOWN,
        querystring: Type.Object({ commodity: Type.String(), ...DayQuery.properties }, closed),
        response: { 200: PriceMap },
      },
    },
    async ({ query: { commodity, ...query } }) =>
      found(await readMap(pool, pack, commodity, askedDay(query, today())), 'commodity', commodity),
  )

  app.get(
    '/api/prices/heat',
    {
      schema: {
        tags: ['prices'],
        summary: 'Read the city medians of all commodities day by day',
        description: AS_KNOWN,
        querystring: KnownRangeQuery,
        response: { 200: PriceHeat },
      },
    },
    async ({ query }) => {
      const asked = askedDay({ day: query.to, known: query.known }, today())
      const days = range(query, { to: await shownDay(pool, asked), days: 89, most: MOST_HEAT_DAYS })
      return readHeat(pool, pack, { ...days, known: asked.known })
    },
  )

  app.get(
    '/api/prices/ceilings',
    {
      schema: {
        tags: ['prices'],
        summary: 'Read what stands above the ceiling that is in force on a day',
        description: AS_KNOWN,
        querystring: DayQuery,
        response: { 200: CeilingWatch },
      },
    },
    async ({ query }) => readCeilings(pool, pack, askedDay(query, today())),
  )

  app.get(
    '/api/prices/holidays',
    {
      schema: {
        tags: ['prices'],
        summary: 'List seasons and feasts that move prices',
        querystring: RangeQuery,
        response: { 200: Type.Object({ holidays: Type.Array(Holiday) }) },
      },
    },
    async ({ query }) => {
      const { from, to } = range(query, { to: query.to ?? today(), days: 365 })
      return {
        holidays: pack.holidays
          .filter((holiday) => holiday.from <= to && holiday.to >= from)
          .map(({ expected, ...holiday }) => ({ ...holiday, expected: expected === 'yes' })),
      }
    },
  )

  app.get(
    '/api/prices/sources',
    {
      schema: {
        tags: ['prices'],
        summary: 'List the sources of prices, the most trusted first',
        response: { 200: Type.Object({ sources: Type.Array(PriceSource) }) },
      },
    },
    async () => ({ sources: await readSources(pool) }),
  )
}
