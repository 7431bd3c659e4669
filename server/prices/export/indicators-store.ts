import type { Pool } from 'pg'
import { CommodityFigures } from '#contract/indicators.ts'
import { Value } from 'typebox/value'

/** The newest indicators of every commodity. */
export async function readCurrentFigures(pool: Pool): Promise<CommodityFigures[]> {
  const found = await pool.query<{ figures: unknown }>(
    `SELECT figures FROM indicator_current ORDER BY commodity`,
  )
  return found.rows.flatMap(({ figures }) => (Value.Check(CommodityFigures, figures) ? [figures] : []))
}
