import type { Pool, PoolClient } from 'pg'
import type { FeedInfo, FeedRun, FeedState } from '#contract/feed.ts'

export interface FeedRecord {
  id: string
  number: number
  domain: 'cameras' | 'prices'
  mode: 'pull' | 'push' | 'history'
  kind: string
  demo: boolean
  enabled: boolean
  holdSeconds: number
}
export interface FeedDefinition {
  id: string
  domain: 'cameras' | 'prices'
  mode: 'pull' | 'push' | 'history'
  kind: string
  title: string
  source?: string
  demo?: boolean
  schedule?: string
  holdSeconds?: number
  staleSeconds?: number
  priority?: number
}
export interface Counts {
  received: number
  accepted: number
  unchanged: number
  duplicate: number
  notReported: number
  rejected: number
}
/** Writes a feed's definition; what it collected stays, and so does its place among the sources, which people order. */
export async function defineFeed(pool: Pool, feed: FeedDefinition): Promise<void> {
  await pool.query(
    `INSERT INTO feed (id, domain, mode, kind, title, source, demo, schedule, hold_seconds, stale_seconds, priority)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (id) DO UPDATE SET kind = $4, title = $5, source = $6, demo = $7, schedule = $8, hold_seconds = $9,
       stale_seconds = $10, enabled = true`,
    [
      feed.id,
      feed.domain,
      feed.mode,
      feed.kind,
      feed.title,
      feed.source ?? '',
      feed.demo ?? false,
      feed.schedule ?? null,
      feed.holdSeconds ?? 180,
      feed.staleSeconds ?? 300,
      feed.priority ?? 50,
    ],
  )
}

/** Pull feeds that are no longer configured stay with their history, switched off. */
export async function switchOffOthers(pool: Pool, ids: string[]): Promise<void> {
  await pool.query(`UPDATE feed SET enabled = false WHERE mode = 'pull' AND id <> ALL($1::text[])`, [ids])
}

/** Switches a pushed feed on or off; what it collected stays. Answers false where there is no such pushed feed. */
export async function setFeedEnabled(pool: Pool, id: string, enabled: boolean): Promise<boolean> {
  const result = await pool.query(`UPDATE feed SET enabled = $2 WHERE id = $1 AND mode = 'push'`, [
    id,
    enabled,
  ])
  return result.rowCount === 1
}

export async function findFeed(pool: Pool, id: string): Promise<FeedRecord | undefined> {
  const result = await pool.query<FeedRecord>(
    `SELECT id, number, domain, mode, kind, demo, enabled, hold_seconds AS "holdSeconds" FROM feed WHERE id = $1`,
    [id],
  )
  return result.rows[0]
}

const push = (startedAt: Date) => new Date(Math.floor(startedAt.getTime() / 60_000) * 60_000)

/** Records one reading of a feed; pushes of a feed within a minute add up in one row. */
export async function recordRun(
  client: Pool | PoolClient,
  feedId: string,
  run: {
    startedAt: Date
    tookMs: number
    outcome: FeedRun['outcome']
    error?: string
    push?: boolean
  } & Counts,
): Promise<void> {
  await client.query({
    name: 'feed-run',
    text: `INSERT INTO feed_run AS r (feed_id, started_at, took_ms, outcome, received, accepted, unchanged, duplicate, not_reported, rejected, error, push_minute)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (feed_id, push_minute) WHERE push_minute IS NOT NULL DO UPDATE SET
       started_at = excluded.started_at, took_ms = r.took_ms + excluded.took_ms, received = r.received + excluded.received,
       accepted = r.accepted + excluded.accepted, unchanged = r.unchanged + excluded.unchanged,
       duplicate = r.duplicate + excluded.duplicate, not_reported = r.not_reported + excluded.not_reported,
       rejected = r.rejected + excluded.rejected`,
    values: [
      feedId,
      run.startedAt,
      Math.round(run.tookMs),
      run.outcome,
      run.received,
      run.accepted,
      run.unchanged,
      run.duplicate,
      run.notReported,
      run.rejected,
      run.error ?? null,
      run.push === true ? push(run.startedAt) : null,
    ],
  })
}

interface RunRow {
  id: number
  started_at: Date
  took_ms: number
  outcome: FeedRun['outcome']
  received: number
  accepted: number
  unchanged: number
  duplicate: number
  not_reported: number
  rejected: number
  error: string | null
}
const toRun = (row: RunRow): FeedRun => ({
  id: row.id,
  startedAt: row.started_at.toISOString(),
  tookMs: row.took_ms,
  outcome: row.outcome,
  received: row.received,
  accepted: row.accepted,
  unchanged: row.unchanged,
  duplicate: row.duplicate,
  notReported: row.not_reported,
  rejected: row.rejected,
  error: row.error,
})

export async function listRuns(pool: Pool, feedId: string, limit: number): Promise<FeedRun[]> {
  const result = await pool.query<RunRow>(
    `SELECT * FROM feed_run WHERE feed_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2`,
    [feedId, limit],
  )
  return result.rows.map(toRun)
}

/** A feed's state as everybody sees it: how its last run ended and how old its last good one is. */
export function feedState(
  feed: { enabled: boolean; mode: string; staleSeconds: number },
  lastGoodAt: Date | null,
  lastOutcome: FeedRun['outcome'] | null,
  now: Date,
): FeedState {
  if (feed.mode === 'history') return 'ok'
  if (!feed.enabled) return 'off'
  if (lastGoodAt === null) return lastOutcome === 'failed' ? 'failing' : 'waiting'
  if (now.getTime() - lastGoodAt.getTime() > feed.staleSeconds * 1000) return 'stale'
  return lastOutcome === 'failed' ? 'failing' : 'ok'
}

/** All feeds but finished histories, with state and last run. */
export async function listFeeds(pool: Pool, now: Date): Promise<FeedInfo[]> {
  const result = await pool.query<
    Omit<FeedInfo, 'lastRun' | 'state' | 'lastGoodAt' | 'rejects' | 'staleSeconds'> & {
      enabled: boolean
      stale_seconds: number
      good_at: Date | null
      rejects: number
      run: RunRow | null
      run_started: Date | null
    }
  >({
    name: 'feed-list',
    text: `SELECT f.id, f.domain, f.mode, f.kind, f.title, f.source, f.demo, f.schedule, f.enabled, f.stale_seconds,
      (SELECT started_at FROM feed_run g WHERE g.feed_id = f.id AND g.outcome <> 'failed' ORDER BY started_at DESC LIMIT 1) AS good_at,
      (SELECT count(*)::int FROM reject j WHERE j.feed_id = f.id AND j.replayed_at IS NULL) AS rejects,
      to_jsonb(r) AS run, r.started_at AS run_started
    FROM feed f LEFT JOIN LATERAL (SELECT * FROM feed_run r WHERE r.feed_id = f.id ORDER BY started_at DESC, id DESC LIMIT 1) r ON true
    ORDER BY f.mode = 'history', f.domain, f.id`,
  })
  return result.rows.map(({ enabled, stale_seconds, good_at, run, run_started, ...feed }) => ({
    ...feed,
    staleSeconds: stale_seconds,
    lastGoodAt: good_at?.toISOString() ?? null,
    lastRun: run === null || run_started === null ? null : toRun({ ...run, started_at: run_started }),
    state: feedState(
      { enabled, mode: feed.mode, staleSeconds: stale_seconds },
      good_at,
      run?.outcome ?? null,
      now,
    ),
  }))
}

/** Runs are a log: those older than `days` go, the last of each feed stays. */
export async function dropOldRuns(pool: Pool, now: Date, days: number): Promise<void> {
  await pool.query(
    `DELETE FROM feed_run r WHERE started_at < $1 AND id <> (SELECT max(id) FROM feed_run n WHERE n.feed_id = r.feed_id)`,
    [new Date(now.getTime() - days * 86_400_000)],
  )
}
