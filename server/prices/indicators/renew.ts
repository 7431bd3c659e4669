import type { Pool, PoolClient } from 'pg'
import type { CityPack } from '../../cities/index.ts'
import { withTransaction } from '../../database/pool.ts'
import { newestDays } from '../current.ts'
import { NO_END } from '../days.ts'
import { renewForecast } from '../forecast/index.ts'
import { figuresOf } from './figures.ts'
import { readInputs } from './inputs-store.ts'
import {
  dropFigures,
  dueCommodities,
  knownCommodities,
  lockIndicators,
  monthsWithPrices,
  renewMonths,
  takeDue,
  writeFigures,
} from './store.ts'
import { madeFrom } from './totals.ts'

/**
 * Works off what changed: months, indicators and forecasts of the commodities that are due, each in a transaction of its
 * own together with its rows of the queue. What stands afterwards is what `recomputeAll` would count.
 * @returns the commodities that were renewed
 */
export async function renewIndicators(pool: Pool, pack: CityPack, clock: () => Date): Promise<string[]> {
  const renewed: string[] = []
  for (const commodity of await dueCommodities(pool))
    await withTransaction(pool, async (client) => {
      await lockIndicators(client)
      const changed = await takeDue(client, commodity)
      // Another process was here first, or a writer is about to change it.
      if (changed.length === 0) return
      const months = [...new Set(changed.map((day) => `${day.slice(0, 7)}-01`))]
      await renewMonths(client, commodity, months)
      await renewCommodity(client, pack, commodity, changed, clock())
      // Their margin is counted from this one's price as a producer's.
      for (const product of madeFrom(pack, commodity)) await renewFigures(client, pack, product, clock())
      renewed.push(commodity)
    })
  return renewed
}

/** Counts everything anew, commodity by commodity, so that no writer waits for long. */
export async function recomputeAll(pool: Pool, pack: CityPack, clock: () => Date): Promise<void> {
  for (const commodity of await knownCommodities(pool))
    await withTransaction(pool, async (client) => {
      await lockIndicators(client)
      const changed = await takeDue(client, commodity)
      await dropFigures(client, commodity)
      await renewMonths(client, commodity, await monthsWithPrices(client, commodity))
      await renewCommodity(client, pack, commodity, changed, clock())
    })
}

async function renewCommodity(
  client: PoolClient,
  pack: CityPack,
  commodity: string,
  changed: readonly string[],
  now: Date,
): Promise<void> {
  const newest = await renewFigures(client, pack, commodity, now)
  if (newest === null) await dropFigures(client, commodity)
  else await renewForecast(client, commodity, { newest, changed }, now)
}

/** @returns the day as of which they stand; null: there is no price, nor figures. */
async function renewFigures(
  client: PoolClient,
  pack: CityPack,
  commodity: string,
  now: Date,
): Promise<string | null> {
  const newest = (await newestDays(client, [commodity], NO_END, undefined)).get(commodity)
  if (newest === undefined) return null
  const [inputs] = await readInputs(client, pack, [commodity], newest)
  if (inputs !== undefined) await writeFigures(client, figuresOf(inputs), now)
  return newest
}
