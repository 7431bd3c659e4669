import type { PoolClient } from 'pg'
import { originsBefore, reachOf, scoresAt } from './backtest.ts'
import { dailyOf } from './daily.ts'
import { decide, withPoints } from './forecast.ts'
import { medians, readRatios, readScores, writeForecast, writeScores } from './store.ts'

/**
 * Renews the forecast of a commodity inside the caller's transaction. Methods are asked only at origins that were not scored
 * yet, or of whose known or compared days one changed.
 * @param newest the last day with a price
 * @param changed days whose medians changed
 */
export async function renewForecast(
  client: PoolClient,
  commodity: string,
  { newest, changed }: { newest: string; changed: readonly string[] },
  now: Date,
): Promise<void> {
  const scored = await readScores(client, commodity)
  const wanted = originsBefore(newest)
  const known = new Set(scored.map(({ origin }) => origin))
  const anew = wanted.filter((origin) => !known.has(origin) || within(changed, reachOf(origin)))
  const daily = dailyOf(await medians(client, commodity, reachOf(anew[0] ?? newest).from, newest))
  const fresh = anew.flatMap((origin) => scoresAt(daily, origin))
  await writeScores(client, commodity, { wanted, anew, scores: fresh })
  const stands = new Set(wanted.filter((origin) => !anew.includes(origin)))
  const scores = [...scored.filter(({ origin }) => stands.has(origin)), ...fresh]
  const decision = decide(daily, scores)
  const { method, hidden } = decision.figures
  const ratios = method === null || hidden !== null ? [] : await readRatios(client, commodity, method)
  await writeForecast(client, commodity, withPoints(decision, ratios), now)
}

const within = (days: readonly string[], { from, to }: { from: string; to: string }) =>
  days.some((day) => from <= day && day <= to)
