import type { Flag } from '#contract/quality.ts'
import type { VerificationItem, VerifyRequest } from '#contract/survey.ts'

export const keyOf = ({ surveyId, commodity }: VerificationItem): string => `${surveyId} ${commodity.code}`

/** Findings of which nobody has said yet what they are. */
export const openFlags = ({ flags }: VerificationItem): Flag[] =>
  flags.filter(({ outcome }) => outcome === null)

/** Somebody found that its price is wrong: it goes back to its officer, and nobody verifies it. */
export const isWrong = ({ flags }: VerificationItem): boolean =>
  flags.some(({ outcome }) => outcome === 'error')

export interface Sorted {
  /** with open findings, or found wrong: to be looked at one by one */
  deviating: VerificationItem[]
  /** nothing speaks against them: verified with one action */
  rest: VerificationItem[]
  /** entered by the one who looks: somebody else has to */
  own: VerificationItem[]
}
/** What has to be done with what waits; each part keeps the order that it came in. */
export function sorted(items: readonly VerificationItem[]): Sorted {
  const others = items.filter(({ own }) => !own)
  const deviates = (item: VerificationItem) => openFlags(item).length > 0 || isWrong(item)
  return {
    deviating: others.filter(deviates),
    rest: others.filter((item) => !deviates(item)),
    own: items.filter(({ own }) => own),
  }
}

export interface Group {
  key: string
  market: VerificationItem['market']
  day: string
  items: VerificationItem[]
}
/** By market and day, the oldest day first, the markets by their names. */
export function grouped(items: readonly VerificationItem[]): Group[] {
  const groups = new Map<string, Group>()
  for (const item of items) {
    const key = `${item.day} ${item.market.code}`
    const group = groups.get(key) ?? { key, market: item.market, day: item.day, items: [] }
    group.items.push(item)
    groups.set(key, group)
  }
  return [...groups.values()].sort(
    (a, b) => a.day.localeCompare(b.day) || a.market.name.localeCompare(b.market.name),
  )
}

/** Each entry with the version that was seen. */
export const refsOf = (items: readonly VerificationItem[]): VerifyRequest['entries'] =>
  items.map(({ surveyId, commodity, entry }) => ({
    surveyId,
    commodity: commodity.code,
    version: entry.version,
  }))

/** As many entries as the server takes at once. */
const MOST = 2_000
export function batches<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / MOST) }, (_, index) =>
    items.slice(index * MOST, (index + 1) * MOST),
  )
}
