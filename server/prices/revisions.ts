import type { Pool, PoolClient } from 'pg'
import type { Quote, QuoteStatus } from '#contract/price.ts'
import type { CityPriceOf } from '#contract/live.ts'
import type { Correction, PriceRevisions } from '#contract/prices.ts'
import type { KnownViewer } from '../access/viewer.ts'
import type { CityPack } from '../cities/index.ts'
import { withTransaction } from '../database/pool.ts'
import { storableJson } from '../database/text.ts'
import { AppError } from '../errors.ts'
import { renewFigures } from './figures.ts'
import { lockedMonths } from './locked.ts'
import { commodityOf, marketOf } from './naming.ts'
import { lockQuotes, storeQuotes } from './store.ts'
import { TOLD } from './told.ts'

interface RevisionRow {
  feed: string
  feedNumber: number
  feedTitle: string
  revision: number
  price: number
  status: QuoteStatus
  void: boolean
  author: string | null
  reason: string | null
  reportedAt: Date | null
  receivedAt: Date
  counts: boolean
}

async function revisionsOf(
  database: Pool | PoolClient,
  commodity: string,
  market: string,
  day: string,
): Promise<RevisionRow[]> {
  const result = await database.query<RevisionRow>({
    name: 'price-revisions',
    text: `SELECT f.id AS feed, f.number AS "feedNumber", f.title AS "feedTitle", q.revision, q.price, q.status, q.void, q.author, q.reason,
        q.reported_at AS "reportedAt", q.received_at AS "receivedAt", (p.feed = q.feed AND p.revision = q.revision) IS TRUE AS counts
      FROM quote q JOIN feed f ON f.number = q.feed
        LEFT JOIN market_price p ON p.commodity = q.commodity AND p.day = q.day AND p.market = q.market
      WHERE q.commodity = $1 AND q.market = $2 AND q.day = $3 ORDER BY ${TOLD}, q.feed, q.revision`,
    values: [commodity, market, day],
  })
  return result.rows
}

/**
 * All that was ever said of a commodity at a place on a day, oldest first; who said it only where names may be seen.
 * Throws 'not-found' where the city's pack has no such commodity or place.
 */
export async function readRevisions(
  pool: Pool,
  pack: CityPack,
  { commodity, market, day }: { commodity: string; market: string; day: string },
  { names }: { names: boolean },
): Promise<PriceRevisions> {
  const goods = pack.commodities.find(({ code }) => code === commodity)
  const place = pack.markets.find(({ code }) => code === market)
  if (goods === undefined || place === undefined)
    throw new AppError('not-found', `No ${goods === undefined ? 'commodity' : 'market'} has that code.`)
  const [rows, locked] = await Promise.all([
    revisionsOf(pool, commodity, market, day),
    lockedMonths(pool, [day]),
  ])
  return {
    commodity: commodityOf(goods),
    market: marketOf(place),
    day,
    locked: locked.size > 0,
    revisions: rows.map(({ feedNumber: _, ...row }) => ({
      ...row,
      author: names ? row.author : null,
      reportedAt: row.reportedAt?.toISOString() ?? null,
      receivedAt: row.receivedAt.toISOString(),
    })),
  }
}

/**
 * Corrects or withdraws what a source said: a new revision with author, time and reason. Throws 'not-found' where the
 * source said nothing, 'conflict' where it has said something else meanwhile, where nothing would change, or where the
 * month is closed.
 */
export async function correctPrice(
  pool: Pool,
  correction: Correction,
  viewer: Pick<KnownViewer, 'actor' | 'name'>,
  now: Date,
): Promise<{ quotes: Quote[]; city: CityPriceOf[] }> {
  const { commodity, market, day, price, reason } = correction
  return withTransaction(pool, async (client) => {
    await lockQuotes(client)
    const own = (await revisionsOf(client, commodity, market, day)).filter(
      ({ feed }) => feed === correction.feed,
    )
    const last = own[own.length - 1]
    if (last === undefined)
      throw new AppError(
        'not-found',
        `${correction.feed} gave no price of ${commodity} at ${market} on ${day}.`,
      )
    if (last.revision !== correction.revision)
      throw new AppError(
        'conflict',
        `The price has changed meanwhile: revision ${last.revision} is in force.`,
        {
          field: 'revision',
          expected: String(last.revision),
        },
      )
    if (last.void ? price === null : price === last.price)
      throw new AppError('conflict', 'That is what stands already.', {
        field: 'price',
        expected: 'another price',
      })
    const stored = await storeQuotes(
      client,
      [
        {
          commodity,
          market,
          day,
          price: price ?? last.price,
          status: 'corrected',
          feed: last.feedNumber,
          reportedAt: laterThan(now, last),
          author: viewer.name,
          reason,
          void: price === null,
        },
      ],
      now,
    )
    if (stored.outcomes[0] === 'locked')
      throw new AppError('conflict', `${day.slice(0, 7)} is closed: an administrator can open it again.`, {
        field: 'day',
        expected: 'a day of a month that is open',
      })
    const city = await renewFigures(client, stored.touched)
    await client.query(
      `INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, 'price-corrected', $3, $4)`,
      [
        now,
        viewer.actor,
        `${commodity} ${market} ${day}`,
        storableJson({
          feed: correction.feed,
          before: last.void ? null : last.price,
          after: price,
          reason,
        }),
      ],
    )
    return { quotes: stored.quotes, city }
  })
}

/** A source's clock may be ahead of ours; what a person says after it must still count as said later. */
function laterThan(now: Date, { reportedAt, receivedAt }: RevisionRow): Date | null {
  const last = (reportedAt ?? receivedAt).getTime()
  return last < now.getTime() ? null : new Date(last + 1)
}
