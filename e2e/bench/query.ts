import { listAlerts } from '../../server/alerts/index.ts'
import { readCamera } from '../../server/cameras/card.ts'
import { listCameras, readStatuses } from '../../server/cameras/index.ts'
import { startTestCluster } from '../../server/database/testing/index.ts'
import { listFeeds, listRuns } from '../../server/ingest/feeds-store.ts'
import { listRejects } from '../../server/ingest/rejects-store.ts'
import { readBoard } from '../../server/prices/board.ts'
import { readCommodity } from '../../server/prices/commodity.ts'
import { addDays, dayRange, latestCity } from '../../server/prices/index.ts'
import { readSummary } from '../../server/summary/index.ts'
import { longestOutage, workingAt } from '../../server/summary/store.ts'
import { heldSince } from '../../server/cameras/index.ts'
import { median, quantile, timed, type Bench } from './figures.ts'
import { RAW_DAYS, keepDays, type KeptData } from './kept-data.ts'

const RUNS = 100
const WARM_UP = 10
const DAY = 86_400_000
const LIMITS: Record<string, number> = { 'current state': 15 }

/** Every query behind the pages over a year of 1,000 cameras as the product keeps it, against a month of the same. */
export const query: Bench = async (report) => {
  const cluster = await startTestCluster({ durable: true })
  try {
    const month = await keepDays(cluster.adminUrl, 30)
    const year = await keepDays(cluster.adminUrl, 365)
    const queries = { month: await pageQueries(month), year: await pageQueries(year) }
    for (const name of Object.keys(queries.year)) {
      const times = { month: [] as number[], year: [] as number[] }
      // In turns, so that a slow moment of the machine strikes both.
      for (let index = -WARM_UP; index < RUNS; index += 1)
        for (const span of ['month', 'year'] as const) {
          const ms = await timed(async () => queries[span][name]?.(index + WARM_UP))
          if (index >= 0) times[span].push(ms)
        }
      const p95 = quantile(times.year, 0.95)
      const limit = LIMITS[name] ?? 50
      report({
        figure: `${name}, a year, p95`,
        value: p95,
        unit: 'ms',
        limit,
        goal: `under ${limit} ms`,
        ok: p95 < limit,
      })
      const [own, before] = [median(times.year), median(times.month)]
      report({
        figure: `${name}, median, a year against a month`,
        value: own,
        unit: 'ms',
        limit: before,
        goal: 'under 1.5',
        ok: own / before < 1.5,
      })
    }
    const told = { unit: 'kB', limit: null, goal: 'told', ok: true }
    report({
      figure: 'transitions, outages and roll-ups kept per camera and year',
      value: year.bytesPerYear / 1_000,
      ...told,
    })
    report({
      figure: `raw observations kept per camera and day of retention (${RAW_DAYS} days of them are there)`,
      value: year.rawBytesPerDay / 1_000,
      ...told,
    })
    await month.drop()
    await year.drop()
  } finally {
    await cluster.stop()
  }
}

/** What the routes and the live rooms call, each by its page; the parts of the summary also one by one. */
async function pageQueries(data: KeptData): Promise<Record<string, (index: number) => Promise<unknown>>> {
  const { pool, pack, now, cameraIds } = data
  const { timezone } = pack.city
  const { latest } = await dayRange(pool)
  if (latest === null) throw new Error('the price history is not there')
  const camera = (index: number) => cameraIds[(index * 37) % cameraIds.length] as number
  const commodity = (index: number) => pack.commodities[index % pack.commodities.length]?.code ?? ''
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY)
  return {
    'current state': () => readStatuses(pool),
    'map: list of cameras': () => listCameras(pool, pack),
    'map: card of a camera': (index) => readCamera(pool, pack, camera(index), now),
    'prices: board of the newest day': () => readBoard(pool, pack, { today: latest }),
    'prices: board of an earlier day': (index) =>
      readBoard(pool, pack, { wanted: addDays(latest, -(index % 20)), today: latest }),
    'prices: chart of a commodity, 30 days': (index) =>
      readCommodity(pool, pack, commodity(index), { from: addDays(latest, -30), to: latest }),
    'prices: live room': () => Promise.all([dayRange(pool), latestCity(pool)]),
    'summary: whole page': () => readSummary({ pool, pack, clock: () => now }),
    'summary: availability by day and district, 60 days': () =>
      heldSince(pool, new Date(Math.floor(daysAgo(59).getTime() / DAY) * DAY - 7 * 3_600_000), now, timezone),
    'summary: longest outage': () => longestOutage(pool, daysAgo(30), now),
    'summary: working a day ago': () => workingAt(pool, daysAgo(1)),
    'feeds: list': () => listFeeds(pool, now),
    'feeds: runs': () => listRuns(pool, 'bench', 50),
    'feeds: rejects': () => listRejects(pool, 'bench', { limit: 50 }),
    alerts: () => listAlerts(pool),
  }
}
