import type { Pool, PoolClient } from 'pg'
import type { CommodityFigures } from '#contract/indicators.ts'

/** One at a time, so that none overwrites with what it read before. Ends with the transaction. */
export async function lockIndicators(client: PoolClient): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('indicators'))`)
}

export async function dueCommodities(pool: Pool): Promise<string[]> {
  const result = await pool.query<{ commodity: string }>({
    name: 'indicator-due-commodities',
    text: 'SELECT DISTINCT commodity FROM indicator_due ORDER BY 1',
  })
  return result.rows.map(({ commodity }) => commodity)
}

/**
 * Takes a commodity's changed days off the queue. A row that a writer holds is left: its change cannot be seen yet. A writer
 * that comes to a row taken here waits for this transaction and writes it anew, so that its change is counted next.
 */
export async function takeDue(client: PoolClient, commodity: string): Promise<string[]> {
  const result = await client.query<{ day: string }>({
    name: 'indicator-take',
    text: `DELETE FROM indicator_due WHERE commodity = $1 AND day IN (
        SELECT day FROM indicator_due WHERE commodity = $1 FOR UPDATE SKIP LOCKED) RETURNING day`,
    values: [commodity],
  })
  return result.rows.map(({ day }) => day)
}

/** All that prices or figures are kept of. */
export async function knownCommodities(pool: Pool): Promise<string[]> {
  const result = await pool.query<{ commodity: string }>(
    `SELECT commodity FROM quote_day_city UNION SELECT commodity FROM price_month
     UNION SELECT commodity FROM indicator_current UNION SELECT commodity FROM forecast
     UNION SELECT commodity FROM indicator_due ORDER BY 1`,
  )
  return result.rows.map(({ commodity }) => commodity)
}

/** Sums the medians of the given months (their first days) anew. Sums of whole rupiah are exact. */
export async function renewMonths(
  client: PoolClient,
  commodity: string,
  months: readonly string[],
): Promise<void> {
  await client.query({
    name: 'price-month',
    text: `WITH m AS MATERIALIZED (SELECT * FROM unnest($2::date[]) AS m(month)),
      sums AS MATERIALIZED (
        SELECT m.month, count(*)::smallint AS days, sum(q.median)::float8 AS total, sum(q.median::bigint * q.median)::float8 AS squares
        FROM m JOIN quote_day_city q ON q.commodity = $1 AND q.day >= m.month AND q.day < m.month + interval '1 month'
        GROUP BY m.month),
      gone AS (DELETE FROM price_month p USING m WHERE p.commodity = $1 AND p.month = m.month
        AND NOT EXISTS (SELECT FROM sums s WHERE s.month = m.month))
      INSERT INTO price_month (commodity, month, days, total, squares) SELECT $1, month, days, total, squares FROM sums
      ON CONFLICT (commodity, month) DO UPDATE SET days = excluded.days, total = excluded.total, squares = excluded.squares`,
    values: [commodity, months],
  })
}

/** Forgets all that was counted of a commodity. */
export async function dropFigures(client: PoolClient, commodity: string): Promise<void> {
  for (const table of ['price_month', 'indicator_current', 'forecast_score', 'forecast'])
    await client.query(`DELETE FROM ${table} WHERE commodity = $1`, [commodity])
}

export async function monthsWithPrices(client: PoolClient, commodity: string): Promise<string[]> {
  const result = await client.query<{ month: string }>(
    `SELECT DISTINCT date_trunc('month', day)::date AS month FROM quote_day_city WHERE commodity = $1`,
    [commodity],
  )
  return result.rows.map(({ month }) => month)
}

export async function writeFigures(client: PoolClient, figures: CommodityFigures, now: Date): Promise<void> {
  await client.query({
    name: 'indicator-write',
    text: `INSERT INTO indicator_current (commodity, day, figures, renewed_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (commodity) DO UPDATE SET day = excluded.day, figures = excluded.figures, renewed_at = excluded.renewed_at`,
    values: [figures.commodity, figures.day, JSON.stringify(figures), now],
  })
}

export async function readFigures(pool: Pool): Promise<CommodityFigures[]> {
  const result = await pool.query<{ figures: CommodityFigures }>({
    name: 'indicator-current',
    text: 'SELECT figures FROM indicator_current ORDER BY commodity',
  })
  return result.rows.map(({ figures }) => figures)
}

/** True where all figures were counted under this name before. */
export async function wasCounted(pool: Pool, name: string): Promise<boolean> {
  const result = await pool.query('SELECT FROM job_progress WHERE job = $1', [name])
  return result.rowCount !== 0
}

/** Remembers under which name all figures were counted, in place of any before. */
export async function markCounted(pool: Pool, name: string, now: Date): Promise<void> {
  await pool.query(
    `WITH gone AS (DELETE FROM job_progress WHERE job LIKE 'indicators:%' AND job <> $1)
     INSERT INTO job_progress (job, done_until) VALUES ($1, $2) ON CONFLICT (job) DO UPDATE SET done_until = excluded.done_until`,
    [name, now],
  )
}
