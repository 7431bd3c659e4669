import type { Pool, PoolClient } from 'pg'
import type { SurveySheet } from '#contract/survey.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { Context } from '../../context.ts'
import { addDays } from '../days.ts'
import { dueByMarket } from '../due.ts'
import { lockedMonths } from '../locked.ts'
import { ceilingOf, commodityOf, marketOf } from '../naming.ts'
import { readPriceSettings } from '../settings.ts'
import { surveyContexts } from './checks.ts'
import { deadlineOf } from './deadline.ts'
import type { Place } from './enter.ts'
import { marketIn } from './place.ts'
import { isSame } from './states.ts'
import { findSurvey, readEntries, toEntry } from './store.ts'

/** An older price says nothing of today's. */
export const PREVIOUS_DAYS = 90

/** All that a phone needs of a survey: what is due, what is known of it, and what was entered already. */
export async function readSheet(
  { pool, pack }: Pick<Context, 'pool' | 'pack'>,
  { market: code, day }: Place,
  viewer: Pick<KnownViewer, 'accountId' | 'name'>,
): Promise<SurveySheet> {
  const market = marketIn(pack, code)
  const survey = await findSurvey(pool, code, day)
  const [entries, due, settings, locked, previous] = await Promise.all([
    survey === undefined ? [] : readEntries(pool, [survey.id]),
    dueByMarket(pool, pack),
    readPriceSettings(pool),
    lockedMonths(pool, [day]),
    previousOf(pool, code, day),
  ])
  const shown = new Set([...(due.get(code) ?? []), ...entries.map(({ commodity }) => commodity)])
  const commodities = pack.commodities
    .filter((one) => shown.has(one.code))
    .sort((a, b) => a.position - b.position)
  const contexts = await surveyContexts(
    pool,
    pack,
    { market: code, day },
    commodities.map((one) => one.code),
  )
  return {
    id: survey?.id ?? null,
    market: marketOf(market),
    day,
    officer: survey?.officer.name ?? null,
    own: survey !== undefined && isSame(survey.officer, viewer),
    locked: locked.size > 0,
    deadline: deadlineOf(day, settings, pack.city.timezone).deadline.toISOString(),
    items: commodities.flatMap((one) => {
      const context = contexts.get(one.code)
      if (context === undefined) return []
      return [
        {
          commodity: commodityOf(one),
          previous: previous.get(one.code) ?? null,
          ceiling: ceilingOf(pack, one.code, day),
          context,
        },
      ]
    }),
    entries: entries.map(toEntry),
  }
}

/** The last price of each commodity that counts of a market before a day. */
async function previousOf(
  database: Pool | PoolClient,
  market: string,
  day: string,
): Promise<Map<string, { day: string; price: number }>> {
  const result = await database.query<{ commodity: string; day: string; price: number }>({
    name: 'survey-previous',
    text: `SELECT DISTINCT ON (commodity) commodity, day, price FROM market_price
      WHERE market = $1 AND day BETWEEN $2 AND $3 AND status <> 'imputed' ORDER BY commodity, day DESC`,
    values: [market, addDays(day, -PREVIOUS_DAYS), addDays(day, -1)],
  })
  return new Map(result.rows.map(({ commodity, ...previous }) => [commodity, previous]))
}
