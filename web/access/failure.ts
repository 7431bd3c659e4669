import { ApiError } from '../live/api.ts'
import { t } from './messages.ts'

/** What went wrong, in the reader's language where the kind is known. */
export function failure(cause: unknown, known: Partial<Record<string, string>> = {}): string {
  if (!(cause instanceof ApiError)) return t('failed.network')
  const text = known[cause.kind]
  if (text !== undefined) return text
  const seconds = cause.details.retryAfterSeconds
  if (cause.kind === 'too-many')
    return typeof seconds === 'number' ? t('signIn.tooMany', { seconds }) : t('signIn.tooManySoon')
  return t('failed.other', { message: cause.message })
}
