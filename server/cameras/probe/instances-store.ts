import type { Pool } from 'pg'

/** Without a sign of life for so long, the others take over what an instance checked. */
const SILENT_SECONDS = 20

/**
 * A sign of life of an instance, by the database's clock, which all share. Returns the ids of those that share the work:
 * who is alive and has an uplink; while nobody has one, who is alive.
 */
export async function beat(
  pool: Pool,
  instance: { id: string; name: string; uplink: boolean },
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; uplink: boolean }>({
    name: 'prober-beat',
    text: `
    WITH mine AS (
      INSERT INTO prober (id, name, started_at, seen_at, uplink) VALUES ($1, $2, now(), now(), $3)
      ON CONFLICT (id) DO UPDATE SET seen_at = now(), uplink = excluded.uplink RETURNING id, uplink
    ), gone AS (
      DELETE FROM prober WHERE id <> $1 AND seen_at < now() - make_interval(mins => 10)
    )
    SELECT id, uplink FROM mine
    UNION ALL SELECT id, uplink FROM prober WHERE id <> $1 AND seen_at > now() - make_interval(secs => $4)
    ORDER BY id`,
    values: [instance.id, instance.name, instance.uplink, SILENT_SECONDS],
  })
  const connected = rows.filter(({ uplink }) => uplink)
  return (connected.length > 0 ? connected : rows).map(({ id }) => id)
}

/** The others take over at once. */
export async function leave(pool: Pool, id: string): Promise<void> {
  await pool.query('DELETE FROM prober WHERE id = $1', [id])
}

/** Names of the instances that are alive and reach nothing. */
export async function withoutUplink(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT name FROM prober WHERE NOT uplink AND seen_at > now() - make_interval(secs => $1) ORDER BY name`,
    [SILENT_SECONDS],
  )
  return rows.map(({ name }) => name)
}
