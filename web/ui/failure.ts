import { ApiError } from '../live/api.ts'
import { t } from './messages.ts'

/** The server's closed set of error kinds, and what it says of each in the reader's language. */
const KINDS = {
  'not-signed-in': 'error.notSignedIn',
  forbidden: 'error.forbidden',
  'not-found': 'error.notFound',
  conflict: 'error.conflict',
  unavailable: 'error.unavailable',
  internal: 'error.internal',
} as const

/**
 * What went wrong, in the reader's language.
 * @param known texts of the asking page for kinds that it can say more of
 */
export function failure(cause: unknown, known: Partial<Record<string, string>> = {}): string {
  if (!(cause instanceof ApiError)) return t('error.network')
  const own = known[cause.kind]
  if (own !== undefined) return own
  if (cause.kind === 'too-many') {
    const seconds = cause.details.retryAfterSeconds
    return typeof seconds === 'number' ? t('error.tooMany', { seconds }) : t('error.tooManySoon')
  }
  if (cause.kind in KINDS) return t(KINDS[cause.kind as keyof typeof KINDS])
  return t('error.other')
}

/** The server's own words, in English, where they say more than the kind does: which field, what was expected. */
export function detail(cause: unknown): string | null {
  return cause instanceof ApiError && ['bad-input', 'too-large', 'internal'].includes(cause.kind)
    ? [cause.message, cause.details.requestId].filter((part) => typeof part === 'string').join(' · ')
    : null
}
