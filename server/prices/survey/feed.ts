import type { Pool, PoolClient } from 'pg'
import type { Context } from '../../context.ts'
import { defineFeed, findFeed } from '../../ingest/feeds-store.ts'

/** The city's own surveys, as a source. */
export const SURVEY_FEED = 'survey'
/** Above the portals' 50, as long as nobody orders the sources otherwise. */
const PRIORITY = 60
/** A holiday with a weekend: that a survey is missing earlier is seen on the coverage board. */
const STALE_SECONDS = 5 * 86_400

/** Defines the feed where it is not there yet; an order that was set by hand stays. */
export async function ensureSurveyFeed({
  pool,
  pack,
  config,
}: Pick<Context, 'pool' | 'pack' | 'config'>): Promise<void> {
  if ((await findFeed(pool, SURVEY_FEED)) !== undefined) return
  await defineFeed(pool, {
    id: SURVEY_FEED,
    domain: 'prices',
    mode: 'push',
    kind: 'survey',
    title: `Survei pasar ${pack.city.name}${config.demo ? ' (demo)' : ''}`,
    demo: config.demo,
    staleSeconds: STALE_SECONDS,
    priority: PRIORITY,
  })
}

export async function surveyFeed(client: Pool | PoolClient): Promise<{ id: string; number: number }> {
  const result = await client.query<{ number: number }>('SELECT number FROM feed WHERE id = $1', [
    SURVEY_FEED,
  ])
  const number = result.rows[0]?.number
  if (number === undefined) throw new Error(`the feed ${SURVEY_FEED} is not defined`)
  return { id: SURVEY_FEED, number }
}
