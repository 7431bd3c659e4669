import type { Pool } from 'pg'
import type { Summary } from '#contract/model.ts'
import { availability, heldSince, listCameras, type Held } from '../cameras/index.ts'
import type { App, Context } from '../context.ts'
import { Summary as SummarySchema } from '#contract/model.ts'
import { addDays, ceilingOf, cityBetween, commodityOf, dayOf, dayRange } from '../prices/index.ts'
import { availabilityFigure, basketFigure, moversOf, type Medians } from './figures.ts'
import { longestOutage, marketsReporting, workingAt } from './store.ts'

const DAY = 86_400_000
const TOP_MOVERS = 6

export function summaryRoutes(app: App, context: Context): void {
  app.get('/api/summary', { schema: { tags: ['summary'], response: { 200: SummarySchema } } }, async () =>
    readSummary(context),
  )
}

/** Leadership's page: each number with the period before it and how complete it is. */
export async function readSummary(context: Context): Promise<Summary> {
  const now = context.clock()
  const [cameras, prices] = await Promise.all([
    cameraPart(context, now),
    pricePart(context.pool, context.pack),
  ])
  return {
    at: now.toISOString(),
    demo: cameras.demo || prices.demo,
    cameras: cameras.part,
    prices: prices.part,
  }
}

async function cameraPart({ pool, pack }: Context, now: Date) {
  const timezone = pack.city.timezone
  const midnight = (days: number) =>
    new Date(Date.parse(`${addDays(dayOf(now, timezone), -days)}T00:00:00Z`) - offset(now, timezone))
  const [cameras, days, district7, district14, outage, workingBefore] = await Promise.all([
    listCameras(pool, pack),
    heldSince(pool, 'day', midnight(59), now, timezone),
    heldSince(pool, 'district', midnight(6), now, timezone),
    heldSince(pool, 'district', midnight(13), now, timezone),
    longestOutage(pool, new Date(now.getTime() - 30 * DAY), now),
    workingAt(pool, new Date(now.getTime() - DAY)),
  ])
  const states: Record<string, number> = { up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0 }
  for (const camera of cameras) states[camera.status.state] = (states[camera.status.state] ?? 0) + 1
  const today = dayOf(now, timezone)
  const span = (from: number, to: number) =>
    Array.from({ length: from - to + 1 }, (_, index) => days.get(addDays(today, index - from))).filter(
      (held) => held !== undefined,
    )
  const known = cameras.length - (states.unknown ?? 0)
  return {
    demo: cameras.some((camera) => camera.status.demo),
    part: {
      total: cameras.length,
      states,
      working: {
        value: known === 0 ? null : (states.up ?? 0) + (states.degraded ?? 0),
        before: workingBefore,
        completeness: cameras.length === 0 ? 0 : known / cameras.length,
      },
      availability7d: availabilityFigure(span(6, 0), span(13, 7)),
      availability30d: availabilityFigure(span(29, 0), span(59, 30)),
      trend: Array.from({ length: 30 }, (_, index) => {
        const day = addDays(today, index - 29)
        const held = days.get(day)
        return { day, value: held === undefined ? null : availability(held) }
      }),
      districts: pack.districts.map(({ code, name }) => {
        const inside = cameras.filter((camera) => camera.district === code)
        const week = district7.get(code)
        const both = district14.get(code)
        return {
          code,
          name,
          total: inside.length,
          up: inside.filter(({ status }) => status.state === 'up' || status.state === 'degraded').length,
          availability: availabilityFigure(
            week === undefined ? [] : [week],
            both === undefined || week === undefined ? [] : [minus(both, week)],
          ),
        }
      }),
      longestOutage: outage,
    },
  }
}

const minus = (a: Held, b: Held): Held => ({
  up: a.up - b.up,
  degraded: a.degraded - b.degraded,
  down: a.down - b.down,
  unknown: a.unknown - b.unknown,
})

/** Milliseconds that the city's clock is ahead of UTC. */
function offset(moment: Date, timezone: string): number {
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(moment)
  return Date.parse(`${local.replace(' ', 'T')}Z`) - Math.floor(moment.getTime() / 1000) * 1000
}

async function pricePart(pool: Pool, pack: Context['pack']) {
  const { latest } = await dayRange(pool)
  const marketsTotal = pack.markets.filter((market) => market.level === 'market').length
  const none = { value: null, before: null, completeness: 0 }
  if (latest === null)
    return {
      demo: false,
      part: {
        day: null,
        basket: { yesterday: none, lastWeek: none, lastMonth: none, staples: 0 },
        aboveCeiling: [],
        aboveCeilingBefore: null,
        movers: [],
        markets: none,
        marketsTotal,
      },
    }
  const figures = await cityBetween(pool, addDays(latest, -31), latest)
  const on = (day: string): Medians =>
    new Map(figures.filter((figure) => figure.day === day).map((figure) => [figure.commodity, figure.median]))
  const [now, yesterday, lastWeek, lastMonth] = [0, -1, -7, -30].map((days) => on(addDays(latest, days))) as [
    Medians,
    Medians,
    Medians,
    Medians,
  ]
  const weights = new Map(
    pack.commodities.flatMap(({ code, basketWeight }) =>
      basketWeight === undefined ? [] : [[code, basketWeight] as const],
    ),
  )
  const commodity = new Map(pack.commodities.map((one) => [one.code, commodityOf(one)]))
  const above = (medians: Medians, day: string) =>
    [...medians].flatMap(([code, median]) => {
      const ceiling = ceilingOf(pack, code, day)
      const named = commodity.get(code)
      return ceiling === null || named === undefined || median <= ceiling.price
        ? []
        : [{ commodity: named, median, ceiling, excess: median / ceiling.price - 1 }]
    })
  const [reporting, reportingBefore] = await Promise.all([
    marketsReporting(pool, latest),
    marketsReporting(pool, addDays(latest, -1)),
  ])
  return {
    demo: figures.some((figure) => figure.day === latest && figure.demo),
    part: {
      day: latest,
      basket: {
        yesterday: basketFigure(weights, now, yesterday),
        lastWeek: basketFigure(weights, now, lastWeek),
        lastMonth: basketFigure(weights, now, lastMonth),
        staples: weights.size,
      },
      aboveCeiling: above(now, latest).sort((a, b) => b.excess - a.excess),
      aboveCeilingBefore: yesterday.size === 0 ? null : above(yesterday, addDays(latest, -1)).length,
      movers: moversOf(now, lastWeek)
        .slice(0, TOP_MOVERS)
        .flatMap(({ code, ...mover }) => {
          const named = commodity.get(code)
          return named === undefined ? [] : [{ commodity: named, ...mover }]
        }),
      markets: {
        value: reporting,
        before: reportingBefore,
        completeness: marketsTotal === 0 ? 0 : reporting / marketsTotal,
      },
      marketsTotal,
    },
  }
}
