import type { Pool } from 'pg'
import { readHistory, type CityPack } from '../cities/index.ts'
import type { Config } from '../config.ts'
import type { ConfiguredPull } from '../ingest/pull/index.ts'
import { demoPulls } from './demo-feeds.ts'
import { readLevels } from './levels.ts'
import { startDemoServer } from './server.ts'

const JOB = 'demo:started'

export interface Demo {
  pulls: ConfiguredPull[]
  close(): Promise<void>
}

/** Starts the stand-in portals and gives the feeds that read them. The demo goes on where an earlier start left it. */
export async function startDemo(
  pool: Pool,
  pack: CityPack,
  config: Config,
  clock: () => Date,
): Promise<Demo> {
  const levels = await readLevels(pack, readHistory(pack.city.code))
  const startedAt = await firstStart(pool, clock())
  const known = await newestDays(pool)
  const shared = { pack, levels, startedAt, daySeconds: config.demoDaySeconds }
  const server = await startDemoServer({ ...shared, seed: config.demoSeed, clock })
  return {
    pulls: demoPulls({ ...shared, url: server.url, knownUntil: (feed) => known.get(feed) ?? null }),
    close: () => server.close(),
  }
}

async function firstStart(pool: Pool, now: Date): Promise<Date> {
  await pool.query('INSERT INTO job_progress VALUES ($1, $2) ON CONFLICT DO NOTHING', [JOB, now])
  const result = await pool.query<{ done_until: Date }>(
    'SELECT done_until FROM job_progress WHERE job = $1',
    [JOB],
  )
  return result.rows[0]?.done_until ?? now
}

async function newestDays(pool: Pool): Promise<Map<string, string>> {
  const result = await pool.query<{ id: string; day: string }>(
    `SELECT f.id, max(q.day) AS day FROM quote q JOIN feed f ON f.number = q.feed WHERE f.demo GROUP BY f.id`,
  )
  return new Map(result.rows.map(({ id, day }) => [id, day]))
}
