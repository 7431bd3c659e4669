import type { PriceImport } from '#contract/price-import.ts'
import type { KnownViewer } from '../../access/viewer.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { defineFeed, findFeed } from '../../ingest/feeds-store.ts'
import { addDays, dayOf } from '../days.ts'
import { dayRange } from '../queries.ts'
import { lockQuotes } from '../store.ts'
import { storeBulk } from './bulk.ts'
import { readGrid } from './grid.ts'
import { examine, shown, waitingImport } from './imports.ts'
import { feedOf } from './plan.ts'
import { lockWaiting, markApplied, rememberMapping } from './store.ts'

/** Of older days no live page shows the city's figures. */
const LIVE_DAYS = 31

/**
 * Stores what a file changes, all of it or nothing, as its source's prices. What its months being closed forbids stays out
 * and is told. Applying the same file again changes nothing.
 */
export async function applyImport(
  { pool, pack, clock, bus }: Pick<Context, 'pool' | 'pack' | 'clock' | 'bus'>,
  id: number,
  { remember, viewer }: { remember: boolean; viewer: Pick<KnownViewer, 'actor' | 'name'> },
): Promise<PriceImport> {
  const stored = await waitingImport({ pool }, id)
  const { mapping } = stored
  const feedId = feedOf(mapping.source)
  const sheets = await readGrid(stored.file)
  await defineFeed(pool, {
    id: feedId,
    domain: 'prices',
    mode: 'history',
    kind: 'history',
    title: mapping.source,
    source: stored.name,
    priority: 10,
  })
  const feed = (await findFeed(pool, feedId))?.number
  if (feed === undefined) throw new AppError('unavailable', 'The source could not be made; try again.')
  const { result, city, now } = await withTransaction(pool, async (client) => {
    await lockQuotes(client)
    // Whoever waited comes after what it waited for.
    const now = clock()
    // Whoever applied it a moment ago has taken the file away.
    if (!(await lockWaiting(client, id)))
      throw new AppError('conflict', 'This import was applied or dropped already.')
    const { plan, result } = await examine(
      { pool: client, pack, clock: () => now },
      sheets,
      mapping,
      stored.result,
    )
    const city = await storeBulk(client, plan.changes, {
      feed,
      now,
      said: { author: viewer.name, reason: stored.name },
    })
    await markApplied(client, id, result, now)
    if (remember) await rememberMapping(client, stored.fingerprint, mapping, viewer.actor, now)
    await client.query(
      `INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, 'prices-imported', $3, $4)`,
      [now, viewer.actor, feedId, JSON.stringify({ import: id, name: stored.name, counts: result.counts })],
    )
    return { result, city, now }
  })
  const recent = addDays(dayOf(now, pack.city.timezone), -LIVE_DAYS)
  bus.tell('prices:changed', {
    latestDay: (await dayRange(pool)).latest,
    city: city.filter(({ day }) => day >= recent),
    quotes: [],
  })
  return shown({ ...stored, result, applied_at: now })
}
