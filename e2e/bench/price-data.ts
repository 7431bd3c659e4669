import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { loadPack, type CityPack } from '../../server/cities/index.ts'
import { testDatabase } from '../../server/database/testing/index.ts'
import { cityFigures } from '../../server/prices/counting.ts'
import { addDays } from '../../server/prices/days.ts'

export const COMMODITIES = 40
export const MARKETS = 15
export const DAYS = 3_653
/** the last day that has prices */
const NEWEST = '2026-06-30'
const CHUNK_DAYS = 30
const SEED = 20_260_630

export interface PriceData {
  pool: pg.Pool
  databaseUrl: string
  /** of as many commodities and markets as there are prices of */
  pack: CityPack
  newest: string
  feed: number
  quotes: number
  drop(): Promise<void>
}

/**
 * Ten years of daily prices of 40 commodities at 15 markets, and of their producers, with what is derived from them as
 * the product keeps it, but for indicators and forecasts, which nobody has counted yet.
 */
export async function keepPrices(adminUrl: string): Promise<PriceData> {
  const database = await testDatabase(adminUrl)
  const { pool } = database
  const pack = packOf(await loadPack('malang'))
  // COPY asks for a session of its own: those of the pool send ahead.
  const client = new pg.Client(database.url)
  await client.connect()
  try {
    await client.query(`SET statement_timeout = 0; SET work_mem = '256MB'`)
    const feed = await definePlaces(client, pack)
    const copy = client.query(
      copyFrom('COPY quote (day, market, commodity, feed, price, status, received_at) FROM STDIN'),
    )
    await pipeline(Readable.from(quoteLines(pack, feed)), copy)
    await derive(client)
    await client.query('VACUUM ANALYZE')
    const count = await pool.query<{ quotes: number }>('SELECT count(*) AS quotes FROM quote')
    return {
      pool,
      databaseUrl: database.url,
      pack,
      newest: NEWEST,
      feed,
      quotes: count.rows[0]?.quotes ?? 0,
      drop: () => database.drop(),
    }
  } finally {
    await client.end()
  }
}

/** What is asked for in surveys first, then the others in their order; one market more than the city has. */
export function packOf(pack: CityPack): CityPack {
  const surveyed = pack.commodities.filter((commodity) => commodity.surveyed === 'yes')
  const others = pack.commodities.filter((commodity) => commodity.surveyed !== 'yes')
  const markets = pack.markets.filter(({ level }) => level === 'market')
  const more = Array.from({ length: Math.max(0, MARKETS - markets.length) }, (_, index) => ({
    code: `pasar-${index}`,
    name: `Pasar ${index}`,
    level: 'market' as const,
  }))
  return {
    ...pack,
    commodities: [...surveyed, ...others].slice(0, COMMODITIES),
    markets: [
      ...[...markets, ...more].slice(0, MARKETS),
      ...pack.markets.filter(({ level }) => level === 'producer'),
    ],
  }
}

async function definePlaces(client: pg.Client, pack: CityPack): Promise<number> {
  await client.query(
    `INSERT INTO market (code, name, level, position)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[])`,
    [
      pack.markets.map(({ code }) => code),
      pack.markets.map(({ name }) => name),
      pack.markets.map(({ level }) => level),
      pack.markets.map((_, index) => index),
    ],
  )
  await client.query(
    `INSERT INTO commodity (code, name_id, name_en, unit, category, position, basket_weight)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::real[])`,
    [
      pack.commodities.map(({ code }) => code),
      pack.commodities.map(({ nameId }) => nameId),
      pack.commodities.map(({ nameEn }) => nameEn),
      pack.commodities.map(({ unit }) => unit),
      pack.commodities.map(({ category }) => category),
      pack.commodities.map(({ position }) => position),
      pack.commodities.map(({ basketWeight = 0 }) => basketWeight),
    ],
  )
  const result = await client.query<{ number: number }>(
    `INSERT INTO feed (id, domain, mode, kind, title, priority) VALUES ('survey', 'prices', 'push', 'survey', 'Survey', 60)
     RETURNING number`,
  )
  return result.rows[0]?.number ?? 0
}

/** Prices that wander, stand still on most days as staples do, and rise before each year's feast. */
function* quoteLines(pack: CityPack, feed: number): Generator<string> {
  const random = randomFrom(SEED)
  const markets = pack.markets.filter(({ level }) => level === 'market').map(({ code }) => code)
  const producers = pack.markets.filter(({ level }) => level === 'producer').map(({ code }) => code)
  const series = pack.commodities.map(
    ({ code, plausibleMin = 5_000, plausibleMax = 50_000, producerCode }, index) => ({
      code,
      producerCode,
      producer: producers[index % producers.length],
      usual: Math.log(Math.sqrt(plausibleMin * plausibleMax)),
      away: 0,
      restless: 0.002 + 0.02 * random(),
      markets: markets.map((market) => ({ market, factor: 0.95 + 0.1 * random() })),
    }),
  )
  let lines = ''
  for (let index = 0; index < DAYS; index += 1) {
    const day = addDays(NEWEST, index + 1 - DAYS)
    const told = new Set<string>()
    const line = (market: string, commodity: string, price: number) =>
      `${day}\t${market}\t${commodity}\t${feed}\t${Math.round(price / 100) * 100}\treported\t${day} 04:00:00+00\n`
    for (const one of series) {
      if (random() < 0.4) one.away = 0.99 * one.away + one.restless * (random() + random() - 1)
      const price = Math.exp(one.usual + one.away + 0.05 * Math.sin((2 * Math.PI * index) / 354))
      for (const { market, factor } of one.markets) lines += line(market, one.code, price * factor)
      if (one.producerCode === undefined || one.producer === undefined || told.has(one.producerCode)) continue
      told.add(one.producerCode)
      lines += line(one.producer, one.producerCode, price * 0.8)
    }
    if (index % CHUNK_DAYS === CHUNK_DAYS - 1) {
      yield lines
      lines = ''
    }
  }
  yield lines
}

/** The same numbers at every run (a linear congruential generator). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}

/** As `renewFigures` leaves it; each price was told once, so all of them count. */
async function derive(client: pg.Client): Promise<void> {
  await client.query(
    `INSERT INTO market_price (commodity, day, market, price, status, feed, revision)
     SELECT commodity, day, market, price, status, feed, revision FROM quote ORDER BY commodity, day, market`,
  )
  await client.query(
    `INSERT INTO quote_day_city (day, commodity, median, low, high, q1, q3, trimmed, markets, demo)
     SELECT day, commodity, median, low, high, q1, q3, trimmed, markets, demo FROM (${cityFigures('market_price')}) figures
     ORDER BY commodity, day`,
  )
}
