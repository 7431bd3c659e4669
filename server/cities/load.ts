import type { Pool, PoolClient } from 'pg'
import { withTransaction } from '../database/pool.ts'
import { registerCameras } from '../cameras/index.ts'
import { defineFeed, findFeed } from '../ingest/feeds-store.ts'
import { renewFigures, type Touched } from '../prices/index.ts'
import { checkRecent } from '../prices/quality/index.ts'
import { districtAt, readHistory, type CityPack, type HistoryRow } from './index.ts'

const BATCH = 5_000
/** Raised when the pack's own format or meaning changes, so that a new version loads it again. */
const FORMAT = 1

/** Brings the pack's places and, once, its price history into the store. Returns how many prices were added. */
export async function loadCity(
  pool: Pool,
  pack: CityPack,
  progress: (step: string) => void,
): Promise<number> {
  await registerCameras(pool, pack, pack.cameras)
  await withTransaction(pool, (client) => loadPlaces(client, pack))
  const job = `pack:${pack.city.code}:${FORMAT}`
  const done = await pool.query('SELECT 1 FROM job_progress WHERE job = $1', [job])
  if (done.rowCount !== 0) return 0
  progress(`Loading the price history of ${pack.city.name}`)
  const count = await loadHistory(pool, pack)
  await pool.query('INSERT INTO job_progress VALUES ($1, now()) ON CONFLICT DO NOTHING', [job])
  return count
}

async function loadPlaces(client: PoolClient, pack: CityPack): Promise<void> {
  await client.query(
    `INSERT INTO market (code, name, level, latitude, longitude, position_accuracy, district, position)
     SELECT code, name, level, latitude, longitude, accuracy, district, n
     FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::text[], $7::text[])
       WITH ORDINALITY AS t(code, name, level, latitude, longitude, accuracy, district, n)
     ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, latitude = excluded.latitude,
       longitude = excluded.longitude, position_accuracy = excluded.position_accuracy, district = excluded.district, position = excluded.position`,
    [
      pack.markets.map((m) => m.code),
      pack.markets.map((m) => m.name),
      pack.markets.map((m) => m.level),
      pack.markets.map((m) => m.latitude ?? null),
      pack.markets.map((m) => m.longitude ?? null),
      pack.markets.map((m) => m.positionAccuracy ?? null),
      pack.markets.map((m) =>
        m.latitude === undefined || m.longitude === undefined
          ? null
          : (districtAt(pack, m.latitude, m.longitude) ?? null),
      ),
    ],
  )
  await client.query(
    `INSERT INTO commodity (code, name_id, name_en, unit, category, position, basket_weight)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::real[])
     ON CONFLICT (code) DO UPDATE SET name_id = excluded.name_id, name_en = excluded.name_en, unit = excluded.unit,
       category = excluded.category, position = excluded.position, basket_weight = excluded.basket_weight`,
    [
      pack.commodities.map((c) => c.code),
      pack.commodities.map((c) => c.nameId),
      pack.commodities.map((c) => c.nameEn),
      pack.commodities.map((c) => c.unit),
      pack.commodities.map((c) => c.category),
      pack.commodities.map((c) => c.position),
      pack.commodities.map((c) => c.basketWeight ?? 0),
    ],
  )
  await client.query('DELETE FROM ceiling')
  await client.query(
    `INSERT INTO ceiling (commodity, kind, zone, price_min, price_max, regulation, valid_from, valid_to, source)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::text[], $7::date[], $8::date[], $9::text[])
     ON CONFLICT DO NOTHING`,
    [
      pack.ceilings.map((c) => c.commodityCode),
      pack.ceilings.map((c) => c.kind),
      pack.ceilings.map((c) => c.zone ?? ''),
      pack.ceilings.map((c) => c.priceMin),
      pack.ceilings.map((c) => c.priceMax),
      pack.ceilings.map((c) => c.regulation),
      pack.ceilings.map((c) => c.validFrom ?? null),
      pack.ceilings.map((c) => c.validTo ?? null),
      pack.ceilings.map((c) => c.source),
    ],
  )
}

/** Each file is a feed of its own; adding it twice changes nothing. */
async function loadHistory(pool: Pool, pack: CityPack): Promise<number> {
  const numbers = new Map<string, number>()
  let count = 0
  let batch: HistoryRow[] = []
  const flush = async () => {
    if (batch.length === 0) return
    const rows = batch
    batch = []
    const result = await pool.query(
      `INSERT INTO quote (day, market, commodity, feed, price, status)
       SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::smallint[], $5::int[], $6::quote_status[]) ON CONFLICT DO NOTHING`,
      [
        rows.map((row) => row.day),
        rows.map((row) => row.market),
        rows.map((row) => row.commodity),
        rows.map((row) => numbers.get(row.feed)),
        rows.map((row) => row.price),
        rows.map((row) => row.status),
      ],
    )
    count += result.rowCount ?? 0
  }
  for await (const row of readHistory(pack.city.code)) {
    if (!numbers.has(row.feed)) {
      const name = row.feed.replace('history:', '')
      await defineFeed(pool, {
        id: row.feed,
        domain: 'prices',
        mode: 'history',
        kind: 'history',
        title: pack.city.historyTitles?.[name] ?? name,
        priority: 10,
      })
      numbers.set(row.feed, (await findFeed(pool, row.feed))?.number ?? 0)
    }
    batch.push(row)
    if (batch.length >= BATCH) await flush()
  }
  await flush()
  const touched = await pool.query<Touched>('SELECT DISTINCT day, commodity, market, feed FROM quote')
  for (let start = 0; start < touched.rows.length; start += BATCH)
    await renewFigures(pool, touched.rows.slice(start, start + BATCH), { check: false })
  await checkRecent(pool)
  return count
}
