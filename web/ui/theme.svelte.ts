import { flushSync } from 'svelte'

export type Theme = 'dark' | 'light'
const KEY = 'theme'
const stored = localStorage.getItem(KEY)
const preferred: Theme = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
const initial: Theme = stored === 'light' || stored === 'dark' ? stored : preferred
let current = $state<Theme>(initial)
document.documentElement.dataset.theme = initial

/** Paper is light, whatever the screen is. */
let onScreen = initial
const show = (theme: Theme) => {
  document.documentElement.dataset.theme = theme
  // At once: the paper does not wait for charts to be drawn anew.
  flushSync(() => (current = theme))
}
addEventListener('beforeprint', () => {
  onScreen = current
  show('light')
})
addEventListener('afterprint', () => show(onScreen))

export const theme = {
  get current(): Theme {
    return current
  },
  toggle(): void {
    current = current === 'dark' ? 'light' : 'dark'
    localStorage.setItem(KEY, current)
    document.documentElement.dataset.theme = current
  },
}
