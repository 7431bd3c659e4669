import type { Role } from '#contract/viewer.ts'

/** The page that each role works with; where somebody goes who signs in without having asked for a page. */
export const homeOf = (role: Role | undefined): string =>
  role === 'leader'
    ? '/summary'
    : role === 'surveyor'
      ? '/survey'
      : role === 'market-officer'
        ? '/prices'
        : '/'

/**
 * Where to go after signing in: a path of this site, or the front page. `//host`, `/\host` and anything that a browser would
 * read as another site is refused, as is the sign-in page itself.
 */
export function safeNext(next: string | null): string {
  if (next === null || !/^\/(?![/\\])/.test(next)) return '/'
  // Browsers drop tabs and line breaks from addresses: "/\t/host" is "//host" to them.
  if (/[\u0000-\u001f\\]/.test(next)) return '/'
  const url = new URL(next, 'http://self.invalid')
  if (url.origin !== 'http://self.invalid' || url.pathname.startsWith('//')) return '/'
  return /^\/(sign-in|setup)(\/|$)/.test(url.pathname) ? '/' : url.pathname + url.search + url.hash
}
