import type { Pool } from 'pg'

/**
 * The indicators once more, another way and in another language: plain SQL over `real_price (series, day, price)`,
 * `real_feast (day)` and `real_ceiling`. Where a formula can be written differently it is. A null is "not enough history".
 */

/** m: the month's number, year * 12 + month - 1. */
const MONTHLY = `monthly AS (
  SELECT series, (extract(year FROM day) * 12 + extract(month FROM day) - 1)::int AS m, avg(price)::float8 AS price
  FROM real_price GROUP BY 1, 2)`

export interface OfMonth {
  series: string
  m: number
  value: number | null
}

/**
 * ALPS. The slope of a trend within groups is found from the differences of all pairs of a group, each pair weighing one by the
 * size of its group, and levels as means of what the trend leaves: no sums of squares as least squares are usually written.
 */
export const alpsInSql = (pool: Pool): Promise<OfMonth[]> =>
  rows(
    pool,
    `WITH ${MONTHLY}, points AS MATERIALIZED (
      SELECT a.series, a.m AS asked, p.m, p.m % 12 AS season, p.price,
        count(*) OVER (PARTITION BY a.series, a.m, p.m % 12) AS alike, count(*) OVER whole AS known, a.m - min(p.m) OVER whole + 1 AS span
      FROM monthly a JOIN monthly p ON p.series = a.series AND p.m <= a.m
      WINDOW whole AS (PARTITION BY a.series, a.m)
    ), enough AS MATERIALIZED (SELECT * FROM points WHERE span >= 36 AND known >= 0.7 * span),
    slopes AS (
      SELECT a.series, a.asked, sum((a.m - b.m) * (a.price - b.price) / a.alike) / sum((a.m - b.m) ^ 2 / a.alike) AS slope
      FROM enough a JOIN enough b USING (series, asked, season) WHERE a.m > b.m GROUP BY 1, 2
    ), residuals AS (
      SELECT e.series, e.asked, e.m, e.alike, e.price,
        e.price - s.slope * e.m - avg(e.price - s.slope * e.m) OVER (PARTITION BY e.series, e.asked, e.season) AS residual
      FROM enough e JOIN slopes s USING (series, asked)
    ), spread AS (SELECT series, asked, stddev_samp(residual) AS sigma FROM residuals GROUP BY 1, 2)
    SELECT p.series, p.m, CASE WHEN r.alike >= 2 AND s.sigma > 1e-9 * r.price THEN r.residual / s.sigma END AS value
    FROM monthly p LEFT JOIN residuals r ON r.series = p.series AND r.asked = p.m AND r.m = p.m
    LEFT JOIN spread s ON s.series = p.series AND s.asked = p.m`,
  )

/** IFPA, with the spread as mean of squares less square of the mean. */
export const ifpaInSql = (pool: Pool): Promise<OfMonth[]> =>
  rows(
    pool,
    `WITH ${MONTHLY}, begun AS (SELECT series, min(m) AS first FROM monthly GROUP BY 1),
    growth AS MATERIALIZED (
      SELECT n.series, n.m, k, power(n.price / b.price, 1.0 / k) - 1 AS rate
      FROM monthly n CROSS JOIN (VALUES (3), (12)) AS over(k) JOIN monthly b ON b.series = n.series AND b.m = n.m - k
    ), earlier AS (
      SELECT n.series, n.m, n.k, n.rate, e.rate AS v,
        row_number() OVER (PARTITION BY n.series, n.m, n.k ORDER BY e.m) AS w, count(*) OVER (PARTITION BY n.series, n.m, n.k) AS n
      FROM growth n JOIN growth e ON e.series = n.series AND e.k = n.k AND e.m < n.m AND (n.m - e.m) % 12 = 0
    ), moments AS (
      SELECT series, m, k, rate, n, sum(w * v) / sum(w) AS mean, sum(w * v * v) / sum(w) AS squares
      FROM earlier GROUP BY series, m, k, rate, n HAVING n >= 2
    ), scores AS (
      SELECT series, m, sum(CASE k WHEN 3 THEN 0.4 ELSE 0.6 END * (rate - mean) / sqrt((squares - mean * mean) * n / (n - 1)))
        FILTER (WHERE squares - mean * mean > 1e-14) AS value
      FROM moments GROUP BY 1, 2 HAVING count(*) FILTER (WHERE squares - mean * mean > 1e-14) = 2
    )
    SELECT p.series, p.m, CASE WHEN p.m - b.first >= 36 THEN s.value END AS value
    FROM monthly p JOIN begun b USING (series) LEFT JOIN scores s USING (series, m)`,
  )

export interface OfYear {
  series: string
  year: string
  value: number | null
}
export const yearsInSql = (pool: Pool): Promise<OfYear[]> =>
  rows(
    pool,
    `SELECT series, to_char(day, 'YYYY') AS year, CASE WHEN count(*) >= 90 THEN (stddev_samp(price) / avg(price))::float8 END AS value
    FROM real_price GROUP BY 1, 2`,
  )

export interface OfDay {
  series: string
  day: string
  variation: number | null
  'change-day': number | null
  'change-week': number | null
  'change-month': number | null
  'change-year': number | null
}
const before = (back: string, standIn: number) => `(SELECT p.price / b.price::float8 - 1 FROM real_price b
    WHERE b.series = p.series AND b.day BETWEEN (p.day - interval '${back}')::date - ${standIn} AND (p.day - interval '${back}')::date
    ORDER BY b.day DESC LIMIT 1)`
export const daysInSql = (pool: Pool): Promise<OfDay[]> =>
  rows(
    pool,
    `SELECT p.series, p.day, CASE WHEN count(*) OVER month >= 15 THEN (stddev_samp(p.price) OVER month / avg(p.price) OVER month)::float8 END AS variation,
      ${before('1 day', 0)} AS "change-day", ${before('7 days', 1)} AS "change-week",
      ${before('1 month', 3)} AS "change-month", ${before('1 year', 7)} AS "change-year"
    FROM real_price p WINDOW month AS (PARTITION BY p.series ORDER BY p.day RANGE BETWEEN '29 days' PRECEDING AND CURRENT ROW)`,
  )

export interface Valued {
  series: string
  day: string
  value: number | null
}
/** Only days of the weeks around a Lebaran. */
export const lebaranInSql = (pool: Pool): Promise<Valued[]> =>
  rows(
    pool,
    `SELECT p.series, p.day, CASE WHEN n.days >= 3 AND t.days >= 3 THEN (n.price / t.price)::float8 - 1 END AS value
    FROM real_price p JOIN real_feast f ON p.day BETWEEN f.day - 56 AND f.day + 14
    JOIN real_feast e ON e.day < f.day AND e.day > f.day - 361,
    LATERAL (SELECT count(*) AS days, avg(price) AS price FROM real_price w
      WHERE w.series = p.series AND w.day BETWEEN p.day - 6 AND p.day) n,
    LATERAL (SELECT count(*) AS days, avg(price) AS price FROM real_price w
      WHERE w.series = p.series AND w.day BETWEEN e.day + (p.day - f.day) - 6 AND e.day + (p.day - f.day)) t`,
  )

export interface OfCeiling {
  series: string
  day: string
  excess: number | null
  above: number | null
}
/** Only series of commodities that had a rule at some time. */
export const ceilingsInSql = (pool: Pool): Promise<OfCeiling[]> =>
  rows(
    pool,
    `WITH begun AS (
      SELECT *, coalesce(valid_from, make_date(coalesce(substring(regulation FROM '(?i)\\yTahun (\\d{4})\\y'),
        substring(regulation FROM '\\y(20\\d{2})\\y'))::int, 1, 1)) AS begins FROM real_ceiling
    ), judged AS MATERIALIZED (
      SELECT p.series, p.day, p.price, r.ceiling FROM real_price p
      LEFT JOIN LATERAL (SELECT b.price AS ceiling FROM begun b
        WHERE b.commodity = p.commodity AND p.day >= b.begins AND (b.valid_to IS NULL OR p.day <= b.valid_to)
        ORDER BY b.valid_from IS NULL, b.kind <> 'HET', b.begins DESC LIMIT 1) r ON true
      WHERE p.commodity IN (SELECT commodity FROM real_ceiling)
    )
    SELECT series, day, price / ceiling::float8 - 1 AS excess,
      CASE WHEN count(ceiling) OVER month > 0 THEN count(*) FILTER (WHERE price > ceiling) OVER month END::int AS above
    FROM judged WINDOW month AS (PARTITION BY series ORDER BY day RANGE BETWEEN '29 days' PRECEDING AND CURRENT ROW)`,
  )

export interface OfMarkets {
  prices: number[]
  median: number
  trimmed: number
  disparity: number | null
}
/** Fewer than twenty markets: one is left out at each end from five on. */
export const marketsInSql = (pool: Pool): Promise<OfMarkets[]> =>
  rows(
    pool,
    `SELECT array_agg(price ORDER BY series) AS prices, percentile_cont(0.5) WITHIN GROUP (ORDER BY price) AS median,
      (CASE WHEN count(*) >= 5 THEN (sum(price) - max(price) - min(price)) / (count(*) - 2.0) ELSE avg(price) END)::float8 AS trimmed,
      CASE WHEN count(*) > 1 THEN max(price)::float8 / min(price) - 1 END AS disparity
    FROM real_price WHERE feed = 'history:siskaperbapo-markets' GROUP BY commodity, day`,
  )

export interface OfIndex {
  day: string
  value: number
  completeness: number
  /** of each commodity, its cost by the last price of 31 days; null: none */
  costs: Record<string, number | null>
}
/** Laspeyres as a shopping list: what it costs against what the same goods cost in the base month. */
export const indexInSql = (pool: Pool, feed: string, base: string): Promise<OfIndex[]> =>
  rows(
    pool,
    `WITH basket AS (
      SELECT b.commodity, b.quantity, avg(p.price) * b.quantity AS base
      FROM real_basket b JOIN real_price p ON p.commodity = b.commodity AND p.feed = $1
      WHERE to_char(p.day, 'YYYY-MM') = $2 GROUP BY 1, 2)
    SELECT d.day, (100 * sum(b.quantity * l.price) / sum(b.base) FILTER (WHERE l.price IS NOT NULL))::float8 AS value,
      (coalesce(sum(b.base) FILTER (WHERE l.day = d.day), 0) / sum(b.base))::float8 AS completeness,
      json_object_agg(b.commodity, b.quantity * l.price) AS costs
    FROM (SELECT DISTINCT day FROM real_price WHERE feed = $1) d CROSS JOIN basket b
    LEFT JOIN LATERAL (SELECT p.day, p.price FROM real_price p
      WHERE p.feed = $1 AND p.commodity = b.commodity AND p.day BETWEEN d.day - 31 AND d.day ORDER BY p.day DESC LIMIT 1) l ON true
    GROUP BY d.day ORDER BY d.day`,
    [feed, base],
  )

async function rows<Row extends object>(pool: Pool, sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await pool.query<Row>(sql, values)).rows
}
