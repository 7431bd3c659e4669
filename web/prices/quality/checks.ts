import type { CheckName } from '#contract/quality.ts'

// A record, so that one that is added to the contract does not compile until it is here.
const ALL: Record<CheckName, true> = {
  'digit-lost': true,
  'digit-added': true,
  'digit-swapped': true,
  unit: true,
  range: true,
  jump: true,
  outlier: true,
  stuck: true,
  season: true,
}
export const CHECKS = Object.keys(ALL) as CheckName[]
