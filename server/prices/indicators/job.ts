import { createHash } from 'node:crypto'
import type { CityPack } from '../../cities/index.ts'
import type { Context } from '../../context.ts'
import { recomputeAll, renewIndicators } from './renew.ts'
import { markCounted, wasCounted } from './store.ts'

/** Raised when a formula changes, so that a new version counts everything anew. */
const FORMAT = 1

/** The regular work: everything anew where formulas or the city's rules are not those of the last time, then what changed. */
export function indicatorsJob({
  pool,
  pack,
  clock,
}: Pick<Context, 'pool' | 'pack' | 'clock'>): () => Promise<void> {
  const name = `indicators:${FORMAT}:${rulesHash(pack)}`
  let upToDate = false
  return async () => {
    if (!upToDate && !(await wasCounted(pool, name))) {
      await recomputeAll(pool, pack, clock)
      await markCounted(pool, name, clock())
    }
    upToDate = true
    await renewIndicators(pool, pack, clock)
  }
}

/** Of all that figures hang on beside prices. */
const rulesHash = ({ city, ceilings, holidays, commodities }: CityPack): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        city.ceilingZone,
        ceilings,
        holidays,
        commodities.map(({ code, producerCode }) => [code, producerCode]),
      ]),
    )
    .digest('hex')
    .slice(0, 16)
