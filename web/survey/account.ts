import type { CityInfo } from '#contract/city.ts'
import type { Viewer } from '#contract/viewer.ts'
import type { KeptAccount } from './model.ts'

const KEY = 'survey-account'

/** Keeps who is signed in, so that their surveys open without a connection. */
export function keepAccount(viewer: Viewer, city: CityInfo): void {
  if (viewer.kind === 'account')
    localStorage.setItem(KEY, JSON.stringify({ viewer, city } satisfies KeptAccount))
}
/** Who was signed in last; null where nobody was, or they signed out. */
export function keptAccount(): KeptAccount | null {
  const text = localStorage.getItem(KEY)
  return text === null ? null : (JSON.parse(text) as KeptAccount)
}
/** Whoever signs out leaves nobody signed in on the phone; the drafts stay, under their account. */
export const forgetAccount = (): void => localStorage.removeItem(KEY)
