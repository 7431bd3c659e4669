import type { Pool, PoolClient } from 'pg'
import type { CityPack } from '../../cities/index.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { dueByMarket } from '../due.ts'

/** Codes of what is due at a market, in the order of the city's list. */
export async function readDue(pool: Pool | PoolClient, pack: CityPack, market: string): Promise<string[]> {
  const due = (await dueByMarket(pool, pack)).get(market) ?? new Set()
  return pack.commodities
    .filter(({ code }) => due.has(code))
    .sort((a, b) => a.position - b.position)
    .map(({ code }) => code)
}

/**
 * Sets what is due at a market; an empty list gives it back the city's. Throws 'bad-input' for a code that the city does
 * not know.
 */
export async function writeDue(
  pool: Pool,
  pack: CityPack,
  market: string,
  commodities: readonly string[],
  { actor, now }: { actor: string; now: Date },
): Promise<void> {
  const wanted = [...new Set(commodities)]
  const unknown = wanted.find((code) => !pack.commodities.some((one) => one.code === code))
  if (unknown !== undefined)
    throw new AppError('bad-input', 'One of the commodities is not known.', {
      field: 'commodities',
      expected: 'codes of commodities',
    })
  await withTransaction(pool, async (client) => {
    await client.query('SELECT FROM market WHERE code = $1 FOR UPDATE', [market])
    const before = await readDue(client, pack, market)
    await client.query('DELETE FROM survey_due WHERE market = $1', [market])
    await client.query('INSERT INTO survey_due SELECT $1, unnest($2::text[])', [market, wanted])
    await client.query(
      `INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, 'survey-due-changed', $3, $4)`,
      [now, actor, market, JSON.stringify({ before, after: wanted })],
    )
  })
}
