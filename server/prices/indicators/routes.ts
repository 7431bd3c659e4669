import { Type } from 'typebox'
import { AllFigures, CommodityIndicators, Forecast } from '#contract/indicators.ts'
import { Day } from '#contract/model.ts'
import type { App, Context } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { DayQuery, existing } from '../asked-days.ts'
import { dayOf } from '../days.ts'
import { meanVariation } from './spread.ts'
import { variationsOf } from './figures.ts'
import { readAllFigures, readCommodityForecast, readIndicators } from './page.ts'

const closed = { additionalProperties: false }
const Code = Type.Object({ code: Type.String() })
const tags = ['prices']

function found<T>(value: T | undefined, code: string): T {
  if (value === undefined) throw new AppError('not-found', `No commodity has the code ${code}.`)
  return value
}

/** Indicators and forecasts. */
export function indicatorRoutes(app: App, { pool, pack, clock }: Context): void {
  const today = () => dayOf(clock(), pack.city.timezone)

  app.get(
    '/api/prices/indicators',
    {
      schema: {
        tags,
        summary: 'Read the indicators of all commodities',
        description:
          'As of the newest day of each; with `day` as of its newest day not after it. A measure that history does not suffice for says what it lacks.',
        querystring: DayQuery,
        response: { 200: AllFigures },
      },
    },
    async ({ query: { day } }) => {
      const figures = await readAllFigures(pool, pack, existing(day))
      return { figures, meanVariation: meanVariation(variationsOf(figures)) }
    },
  )

  app.get(
    '/api/prices/commodities/:code/indicators',
    {
      schema: {
        tags,
        summary: 'Read the indicators of a commodity with their history',
        description: 'With `known` as all prices had been received by the end of that day.',
        params: Code,
        querystring: Type.Object({ day: Type.Optional(Day), known: Type.Optional(Day) }, closed),
        response: { 200: CommodityIndicators },
      },
    },
    async ({ params: { code }, query: { day, known } }) =>
      found(
        await readIndicators(pool, pack, code, {
          until: existing(day) ?? existing(known) ?? today(),
          known: existing(known),
        }),
        code,
      ),
  )

  app.get(
    '/api/prices/commodities/:code/forecast',
    {
      schema: {
        tags,
        summary: 'Read the forecast of a commodity for 14 days',
        description: 'Without points where no method clearly beat "same as today" in the backtest.',
        params: Code,
        response: { 200: Forecast },
      },
    },
    async ({ params: { code } }) => found(await readCommodityForecast(pool, pack, code), code),
  )
}
