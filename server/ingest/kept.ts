import { isFields } from './reading.ts'
import { shortened } from './rows.ts'

/** What is kept of a row that a pulled feed could not take: enough for its reader to read it again. */
export interface Kept {
  /** which part of the source was asked for: a district, a market and a day */
  part: Record<string, string>
  /** the smallest payload of that source with this row in it */
  source: unknown
}

export const keep = (source: unknown, part: Record<string, string> | undefined): unknown =>
  shortened({ part: part ?? {}, source } satisfies Kept)

export function keptOf(payload: unknown): Kept | undefined {
  if (!isFields(payload) || !isFields(payload.part) || !Object.hasOwn(payload, 'source')) return undefined
  const { part, source } = payload
  return Object.values(part).every((value) => typeof value === 'string')
    ? { part: part as Record<string, string>, source }
    : undefined
}

/** True for a payload of which only the beginning was kept. */
export const isCut = (payload: unknown): boolean => isFields(payload) && payload.cut === true
