import type { Flag, Severity } from '#contract/quality.ts'
import { SURVEY_FEED } from './feed.ts'
import type { FlagRow } from './verification-store.ts'

const RANK: Record<Severity, number> = { error: 3, warning: 2, info: 1 }

/** Of what a finding is: a price of a commodity, in a market on a day. */
export const flagKey = (one: { commodity: string; market: string; day: string; price: number | null }) =>
  `${one.commodity} ${one.market} ${one.day} ${one.price}`

export const toFlag = ({
  market: _m,
  commodity: _c,
  raisedAt,
  outcomeAt,
  ...row
}: FlagRow): Omit<Flag, 'market' | 'commodity'> => ({
  ...row,
  feed: SURVEY_FEED,
  raisedAt: raisedAt.toISOString(),
  outcomeAt: outcomeAt?.toISOString() ?? null,
})

/** Of the findings that nobody settled as a false alarm the worst; 0: there is none. */
export const severityOf = (flags: readonly Flag[]): number =>
  Math.max(
    0,
    ...flags
      .filter(({ outcome }) => outcome === null || outcome === 'error')
      .map(({ severity }) => RANK[severity]),
  )
