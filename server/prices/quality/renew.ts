import type { Pool, PoolClient } from 'pg'
import { checkPrice } from '#contract/quality/index.ts'
import type { CityPack } from '../../cities/index.ts'
import { withTransaction } from '../../database/pool.ts'
import { groupBy } from '../naming.ts'
import { TOLD } from '../told.ts'
import { HISTORY_DAYS, historiesOf, movedWhileStill, surroundingsOf, type Place } from './contexts.ts'
import { keepFlags, settleReplaced } from './flags-store.ts'
import { HISTORY_VALUES, isSurelyWrong, type DayPrice } from './scan.ts'

/** Series that are looked at in one turn, all of their days at once: a fault that lasts must be seen from its first day on. */
const SERIES = 60
const VALUES = 4_000

/**
 * Works off what came in since the last turn, series of the newest days first, and keeps what is unlikely.
 * @returns how many prices were looked at; 0: the queue is empty
 */
export async function renewFlags(pool: Pool, pack: CityPack, now: Date): Promise<number> {
  return withTransaction(pool, async (client) => {
    const due = await takeDue(client)
    if (due.length === 0) return 0
    await settleReplaced(client, due, now)
    const prices = await inForce(client, due)
    const series = [
      ...groupBy(prices, ({ commodity, market, feed }) => `${commodity} ${market} ${feed}`).values(),
    ]
    const histories = await historiesOf(
      client,
      series.map(([first]) => ({ ...(first as Due), before: (first as Due).day })),
    )
    const around = await surroundingsOf(client, pack, prices)
    for (const [index, values] of series.entries()) {
      const trusted: DayPrice[] = [...(histories[index] ?? [])]
      for (const { price, ...place } of values) {
        const findings = checkPrice(price, place.day, {
          ...around(place),
          history: trusted,
          othersMoved: await movedWhileStill(client, place, trusted),
        })
        await keepFlags(client, [{ ...place, price, findings }], now)
        if (isSurelyWrong(findings)) continue
        trusted.push({ day: place.day, price })
        if (trusted.length > HISTORY_VALUES) trusted.shift()
      }
    }
    return due.length
  })
}

/**
 * Has the last stored prices looked at, of a history that was loaded: they are what the next ones are compared with, and a
 * fault that stands there must not pass for what is usual.
 */
export async function checkRecent(client: Pool | PoolClient): Promise<void> {
  await client.query(
    `INSERT INTO quality_due (commodity, market, day, feed)
     SELECT DISTINCT commodity, market, day, feed FROM quote WHERE day > (SELECT max(day) FROM quote) - $1::int
     ON CONFLICT DO NOTHING`,
    [HISTORY_DAYS],
  )
}

type Due = Place & { price: number }

async function takeDue(client: PoolClient): Promise<Place[]> {
  const result = await client.query<Place>({
    name: 'quality-take',
    text: `
    WITH series AS (
      SELECT commodity, market, feed FROM quality_due GROUP BY 1, 2, 3 ORDER BY max(day) DESC LIMIT ${SERIES}
    ), taken AS (
      SELECT d.commodity, d.market, d.feed, d.day FROM quality_due d JOIN series USING (commodity, market, feed)
      ORDER BY d.commodity, d.market, d.feed, d.day LIMIT ${VALUES} FOR UPDATE OF d SKIP LOCKED
    )
    DELETE FROM quality_due d USING taken t
    WHERE d.commodity = t.commodity AND d.market = t.market AND d.feed = t.feed AND d.day = t.day
    RETURNING d.commodity, d.market, d.feed, d.day`,
  })
  return result.rows
}

/** What stands of each value by now, oldest first; nothing of what was withdrawn. */
async function inForce(client: PoolClient, due: readonly Place[]): Promise<Due[]> {
  const result = await client.query<Due>({
    name: 'quality-in-force',
    text: `
    SELECT t.commodity, t.market, t.feed, t.day, l.price
    FROM unnest($1::text[], $2::text[], $3::smallint[], $4::date[]) AS t(commodity, market, feed, day)
    CROSS JOIN LATERAL (
      SELECT q.price, q.void FROM quote q
      WHERE q.day = t.day AND q.commodity = t.commodity AND q.market = t.market AND q.feed = t.feed
      ORDER BY ${TOLD} DESC, q.revision DESC LIMIT 1
    ) l WHERE NOT l.void ORDER BY t.day`,
    values: [
      due.map(({ commodity }) => commodity),
      due.map(({ market }) => market),
      due.map(({ feed }) => feed),
      due.map(({ day }) => day),
    ],
  })
  return result.rows
}
