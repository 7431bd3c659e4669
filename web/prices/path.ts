import { router } from '../router.svelte.ts'
import { askedDay } from './board/days.ts'

/** The day as of which a page is asked for, of its address; '': as it is known now. */
export const knownDay = (): string => askedDay(router.query, 'known')

/** A path with what of its query is not empty. */
export function pathOf(path: string, query: Record<string, string | null>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, value]],
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}
