import { TOLD } from './told.ts'

/**
 * SQL of two tables, `said` (the last revision of every source) and `best` (what counts of a market on a day): the most
 * trusted source's word; one that was imputed only where nobody reported; nothing of what was withdrawn.
 * @param source the rows of quote that are looked at, as `FROM ... WHERE ...` with quote named q
 */
export const counting = (source: string): string => `
  said AS (
    SELECT DISTINCT ON (q.day, q.commodity, q.market, q.feed)
      q.day, q.commodity, q.market, q.feed, q.revision, q.price, q.status, q.void
    ${source}
    ORDER BY q.day, q.commodity, q.market, q.feed, ${TOLD} DESC, q.revision DESC
  ), best AS (
    SELECT DISTINCT ON (s.day, s.commodity, s.market) s.day, s.commodity, s.market, s.feed, s.revision, s.price, s.status
    FROM said s JOIN feed f ON f.number = s.feed WHERE NOT s.void
    ORDER BY s.day, s.commodity, s.market, (s.status = 'imputed'), f.priority DESC, f.number
  )`

/**
 * SQL of the daily city figures: over the markets that reported, a portal's figure for the whole city where none did, then
 * with 0 markets. Imputed values do not count. The trimmed mean leaves out a tenth at each end, at least one from five on.
 * @param prices a table of day, commodity, market, price, status, feed
 */
export const cityFigures = (prices: string): string => `
  SELECT day, commodity, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY price))::int AS median,
    min(price) AS low, max(price) AS high,
    round(percentile_cont(0.25) WITHIN GROUP (ORDER BY price))::int AS q1,
    round(percentile_cont(0.75) WITHIN GROUP (ORDER BY price))::int AS q3,
    round(avg(price) FILTER (WHERE place > cut AND place <= among - cut))::int AS trimmed,
    (count(*) FILTER (WHERE level = 'market'))::int AS markets, bool_or(demo) AS demo
  FROM (
    SELECT *, CASE WHEN among >= 5 THEN greatest(1, among / 10) ELSE 0 END AS cut
    FROM (
      SELECT c.*, row_number() OVER (PARTITION BY day, commodity ORDER BY price) AS place,
        count(*) OVER (PARTITION BY day, commodity) AS among
      FROM (
        SELECT p.day, p.commodity, p.price, m.level, f.demo,
          bool_or(m.level = 'market') OVER (PARTITION BY p.day, p.commodity) AS reported
        FROM ${prices} p JOIN market m ON m.code = p.market JOIN feed f ON f.number = p.feed
        WHERE m.level IN ('market', 'city') AND p.status <> 'imputed'
      ) c WHERE level = 'market' OR NOT reported
    ) placed
  ) cut GROUP BY day, commodity`
