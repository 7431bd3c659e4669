export type Theme = 'dark' | 'light'
const KEY = 'theme'
const stored = localStorage.getItem(KEY)
const preferred: Theme = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
let current = $state<Theme>(stored === 'light' || stored === 'dark' ? stored : preferred)
document.documentElement.dataset.theme = stored === 'light' || stored === 'dark' ? stored : preferred

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
