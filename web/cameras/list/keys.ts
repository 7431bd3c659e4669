/** What a key asks of the table. */
export type Wish =
  { do: 'move'; by: number } | { do: 'search' | 'open' | 'select' | 'all' | 'clear' | 'help' }

const WISHES: Record<string, Wish> = {
  j: { do: 'move', by: 1 },
  ArrowDown: { do: 'move', by: 1 },
  k: { do: 'move', by: -1 },
  ArrowUp: { do: 'move', by: -1 },
  PageDown: { do: 'move', by: 15 },
  PageUp: { do: 'move', by: -15 },
  Home: { do: 'move', by: -Infinity },
  End: { do: 'move', by: Infinity },
  '/': { do: 'search' },
  Enter: { do: 'open' },
  x: { do: 'select' },
  ' ': { do: 'select' },
  a: { do: 'all' },
  Escape: { do: 'clear' },
  '?': { do: 'help' },
}
/** A key belongs to whoever writes or presses with it, and to a box that lies over the page. */
export function wishOf(event: KeyboardEvent): Wish | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null
  if (document.querySelector('dialog[open]') !== null) return null
  const wish = WISHES[event.key] ?? null
  const at = event.target instanceof Element ? event.target : null
  if (at?.closest('select, textarea, input:not([type="search"])') != null) return null
  // From the search the list is reached without leaving the keyboard.
  if (at?.closest('input') != null) return ['ArrowDown', 'Escape'].includes(event.key) ? wish : null
  if (at?.closest('a, button, summary') != null && ['Enter', ' '].includes(event.key)) return null
  return wish
}
