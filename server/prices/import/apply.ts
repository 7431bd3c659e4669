import type { PriceImport } from '#contract/price-import.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../database/pool.ts'
import { AppError } from '../../errors.ts'
import { defineFeed, findFeed } from '../../ingest/feeds-store.ts'
import { addDays, dayOf } from '../days.ts'
import { renewFigures, type Touched } from '../figures.ts'
import { dayRange } from '../queries.ts'
import { lockQuotes, storeQuotes, type QuoteRow } from '../store.ts'
import type { CityPriceOf } from '#contract/live.ts'
import { readGrid } from './grid.ts'
import { examine, shown, waitingImport } from './imports.ts'
import { feedOf } from './plan.ts'
import { findImport, markApplied, rememberMapping } from './store.ts'

const BATCH = 10_000
/** Of older days no live page shows the city's figures. */
const LIVE_DAYS = 31

/**
 * Stores what a file changes, all of it or nothing, as its source's prices. What its months being closed forbids stays out
 * and is told. Applying the same file again changes nothing.
 */
export async function applyImport(
  { pool, pack, clock, bus }: Pick<Context, 'pool' | 'pack' | 'clock' | 'bus'>,
  id: number,
  { remember, actor }: { remember: boolean; actor: string },
): Promise<PriceImport> {
  const stored = await waitingImport({ pool }, id)
  const now = clock()
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
  const { result, city } = await withTransaction(pool, async (client) => {
    await lockQuotes(client)
    // Whoever applied it a moment ago has taken the file away.
    if ((await findImport(client, id, 'FOR UPDATE'))?.applied_at !== null)
      throw new AppError('conflict', 'This import was applied or dropped already.')
    const { plan, result } = await examine(
      { pool: client, pack, clock: () => now },
      sheets,
      mapping,
      stored.result.remembered,
    )
    const rows = plan.changes
      .map(({ day, commodity, market, price, status }): QuoteRow => ({
        day,
        commodity,
        market,
        price,
        status,
        feed,
        reportedAt: null,
        ...(status === 'corrected' ? { author: actor, reason: stored.name } : {}),
      }))
      .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
    const touched: Touched[] = []
    for (let at = 0; at < rows.length; at += BATCH)
      for (const one of (await storeQuotes(client, rows.slice(at, at + BATCH), now)).touched)
        touched.push(one)
    const city: CityPriceOf[] = []
    for (let at = 0; at < touched.length; at += BATCH)
      for (const one of await renewFigures(client, touched.slice(at, at + BATCH))) city.push(one)
    await markApplied(client, id, result, now)
    if (remember) await rememberMapping(client, stored.fingerprint, mapping, actor, now)
    await client.query(
      `INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, 'prices-imported', $3, $4)`,
      [now, actor, feedId, JSON.stringify({ import: id, name: stored.name, counts: result.counts })],
    )
    return { result, city }
  })
  const recent = addDays(dayOf(now, pack.city.timezone), -LIVE_DAYS)
  bus.tell('prices:changed', {
    latestDay: (await dayRange(pool)).latest,
    city: city.filter(({ day }) => day >= recent),
    quotes: [],
  })
  return shown({ ...stored, result, applied_at: now })
}
