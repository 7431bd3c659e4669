import type { ProbeSettings } from '#contract/probing.ts'

/**
 * The outcomes of the last 21 checks as bits, the newest lowest; 1 is a failed one. Before so many were made, the
 * missing ones are taken to be as the first was: nothing flaps from one check.
 */
export type Outcomes = number

const KEPT = 21
const CHANGES = KEPT - 1
export const ALL_OUTCOMES = 2 ** KEPT - 1

export const alike = (failed: boolean): Outcomes => (failed ? ALL_OUTCOMES : 0)
export const remember = (outcomes: Outcomes, failed: boolean): Outcomes =>
  ((outcomes << 1) | Number(failed)) & ALL_OUTCOMES

/**
 * Weighted share of changes over the last 21 checks, 0..1: of 20 possible changes the newest weighs 1.2, the oldest
 * 0.8, between them in even steps. After Nagios' flap detection (manual, "Detection and Handling of State Flapping";
 * nagioscore `base/flapping.c`, whose curve runs from 0.75 to 1.25) and Icinga 2's
 * (`lib/icinga/checkable-flapping.cpp`: 0.8 + 0.02 for each place).
 */
export function shareOfChanges(outcomes: Outcomes): number {
  const changed = outcomes ^ (outcomes >> 1)
  let weight = 0
  // 1.2 - 0.4 * place / 19, all of it times 47.5, so that whole numbers are added up
  for (let place = 0; place < CHANGES; place++) if ((changed >> place) & 1) weight += 57 - place
  return weight / (47.5 * CHANGES)
}

/** It begins at the high threshold and ends below the low one; between them it goes on as it was. */
export function isFlapping(
  before: boolean,
  outcomes: Outcomes,
  { flapHigh, flapLow }: Pick<ProbeSettings, 'flapHigh' | 'flapLow'>,
): boolean {
  const share = shareOfChanges(outcomes)
  return share > 0 && share >= (before ? Math.min(flapLow, flapHigh) : flapHigh)
}
