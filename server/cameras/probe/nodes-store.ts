import type { Pool } from 'pg'
import type { Subject } from './subject.ts'

/** What earlier checks of nodes left behind. */
export async function readNodeMemories(
  pool: Pool,
  ids: readonly number[],
): Promise<Map<number, { json: unknown; latencies: (number | null)[] }>> {
  const { rows } = await pool.query<{ id: number; memory: unknown }>(
    'SELECT id, memory FROM node WHERE id = ANY($1::int[])',
    [ids],
  )
  return new Map(rows.map(({ id, memory }) => [id, { json: memory, latencies: [] }]))
}

/** The state of a node and what it rests on; a node that is only known by what hangs on it keeps none. */
export async function storeNode(pool: Pool, subject: Subject, at: number): Promise<void> {
  const { json, verdict, since, fault, failing } = subject.remembered(at)
  await pool.query({
    name: 'probe-node',
    text: `UPDATE node SET state = $2, since = to_timestamp($3::float8 / 1000), checked_at = to_timestamp($4::float8 / 1000),
        fault = $5, failing = $6, memory = $7::jsonb
      WHERE id = $1 AND targets <> '{}' AND (checked_at IS NULL OR checked_at <= to_timestamp($4::float8 / 1000))`,
    values: [subject.planned.id, verdict, since, at, fault, failing, json],
  })
}
