import type { PoolClient } from 'pg'
import type { CityPriceOf } from '#contract/live.ts'
import type { Quote } from '#contract/price.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { recordRun } from '../../ingest/feeds-store.ts'
import { renewFigures } from '../figures.ts'
import { lockedMonths } from '../locked.ts'
import { lockQuotes, storeQuotes, type QuoteRow } from '../store.ts'
import { surveyFeed } from './feed.ts'
import { nextState, type Person } from './states.ts'
import { lockSurveys, moveEntries, readEntries, type StoredEntry, type StoredSurvey } from './store.ts'
import { writeEvents } from './trail.ts'

/** What was published: to be told once it is committed. */
export interface Published {
  entries: StoredEntry[]
  quotes: Quote[]
  city: CityPriceOf[]
}
export const NOTHING_PUBLISHED: Published = { entries: [], quotes: [], city: [] }

/**
 * Makes verified entries the city's own word of their day: quotes of the survey's feed, by whoever entered them. The
 * caller holds the surveys and the quotes' lock, and found the months open.
 */
export async function publishEntries(
  client: PoolClient,
  surveys: readonly StoredSurvey[],
  entries: readonly StoredEntry[],
  actor: Person,
  now: Date,
): Promise<Published> {
  if (entries.length === 0) return NOTHING_PUBLISHED
  const feed = await surveyFeed(client)
  const byId = new Map(surveys.map((survey) => [survey.id, survey]))
  const rows = entries.flatMap((entry): QuoteRow[] => {
    const survey = byId.get(entry.surveyId)
    if (survey === undefined || entry.price === null) return []
    const { market, day } = survey
    return [
      {
        market,
        day,
        commodity: entry.commodity,
        price: entry.price,
        status: 'reported',
        feed: feed.number,
        // not the moment of its publication: when it was seen at the stall
        reportedAt: entry.notedAt,
        author: entry.author.name,
        ...(entry.insist === '' ? {} : { reason: entry.insist }),
      },
    ]
  })
  const { quotes, touched, outcomes } = await storeQuotes(client, rows, now)
  const city = await renewFigures(client, touched)
  await moveEntries(client, entries, { state: 'published', by: actor.name }, now)
  await writeEvents(
    client,
    entries.map(({ surveyId, commodity, version, price }) => ({
      surveyId,
      commodity,
      kind: 'published',
      version,
      detail: { price },
    })),
    actor,
    now,
  )
  const count = (outcome: (typeof outcomes)[number]) => outcomes.filter((one) => one === outcome).length
  await recordRun(client, feed.id, {
    startedAt: now,
    tookMs: 0,
    outcome: 'ok',
    push: true,
    received: entries.length,
    accepted: count('accepted'),
    unchanged: count('unchanged'),
    duplicate: count('duplicate'),
    notReported: entries.length - rows.length,
    rejected: count('locked'),
  })
  return { entries: [...entries], quotes, city }
}

/** Tells the live side, after the commit. */
export function tellPublished({ bus }: Pick<Context, 'bus'>, { quotes, city }: Published): void {
  if (quotes.length === 0 && city.length === 0) return
  const latestDay =
    city
      .map(({ day }) => day)
      .sort()
      .at(-1) ?? null
  bus.tell('prices:changed', { latestDay, city, quotes })
}

/**
 * Publishes all that was verified of a day. Throws 'conflict' where its month is closed.
 * @param which of the verified entries; left out: all
 * @returns how many entries
 */
export async function publishDay(
  context: Pick<Context, 'pool' | 'clock' | 'bus'>,
  day: string,
  actor: Person,
  which: (survey: StoredSurvey) => boolean = () => true,
): Promise<number> {
  const { pool, clock } = context
  const now = clock()
  const published = await withTransaction(pool, async (client) => {
    const found = await client.query<{ id: number }>('SELECT id FROM survey WHERE day = $1', [day])
    const ids = found.rows.map(({ id }) => id)
    const surveys = (await lockSurveys(client, ids)).filter(which)
    const waiting = (
      await readEntries(
        client,
        surveys.map(({ id }) => id),
      )
    ).filter(({ state }) => nextState('publish', state) !== null)
    if (waiting.length === 0) return NOTHING_PUBLISHED
    await lockQuotes(client)
    if ((await lockedMonths(client, [day])).size > 0)
      throw new AppError('conflict', 'The month is closed.', { reason: 'locked' })
    return publishEntries(client, surveys, waiting, actor, now)
  })
  tellPublished(context, published)
  return published.entries.length
}
