import type { Pool } from 'pg'

/** A commodity at a market, by their codes. */
export interface Place {
  commodity: string
  market: string
}

/** Where prices of a day have a flag that nobody judged yet, each with how many. */
export async function openFlags(
  pool: Pool,
  day: string,
  market?: string,
): Promise<(Place & { flags: number })[]> {
  const result = await pool.query<Place & { flags: number }>({
    name: 'price-open-flags',
    text: `SELECT q.commodity, q.market, count(*)::int AS flags
      FROM quality_flag q JOIN market_price p
        ON p.commodity = q.commodity AND p.day = q.day AND p.market = q.market AND p.price = q.price AND p.feed = q.feed
      WHERE q.day = $1 AND q.outcome IS NULL AND ($2::text IS NULL OR q.market = $2) GROUP BY 1, 2`,
    values: [day, market ?? null],
  })
  return result.rows
}

/** What officers said was not sold on a day, once it was published. */
export async function notSoldOn(pool: Pool, day: string, market?: string): Promise<Place[]> {
  const result = await pool.query<Place>({
    name: 'price-not-sold',
    text: `SELECT e.commodity, s.market FROM survey s JOIN survey_entry e ON e.survey_id = s.id
      WHERE s.day = $1 AND e.answer = 'not-sold' AND e.state = 'published' AND ($2::text IS NULL OR s.market = $2)`,
    values: [day, market ?? null],
  })
  return result.rows
}
