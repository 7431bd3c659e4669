import type { Place, Typing } from './model.ts'

const PREFIX = 'survey-typing'
const keyOf = ({ account, market, day }: Place): string => [PREFIX, account, market, day].join(' ')

/** What is being typed at a survey and is no answer yet, by commodity; what was touched last is the last. */
export function typingsOf(place: Place): Typing[] {
  const kept: unknown = JSON.parse(localStorage.getItem(keyOf(place)) ?? '[]')
  return Array.isArray(kept) ? (kept as Typing[]) : []
}
const others = (place: Place, commodity: string) =>
  typingsOf(place).filter((one) => one.commodity !== commodity)

/** Keeps what is being typed at once: a page may be closed the very moment after a tap. */
export const keepTyping = (typing: Typing): void =>
  localStorage.setItem(keyOf(typing), JSON.stringify([...others(typing, typing.commodity), typing]))
/** @param commodity of which; undefined: of all */
export function dropTyping(place: Place, commodity?: string): void {
  const left = commodity === undefined ? [] : others(place, commodity)
  if (left.length === 0) localStorage.removeItem(keyOf(place))
  else localStorage.setItem(keyOf(place), JSON.stringify(left))
}
/** Drops what was left of days before this one. */
export function dropOldTyping(oldest: string): void {
  for (const key of Object.keys(localStorage))
    if (key.startsWith(`${PREFIX} `) && (key.split(' ').at(-1) ?? '') < oldest) localStorage.removeItem(key)
}
