import { Type } from 'typebox'
import { AllFigures, CommodityIndicators, Forecast } from '#contract/indicators.ts'
import type { App, Context } from '../../context.ts'
import { DayQuery, existing } from '../asked-days.ts'
import { dayOf } from '../days.ts'
import { found } from '../found.ts'
import { meanVariation } from './spread.ts'
import { variationsOf } from './figures.ts'
import { readAllFigures, readCommodityForecast, readIndicators } from './page.ts'

const Code = Type.Object({ code: Type.String() })
const tags = ['prices']

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
          'As of the newest day of each; with `day` as of its newest day not after it; with `known` as all prices had been received by the end of that day. A measure that history does not suffice for says what it lacks.',
        querystring: DayQuery,
        response: { 200: AllFigures },
      },
    },
    async ({ query: { day, known } }) => {
      const figures = await readAllFigures(pool, pack, { until: existing(day), known: existing(known) })
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
        querystring: DayQuery,
        response: { 200: CommodityIndicators },
      },
    },
    async ({ params: { code }, query: { day, known } }) =>
      found(
        await readIndicators(pool, pack, code, {
          until: existing(day) ?? existing(known) ?? today(),
          known: existing(known),
        }),
        'commodity',
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
    async ({ params: { code } }) => found(await readCommodityForecast(pool, pack, code), 'commodity', code),
  )
}
