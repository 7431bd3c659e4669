import { Type } from 'typebox'
import { Commodity, CommodityHistory, Day, PriceBoard } from '#contract/model.ts'
import type { App, Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { addDays, dayOf, isDay } from './days.ts'
import { commodityOf, dayRange, readBoard, readCommodity } from './queries.ts'

/** What may be meant; further away days can't be counted with. */
const [FIRST_DAY, LAST_DAY] = ['1900-01-01', '2100-12-31']

export function priceRoutes(app: App, { pool, pack, clock }: Context): void {
  const today = () => dayOf(clock(), pack.city.timezone)
  const existing = (day: string | undefined) => {
    if (day !== undefined && !(isDay(day) && FIRST_DAY <= day && day <= LAST_DAY))
      throw new AppError('bad-input', `${day} is not a day; expected YYYY-MM-DD.`)
    return day
  }

  app.get(
    '/api/prices/board',
    {
      schema: {
        tags: ['prices'],
        summary: 'Read the prices of a day by commodity and market',
        querystring: Type.Object({ day: Type.Optional(Day) }, { additionalProperties: false }),
        response: { 200: PriceBoard },
      },
    },
    async (request) => readBoard(pool, pack, existing(request.query.day), today()),
  )

  app.get(
    '/api/prices/commodities',
    {
      schema: {
        tags: ['prices'],
        summary: 'List commodities',
        response: { 200: Type.Object({ commodities: Type.Array(Commodity) }) },
      },
    },
    async () => ({ commodities: pack.commodities.map(commodityOf) }),
  )

  app.get(
    '/api/prices/commodities/:code',
    {
      schema: {
        tags: ['prices'],
        summary: 'Read the price history of a commodity',
        params: Type.Object({ code: Type.String() }),
        querystring: Type.Object(
          { from: Type.Optional(Day), to: Type.Optional(Day) },
          { additionalProperties: false },
        ),
        response: { 200: CommodityHistory },
      },
    },
    async (request) => {
      const to = existing(request.query.to) ?? (await dayRange(pool)).latest ?? today()
      const from = existing(request.query.from) ?? addDays(to, -90)
      if (from > to) throw new AppError('bad-input', `from (${from}) must not be after to (${to}).`)
      const history = await readCommodity(pool, pack, request.params.code, from, to)
      if (history === undefined)
        throw new AppError('not-found', `No commodity has the code ${request.params.code}.`)
      return history
    },
  )
}
