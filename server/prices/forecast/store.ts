import type { Pool, PoolClient } from 'pg'
import type { ForecastMethod } from '#contract/indicators.ts'
import type { Missed, Score } from './backtest.ts'
import type { ForecastFigures } from './forecast.ts'

/** City medians between two days, both included. */
export async function medians(
  client: PoolClient,
  commodity: string,
  from: string,
  to: string,
): Promise<{ day: string; median: number }[]> {
  const result = await client.query<{ day: string; median: number }>({
    name: 'forecast-medians',
    text: 'SELECT day, median FROM quote_day_city WHERE commodity = $1 AND day BETWEEN $2 AND $3 ORDER BY day',
    values: [commodity, from, to],
  })
  return result.rows
}

/** How far each method was off at each origin, in order of origins. */
export async function readScores(client: PoolClient, commodity: string): Promise<Missed[]> {
  const result = await client.query<Missed>({
    name: 'forecast-scores',
    text: `SELECT origin, method, error FROM forecast_score WHERE commodity = $1 ORDER BY origin`,
    values: [commodity],
  })
  return result.rows
}

/** The ratios of all scores of a method. */
export async function readRatios(
  client: PoolClient,
  commodity: string,
  method: ForecastMethod,
): Promise<Score['ratios'][]> {
  const result = await client.query<Pick<Score, 'ratios'>>({
    name: 'forecast-ratios',
    text: 'SELECT ratios FROM forecast_score WHERE commodity = $1 AND method = $2 ORDER BY origin',
    values: [commodity, method],
  })
  return result.rows.map(({ ratios }) => ratios)
}

/** Replaces the scores of the origins in `anew`, and forgets those that are not among `wanted`. */
export async function writeScores(
  client: PoolClient,
  commodity: string,
  { wanted, anew, scores }: { wanted: readonly string[]; anew: readonly string[]; scores: readonly Score[] },
): Promise<void> {
  await client.query({
    name: 'forecast-forget',
    text: `DELETE FROM forecast_score WHERE commodity = $1 AND (origin = ANY ($2::date[]) OR origin <> ALL ($3::date[]))`,
    values: [commodity, anew, wanted],
  })
  if (scores.length === 0) return
  await client.query({
    name: 'forecast-score',
    text: `INSERT INTO forecast_score (commodity, origin, method, error, days, ratios)
      SELECT $1, origin, method, error, days, ratios::float8[]
      FROM unnest($2::date[], $3::text[], $4::float8[], $5::smallint[], $6::text[]) AS s(origin, method, error, days, ratios)`,
    values: [
      commodity,
      scores.map(({ origin }) => origin),
      scores.map(({ method }): ForecastMethod => method),
      scores.map(({ error }) => error),
      scores.map(({ days }) => days),
      scores.map(({ ratios }) => `{${ratios.map((ratio) => ratio ?? 'NULL').join(',')}}`),
    ],
  })
}

export async function writeForecast(
  client: PoolClient,
  commodity: string,
  figures: ForecastFigures,
  now: Date,
): Promise<void> {
  await client.query({
    name: 'forecast-write',
    text: `INSERT INTO forecast (commodity, origin, figures, renewed_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (commodity) DO UPDATE SET origin = excluded.origin, figures = excluded.figures, renewed_at = excluded.renewed_at`,
    values: [commodity, figures.origin, JSON.stringify(figures), now],
  })
}

/** undefined: not counted yet, or nothing to count from. */
export async function readForecast(pool: Pool, commodity: string): Promise<ForecastFigures | undefined> {
  const result = await pool.query<{ figures: ForecastFigures }>({
    name: 'forecast-read',
    // What was counted before an upgrade may lack the paired error, and is counted anew with the next price.
    text: `SELECT figures || jsonb_build_object('backtest', (
        SELECT coalesce(jsonb_agg(one ORDER BY place), '[]')
        FROM jsonb_array_elements(figures -> 'backtest') WITH ORDINALITY AS b(one, place) WHERE one ? 'naiveError'
      )) AS figures
      FROM forecast WHERE commodity = $1`,
    values: [commodity],
  })
  return result.rows[0]?.figures
}
