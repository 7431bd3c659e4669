import type { Settled } from './settled.ts'

export interface OpenOutage {
  id: number
  startedAt: number
  planned: boolean
}
/** What to do with a camera's outages: end, or take back, the open one; begin another. Times are ms since 1970. */
export interface OutageTurn {
  end: { id: number; at: number } | null
  takeBack: number | null
  begin: { at: number; planned: boolean } | null
}

/**
 * From the open outage on record to what was judged. An outage begins at the first failed check and ends at the first good
 * one; where the camera turned out to have been unreachable from its start, it never was one.
 * @param turnedAt when the state changed with it; null: it did not
 * @param standingSince since when the state on record holds
 */
export function outageTurn(
  open: OpenOutage | null,
  { outage: wanted, verdictSince }: Pick<Settled, 'outage' | 'verdictSince'>,
  turnedAt: number | null,
  standingSince: number,
): OutageTurn {
  const at = turnedAt ?? Math.max(verdictSince, standingSince)
  const goesOn = open !== null && wanted !== null && open.planned === wanted.planned
  if (goesOn || (open === null && wanted === null)) return { end: null, takeBack: null, begin: null }
  const begin = wanted === null ? null : { at, planned: wanted.planned }
  if (open === null) return { end: null, takeBack: null, begin }
  return at > open.startedAt
    ? { end: { id: open.id, at }, takeBack: null, begin }
    : { end: null, takeBack: open.id, begin }
}
