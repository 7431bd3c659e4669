import type { Pool, PoolClient } from 'pg'
import type { CheckContext, Finding } from '#contract/quality.ts'
import { checkSellers } from '#contract/quality/index.ts'
import type { CityPack } from '../../cities/index.ts'
import { contextsOf, keepFlags } from '../quality/index.ts'
import type { Place } from './enter.ts'
import { surveyFeed } from './feed.ts'
import type { StoredEntry } from './store.ts'

/** What prices of a survey are compared with, by commodity: the phone's warnings come from the same as the server's. */
export async function surveyContexts(
  database: Pool | PoolClient,
  pack: CityPack,
  { market, day }: Place,
  commodities: readonly string[],
): Promise<Map<string, CheckContext>> {
  const { number: feed } = await surveyFeed(database)
  const contexts = await contextsOf(
    database,
    pack,
    commodities.map((commodity) => ({ commodity, market, day, feed })),
  )
  return new Map(contexts.map((context, place) => [commodities[place] ?? '', context]))
}

/** What is unlikely about entries, by commodity; what was not sold has no price to be unlikely. */
export async function checkEntries(
  client: PoolClient,
  pack: CityPack,
  place: Place,
  entries: readonly StoredEntry[],
): Promise<Map<string, Finding[]>> {
  const priced = entries.filter(({ price }) => price !== null)
  const contexts = await surveyContexts(
    client,
    pack,
    place,
    priced.map(({ commodity }) => commodity),
  )
  return new Map(
    priced.map(({ commodity, prices }) => {
      const context = contexts.get(commodity)
      return [commodity, context === undefined ? [] : checkSellers(prices, place.day, context)]
    }),
  )
}

/**
 * Keeps what was found for the verifier. What was found in a value that the officer has replaced since was right: it is
 * settled as an error.
 */
export async function keepFindings(
  client: PoolClient,
  { market, day }: Place,
  entries: readonly StoredEntry[],
  findings: ReadonlyMap<string, readonly Finding[]>,
  now: Date,
): Promise<void> {
  const { number: feed } = await surveyFeed(client)
  await client.query(
    `UPDATE quality_flag g SET outcome = 'error', outcome_by = t.author, outcome_at = $7
     FROM unnest($4::text[], $5::int[], $6::text[], $8::jsonb[]) AS t(commodity, price, author, sellers)
     WHERE g.commodity = t.commodity AND g.day = $1 AND g.market = $2 AND g.feed = $3
       AND (g.price IS DISTINCT FROM t.price OR g.facts ? 'seller' AND NOT t.sellers @> (g.facts -> 'seller'))
       AND g.outcome IS NULL`,
    [
      day,
      market,
      feed,
      entries.map(({ commodity }) => commodity),
      entries.map(({ price }) => price),
      entries.map(({ author }) => author.name),
      now,
      entries.map(({ prices }) => JSON.stringify(prices)),
    ],
  )
  await keepFlags(
    client,
    entries.flatMap(({ commodity, price }) =>
      price === null
        ? []
        : [{ commodity, market, day, feed, price, findings: findings.get(commodity) ?? [] }],
    ),
    now,
  )
}
