import { buildApp } from '../../server/app.ts'
import { loadPack } from '../../server/cities/index.ts'
import { readConfig } from '../../server/config.ts'
import { startTestCluster } from '../../server/database/testing/index.ts'
import { Bus } from '../../server/live/bus.ts'
import { createLog } from '../../server/log.ts'
import { addDays } from '../../server/prices/index.ts'
import { indicatorsJob } from '../../server/prices/indicators/index.ts'
import { quantile, type Bench } from './figures.ts'
import { zoomFrames } from './price-chart.ts'
import { keepPrices, type PriceData } from './price-data.ts'

const RUNS = 60
const WARM_UP = 6
const LIMIT_MS = 100
const FRAME_MS = 16
const HOST = 'bench.test'
const PASSWORD = 'a long enough secret'

/**
 * What every page of prices asks for, over ten years of 40 commodities at 15 markets, as its routes answer: queries, what is
 * decided over them, and the answer's text. Then the chart of ten years in Chromium.
 */
export const prices: Bench = async (report) => {
  const cluster = await startTestCluster({ durable: true })
  try {
    const data = await keepPrices(cluster.adminUrl)
    const clock = () => new Date(`${data.newest}T05:00:00Z`)
    // With the whole pack, as the product does it: the server that the chart comes from has nothing left to count.
    await indicatorsJob({ pool: data.pool, pack: await loadPack('malang'), clock })()
    await correctSome(data)
    await submitSurveys(data)
    await data.pool.query('VACUUM ANALYZE')
    // A city's database at rest: what was loaded at once has been written by then.
    await data.pool.query('CHECKPOINT')
    const { ask, close } = await asked(data, clock)
    for (const [page, url] of Object.entries(pagesOf(data))) {
      const times: number[] = []
      let bytes = 0
      for (let index = -WARM_UP; index < RUNS; index += 1) {
        const begun = performance.now()
        bytes = await ask(url(Math.abs(index)))
        if (index >= 0) times.push(performance.now() - begun)
      }
      const p95 = quantile(times, 0.95)
      report({
        figure: `${page} (${Math.round(bytes / 1_000)} kB), p95 of ${RUNS}`,
        value: p95,
        unit: 'ms',
        limit: LIMIT_MS,
        goal: `under ${LIMIT_MS} ms`,
        ok: p95 < LIMIT_MS,
      })
    }
    await close()
    const frames = await zoomFrames(data)
    for (const [share, name] of [
      [0.5, 'median'],
      [0.95, 'p95'],
    ] as const)
      // prettier-ignore
      report({
        figure: `chart of ten years: work of a frame while zooming, ${name}`,
        value: quantile(frames, share),
        unit: 'ms',
        limit: FRAME_MS,
        goal: `under ${FRAME_MS} ms`,
        ok: quantile(frames, share) < FRAME_MS,
      })
    await data.drop()
  } finally {
    await cluster.stop()
  }
}

/** The product's own routes in this process, asked as somebody who may see all. */
export async function asked({ pool, pack }: PriceData, clock: () => Date) {
  const config = readConfig({ CREDENTIALS_KEY: '11'.repeat(32) })
  const { app, access } = await buildApp({
    config,
    pool,
    clock,
    pack,
    bus: new Bus(),
    log: createLog('silent'),
  })
  const headers = { host: HOST, origin: `http://${HOST}` }
  const account = { username: 'bench', password: PASSWORD }
  await access.accounts.create({ ...account, name: 'Bench', role: 'market-officer' }, 'bench')
  const signedIn = await app.inject({ method: 'POST', url: '/api/session', headers, payload: account })
  let asks = 0
  const cookie = [signedIn.headers['set-cookie'] ?? []].flat()[0]?.split(';')[0] ?? ''
  return {
    ask: async (url: string): Promise<number> => {
      asks += 1
      // As from many desks: one alone may not ask so often.
      const remoteAddress = `10.0.${Math.floor(asks / 250)}.1`
      const answer = await app.inject({ method: 'GET', url, remoteAddress, headers: { ...headers, cookie } })
      if (answer.statusCode !== 200)
        throw new Error(`${url}: ${answer.statusCode} ${answer.body.slice(0, 200)}`)
      return answer.rawPayload.length
    },
    close: () => app.close(),
  }
}

/** Each page's requests by what they are for; another thing is asked for at each turn. */
export function pagesOf({ pack, newest }: PriceData): Record<string, (turn: number) => string> {
  const goods = (turn: number) => pack.commodities[turn % pack.commodities.length]?.code ?? ''
  const markets = pack.markets.filter(({ level }) => level === 'market')
  const market = (turn: number) => markets[turn % markets.length]?.code ?? ''
  const day = (turn: number) => addDays(newest, -(turn * 37) % 3_000)
  const before = (days: number) => addDays(newest, -days)
  return {
    'day board, newest day': () => '/api/prices/board',
    'day board, any day': (turn) => `/api/prices/board?day=${day(turn)}`,
    'day board as known on a day': (turn) => `/api/prices/board?day=${before(turn)}&known=${before(turn)}`,
    'market as known on a day': (turn) =>
      `/api/prices/markets/${market(turn)}?day=${before(turn)}&known=${before(turn)}`,
    'map as known on a day': (turn) =>
      `/api/prices/map?commodity=${goods(turn)}&day=${before(turn)}&known=${before(turn)}`,
    'heat map, 90 days as known on a day': (turn) => `/api/prices/heat?known=${before(turn)}`,
    'ceiling watch as known on a day': (turn) => `/api/prices/ceilings?known=${before(turn)}`,
    'index of a year as known on a day': (turn) =>
      `/api/prices/index?from=${before(turn + 365)}&known=${before(turn)}`,
    'commodity, indicators as known on a day': (turn) =>
      `/api/prices/commodities/${goods(turn)}/indicators?known=${before(turn)}`,
    'all indicators as known on a day': (turn) => `/api/prices/indicators?known=${before(turn)}`,
    'commodity, 90 days': (turn) => `/api/prices/commodities/${goods(turn)}`,
    'commodity, ten years': (turn) =>
      `/api/prices/commodities/${goods(turn)}?from=${before(3_652)}&to=${newest}`,
    'commodity, 90 days as known on a day': (turn) =>
      `/api/prices/commodities/${goods(turn)}?known=${before(20)}`,
    'commodity, its sources of a year': (turn) =>
      `/api/prices/commodities/${goods(turn)}/sources?from=${before(365)}&to=${newest}`,
    'commodity, indicators': (turn) => `/api/prices/commodities/${goods(turn)}/indicators`,
    'commodity, forecast': (turn) => `/api/prices/commodities/${goods(turn)}/forecast`,
    'history of a value': (turn) =>
      `/api/prices/commodities/${goods(turn)}/revisions?market=${market(turn)}&day=${day(turn)}`,
    market: (turn) => `/api/prices/markets/${market(turn)}?day=${day(turn)}`,
    map: (turn) => `/api/prices/map?commodity=${goods(turn)}&day=${day(turn)}`,
    'heat map, 90 days': (turn) => `/api/prices/heat?from=${addDays(day(turn), -89)}&to=${day(turn)}`,
    'heat map, a year': () => `/api/prices/heat?from=${before(364)}&to=${newest}`,
    'ceiling watch': (turn) => `/api/prices/ceilings?day=${before(turn)}`,
    'all indicators': () => '/api/prices/indicators',
    'index and contributions, a year': () => `/api/prices/index?from=${before(365)}&to=${newest}`,
    'coverage of a day': () => `/api/prices/coverage?day=${newest}`,
    'verification of a day': () => `/api/surveys/verification?day=${newest}`,
    'survey sheet of a phone': (turn) => `/api/surveys/${market(turn)}/${newest}`,
    'unlikely prices': () => `/api/prices/flags?from=${before(30)}&to=${newest}`,
  }
}

/** Of the last year every five hundredth price was corrected ten days later: what is asked for as known on a day differs from today. */
export async function correctSome({ pool, newest }: PriceData): Promise<void> {
  const some = `day BETWEEN $1::date - 365 AND $1::date - 10 AND abs(hashtext(day::text || market || commodity)) % 500 = 0`
  await pool.query(
    `INSERT INTO quote (day, market, commodity, feed, price, status, revision, received_at)
     SELECT day, market, commodity, feed, price, 'corrected', 2, received_at + interval '10 days' FROM quote WHERE ${some}`,
    [newest],
  )
  await pool.query(`UPDATE market_price SET status = 'corrected', revision = 2 WHERE ${some}`, [newest])
}

/** A survey at every market on the newest day, all of it waiting for a verifier. */
export async function submitSurveys({ pool, newest }: PriceData): Promise<void> {
  await pool.query(
    `WITH made AS (
       INSERT INTO survey (market, day, officer, begun_at) SELECT code, $1, 'Bench officer', now() FROM market WHERE level = 'market'
       RETURNING id, market
     )
     INSERT INTO survey_entry (survey_id, commodity, version, answer, prices, price, state, author, device, noted_at, received_at, submitted_at)
     SELECT made.id, p.commodity, 1, 'price', ARRAY[p.price], p.price, 'submitted', 'Bench officer', 'phone', now(), now(), now()
     FROM made JOIN market_price p ON p.market = made.market AND p.day = $1`,
    [newest],
  )
}
