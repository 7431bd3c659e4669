import type { Pool, PoolClient } from 'pg'
import type { Remembered, Settled } from './settled.ts'

/** Each check, and the sums of its hour. */
export async function storeChecks(client: PoolClient, rows: readonly Settled[]): Promise<void> {
  const checks = rows.flatMap(({ cameraId, at, checked }) =>
    checked === null ? [] : [{ cameraId, at, ...checked }],
  )
  if (checks.length === 0) return
  await client.query({
    name: 'probe-checks',
    text: `
    WITH checks AS MATERIALIZED (
      SELECT to_timestamp(ms / 1000) AS at, camera_id, layer IS NULL AS ok, layer, fault, latency
      FROM unnest($1::float8[], $2::int[], $3::text[], $4::text[], $5::real[]) AS c(ms, camera_id, layer, fault, latency)
    ), history AS (
      INSERT INTO camera_check (at, camera_id, ok, layer, fault, latency_ms) SELECT * FROM checks ON CONFLICT DO NOTHING
    )
    INSERT INTO camera_check_hour AS h (at, camera_id, checks, failures, timed, latency, slowest)
    SELECT date_trunc('hour', at) AS hour, camera_id, count(*), count(*) FILTER (WHERE NOT ok), count(latency),
      coalesce(sum(latency), 0), coalesce(max(latency), 0)
    FROM checks GROUP BY hour, camera_id ORDER BY camera_id
    ON CONFLICT (camera_id, at) DO UPDATE SET checks = h.checks + excluded.checks, failures = h.failures + excluded.failures,
      timed = h.timed + excluded.timed, latency = h.latency + excluded.latency, slowest = greatest(h.slowest, excluded.slowest)`,
    values: [
      checks.map(({ at }) => at),
      checks.map(({ cameraId }) => cameraId),
      checks.map(({ failed }) => failed?.layer ?? null),
      checks.map(({ failed }) => failed?.fault ?? null),
      checks.map(({ latencyMs }) => latencyMs),
    ],
  })
}

/** What the verdicts rest on, of those that have something to keep. */
export async function storeMemories(client: PoolClient, rows: readonly Settled[]): Promise<void> {
  const kept = rows.flatMap(({ cameraId, at, memory }) =>
    memory === null ? [] : [{ cameraId, at, ...memory }],
  )
  if (kept.length === 0) return
  await client.query({
    name: 'probe-memories',
    text: `
    INSERT INTO probe_state (camera_id, checked_at, memory, verdict, since, layer, fault, failing, subnet, latencies)
    SELECT m.camera_id, to_timestamp(m.ms / 1000), m.memory::jsonb, m.verdict, to_timestamp(m.since / 1000), m.layer, m.fault, m.failing, m.subnet, m.latencies::real[]
    FROM unnest($1::int[], $2::float8[], $3::text[], $4::camera_state[], $5::float8[], $6::text[], $7::text[], $8::boolean[], $9::text[], $10::text[])
      AS m(camera_id, ms, memory, verdict, since, layer, fault, failing, subnet, latencies)
      JOIN camera c ON c.id = m.camera_id -- one that was removed meanwhile has nothing to remember
    ON CONFLICT (camera_id) DO UPDATE SET checked_at = excluded.checked_at, memory = excluded.memory, verdict = excluded.verdict,
      since = excluded.since, layer = excluded.layer, fault = excluded.fault, failing = excluded.failing, subnet = excluded.subnet, latencies = excluded.latencies
    WHERE probe_state.checked_at <= excluded.checked_at`,
    values: [
      kept.map(({ cameraId }) => cameraId),
      kept.map(({ at }) => at),
      kept.map(({ json }) => json),
      kept.map(({ verdict }) => verdict),
      kept.map(({ since }) => since),
      kept.map(({ layer }) => layer),
      kept.map(({ fault }) => fault),
      kept.map(({ failing }) => failing),
      kept.map(({ subnet }) => subnet),
      kept.map(({ latencies }) => `{${latencies.map((ms) => ms ?? 'NULL').join(',')}}`),
    ],
  })
}

/** What earlier checks left behind, by camera. */
export async function readMemories(
  pool: Pool,
  ids: readonly number[],
): Promise<Map<number, { json: unknown; latencies: Remembered['latencies'] }>> {
  const { rows } = await pool.query<{
    camera_id: number
    memory: unknown
    latencies: (number | null)[]
  }>('SELECT camera_id, memory, latencies FROM probe_state WHERE camera_id = ANY($1::int[])', [ids])
  return new Map(rows.map((row) => [row.camera_id, { json: row.memory, latencies: row.latencies }]))
}
