import type { Pool, PoolClient } from 'pg'
import type { ImportCounts, ImportProblem } from '#contract/price-import.ts'
import { lockedMonths, monthOf } from '../locked.ts'
import type { Change } from './bulk.ts'
import { letterOf } from './cells.ts'
import { EXPECTED, MOST_PROBLEMS, type FilePrice, type ReadPrices } from './read-prices.ts'
import { saidBy, type Said } from './store.ts'

export interface Plan {
  counts: ImportCounts
  /** fresh and revised ones: what applying stores */
  changes: (FilePrice & Pick<Change, 'revision'>)[]
  problems: ImportProblem[]
}

/** The id of a source's feed: of one name it is always the same. */
export function feedOf(source: string): string {
  const slug = source
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return `import:${slug === '' ? 'lain' : slug}`
}

/** First and last day of prices; null where there are none. */
export function rangeOf(prices: readonly FilePrice[]): [string, string] | null {
  let [first, last] = [prices[0]?.day ?? '', prices[0]?.day ?? '']
  for (const { day } of prices) {
    if (day < first) first = day
    if (day > last) last = day
  }
  return prices.length === 0 ? null : [first, last]
}

/** What a source said of a price by itself, and what a person said in its place. */
interface Known {
  own?: Said
  corrected?: Said
}
const keyOf = ({ day, commodity, market }: Pick<Said, 'day' | 'commodity' | 'market'>) =>
  `${day} ${commodity} ${market}`

async function knownOf(
  client: Pool | PoolClient,
  feedId: string,
  [from, to]: [string, string],
): Promise<Map<string, Known>> {
  const known = new Map<string, Known>()
  for (const said of await saidBy(client, feedId, from, to)) {
    const key = keyOf(said)
    known.set(key, { ...known.get(key), [said.corrected ? 'corrected' : 'own']: said })
  }
  return known
}

/** Compares what a file says with what its source said before. A closed month's prices are refused where they would change something. */
export async function planImport(client: Pool | PoolClient, read: ReadPrices, source: string): Promise<Plan> {
  const range = rangeOf(read.prices)
  const known = range === null ? new Map<string, Known>() : await knownOf(client, feedOf(source), range)
  const days = new Set(read.prices.map(({ day }) => day))
  const locked = await lockedMonths(client, [...days])
  const counts: ImportCounts = {
    rows: read.rows,
    prices: 0,
    none: read.none,
    fresh: 0,
    unchanged: read.repeated,
    revised: 0,
    refused: read.refused,
    leftOut: read.leftOut,
  }
  const changes: Plan['changes'] = []
  const problems = [...read.problems]
  for (const price of read.prices) {
    // A correction in the file is compared with the last one; else with what the source itself said, as the store does it.
    const { own, corrected } = known.get(keyOf(price)) ?? {}
    const before = (price.status === 'corrected' ? corrected : undefined) ?? own
    if (before !== undefined && before.price === price.price && before.status === price.status)
      counts.unchanged += 1
    else if (locked.has(monthOf(price.day))) {
      counts.refused += 1
      if (problems.length < MOST_PROBLEMS)
        problems.push({
          row: price.row,
          column: letterOf(price.column),
          reason: 'locked',
          expected: EXPECTED.locked,
          value: `${price.day} ${price.price}`,
        })
    } else {
      counts[before === undefined ? 'fresh' : 'revised'] += 1
      changes.push({ ...price, revision: ((own ?? corrected)?.revision ?? 0) + 1 })
    }
  }
  const { fresh, unchanged, revised, refused, none, leftOut } = counts
  counts.prices = fresh + unchanged + revised + refused + none + leftOut
  return { counts, changes, problems }
}
