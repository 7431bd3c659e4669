import { withTransaction } from '../../server/database/pool.ts'
import { startTestCluster } from '../../server/database/testing/index.ts'
import { addDays, renewFigures, storeQuotes } from '../../server/prices/index.ts'
import { recomputeAll, renewIndicators } from '../../server/prices/indicators/index.ts'
import { median, timed, type Bench } from './figures.ts'
import { COMMODITIES, keepPrices, type PriceData } from './price-data.ts'

/** A Monday among them lets one backtest more begin. */
const NEW_DAYS = 7
const LIMIT_S = 2

/**
 * All indicators and forecasts of 40 commodities over ten years at 15 markets, renewed after one new day, against a count
 * of everything anew; what stands is the same.
 */
export const indicators: Bench = async (report) => {
  const cluster = await startTestCluster({ durable: true })
  try {
    const data = await keepPrices(cluster.adminUrl)
    const { pool, pack } = data
    const clock = () => new Date(`${data.newest}T05:00:00Z`)
    await recomputeAll(pool, pack, clock)
    const times: number[] = []
    for (let index = 1; index <= NEW_DAYS; index += 1) {
      await reportDay(data, addDays(data.newest, index))
      let renewed: string[] = []
      times.push((await timed(async () => (renewed = await renewIndicators(pool, pack, clock)))) / 1_000)
      if (renewed.length < COMMODITIES) throw new Error(`only ${renewed.length} commodities were renewed`)
    }
    const renewed = await standing(data)
    const whole = (await timed(() => recomputeAll(pool, pack, clock))) / 1_000
    const same = (await standing(data)) === renewed
    const [usual, slowest] = [median(times), Math.max(...times)]
    report({
      figure: `all indicators and forecasts after one new day, ${data.quotes.toLocaleString('en')} quotes, slowest of ${NEW_DAYS} days`,
      value: slowest,
      unit: 's',
      limit: LIMIT_S,
      goal: `under ${LIMIT_S} s`,
      ok: slowest < LIMIT_S,
    })
    report({
      figure: 'renewed after one new day, median, against all counted anew',
      value: usual,
      unit: 's',
      limit: whole,
      goal: 'under a quarter, and the same tables',
      ok: usual < whole / 4 && same,
    })
    await data.drop()
  } finally {
    await cluster.stop()
  }
}

/** A new day's prices of all markets, as a survey brings them: the last day's, some of them changed. */
async function reportDay({ pool, feed }: PriceData, day: string): Promise<void> {
  const last = await pool.query<{ market: string; commodity: string; price: number }>(
    'SELECT market, commodity, price FROM market_price WHERE day = $1 ORDER BY commodity, market',
    [addDays(day, -1)],
  )
  await withTransaction(pool, async (client) => {
    const rows = last.rows.map((row, index) => ({
      ...row,
      price: row.price + (index % 3) * 100,
      day,
      status: 'reported' as const,
      feed,
      reportedAt: null,
    }))
    const { touched } = await storeQuotes(client, rows, new Date(`${day}T04:00:00Z`))
    await renewFigures(client, touched)
  })
}

/** What was counted, but for when, as one text. */
async function standing({ pool }: PriceData): Promise<string> {
  const result = await pool.query<{ all: string }>(
    `SELECT concat(
       (SELECT md5(string_agg(p::text, ';' ORDER BY commodity, month)) FROM price_month p),
       (SELECT md5(string_agg(commodity || day || figures, ';' ORDER BY commodity)) FROM indicator_current),
       (SELECT md5(string_agg(s::text, ';' ORDER BY commodity, origin, method)) FROM forecast_score s),
       (SELECT md5(string_agg(commodity || origin || figures, ';' ORDER BY commodity)) FROM forecast)) AS all`,
  )
  return result.rows[0]?.all ?? ''
}
