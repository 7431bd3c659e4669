/**
 * How each indicator is counted, in words, for "how is this counted?" on screen and for docs/indicators.md. What is said
 * here is what server/prices/indicators and server/prices/basket do.
 */
import type { IndicatorName } from './indicators.ts'
import { CHANGE_NOTES } from './notes/changes.ts'
import { MARKET_NOTES } from './notes/markets.ts'
import { MOVEMENT_NOTES } from './notes/movement.ts'
import type { IndicatorNote } from './notes/note.ts'
import { SCORE_NOTES } from './notes/scores.ts'

export type { IndicatorNote, IndicatorWords } from './notes/note.ts'
export { INDEX_NOTE } from './notes/scores.ts'

export const INDICATOR_NOTES: Readonly<Record<IndicatorName, IndicatorNote>> = {
  ...CHANGE_NOTES,
  ...MARKET_NOTES,
  ...MOVEMENT_NOTES,
  ...SCORE_NOTES,
}
