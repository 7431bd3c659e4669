import type { Place, Typing } from './model.ts'

const PREFIX = 'survey-typing'
const keyOf = ({ account, market, day }: Place): string => [PREFIX, account, market, day].join(' ')

/** Keeps what is being typed at once: a page may be closed the very moment after a tap. */
export const keepTyping = (typing: Typing): void =>
  localStorage.setItem(keyOf(typing), JSON.stringify(typing))
export const dropTyping = (place: Place): void => localStorage.removeItem(keyOf(place))
export function typingOf(place: Place): Typing | undefined {
  const text = localStorage.getItem(keyOf(place))
  return text === null ? undefined : (JSON.parse(text) as Typing)
}
/** Drops what was left of days before this one. */
export function dropOldTyping(oldest: string): void {
  for (const key of Object.keys(localStorage))
    if (key.startsWith(`${PREFIX} `) && (key.split(' ').at(-1) ?? '') < oldest) localStorage.removeItem(key)
}
