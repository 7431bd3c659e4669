import type { Pool } from 'pg'
import { readHistory, type CityPack, type HistoryRow } from '../../../cities/index.ts'

/** One source's prices of a commodity at a market, by day. */
export type RealSeries = Pick<HistoryRow, 'feed' | 'commodity'> & { prices: Map<string, number> }

/** All series of the city's history, by name: feed, market and commodity. */
export async function realSeries(city: string): Promise<Map<string, RealSeries>> {
  const all = new Map<string, RealSeries>()
  for await (const { feed, market, commodity, day, price } of readHistory(city)) {
    const name = `${feed} ${market} ${commodity}`
    const series = all.get(name) ?? { feed, commodity, prices: new Map<string, number>() }
    series.prices.set(day, price)
    all.set(name, series)
  }
  return all
}

/** Lays them into tables of their own for the second computation, with the pack's feasts and the ceilings of its zone. */
export async function storeRealSeries(
  pool: Pool,
  all: ReadonlyMap<string, RealSeries>,
  { city, ceilings, holidays }: CityPack,
): Promise<void> {
  await pool.query(`CREATE TABLE real_price (
      series text, feed text, commodity text, day date, price integer NOT NULL, PRIMARY KEY (series, day));
    CREATE INDEX ON real_price (feed, commodity, day);
    CREATE TABLE real_feast (day date PRIMARY KEY);
    CREATE TABLE real_basket (commodity text PRIMARY KEY, quantity integer NOT NULL);
    CREATE TABLE real_ceiling (commodity text, kind text, price integer, regulation text, valid_from date, valid_to date)`)
  for (const [name, { feed, commodity, prices }] of all)
    await pool.query(
      `INSERT INTO real_price (series, feed, commodity, day, price) SELECT $1, $2, $3, * FROM unnest($4::date[], $5::int[])`,
      [name, feed, commodity, [...prices.keys()], [...prices.values()]],
    )
  await pool.query('INSERT INTO real_feast SELECT * FROM unnest($1::date[])', [
    holidays.flatMap(({ kind, from }) => (kind === 'lebaran' ? [from] : [])),
  ])
  for (const one of ceilings.filter(({ zone }) => zone === undefined || zone === city.ceilingZone))
    await pool.query('INSERT INTO real_ceiling VALUES ($1, $2, $3, $4, $5, $6)', [
      one.commodityCode,
      one.kind,
      one.priceMax,
      one.regulation,
      one.validFrom ?? null,
      one.validTo ?? null,
    ])
  await pool.query('ANALYZE real_price')
}
