import type { Pool, PoolClient } from 'pg'
import type { CheckContext, Finding } from '#contract/quality.ts'
import type { CityPack } from '../../cities/index.ts'
import type { StoredEntry, StoredSurvey } from './store.ts'

/** What each value is compared with; the checks themselves come with the quality room. */
export function contextsOf(
  _database: Pool | PoolClient,
  pack: CityPack,
  places: readonly { commodity: string; market: string; day: string }[],
): Promise<CheckContext[]> {
  return Promise.resolve(
    places.map(({ commodity: code }) => {
      const commodity = pack.commodities.find((one) => one.code === code)
      const { plausibleMin: min, plausibleMax: max, unit = '' } = commodity ?? {}
      return {
        range: min === undefined || max === undefined ? null : { min, max },
        history: [],
        others: [],
        othersMoved: 0,
        season: [],
        unit,
      }
    }),
  )
}

export function checkEntries(
  _client: PoolClient,
  _pack: CityPack,
  _survey: StoredSurvey,
  _entries: readonly StoredEntry[],
): Promise<Map<string, Finding[]>> {
  return Promise.resolve(new Map())
}

export function keepFindings(
  _client: PoolClient,
  _survey: StoredSurvey,
  _entries: readonly StoredEntry[],
  _findings: ReadonlyMap<string, readonly Finding[]>,
  _now: Date,
): Promise<void> {
  return Promise.resolve()
}
