import { session } from './session.svelte.ts'

/** What the server answered instead of what was asked for. */
export class ApiError extends Error {
  readonly status: number
  readonly kind: string
  readonly details: Record<string, unknown>
  constructor(status: number, kind: string, message: string, details: Record<string, unknown>) {
    super(message)
    this.status = status
    this.kind = kind
    this.details = details
  }
}

/** A file goes as it is, all else as JSON. */
function sent(body: unknown): RequestInit {
  if (body === undefined) return {}
  return body instanceof Blob
    ? { headers: { 'content-type': body.type }, body }
    : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, {
    method,
    credentials: 'same-origin',
    ...sent(body),
    ...(signal === undefined ? {} : { signal }),
  })
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T
  const details = (await answer.json().catch(() => ({}))) as Record<string, unknown>
  if (answer.status === 401 && path !== '/api/session') session.ended()
  throw new ApiError(
    answer.status,
    String(details.error ?? 'unavailable'),
    String(details.message ?? answer.statusText),
    details,
  )
}
export const get = <T>(path: string, { signal }: { signal?: AbortSignal } = {}): Promise<T> =>
  call<T>('GET', path, undefined, signal)
export const post = <T>(path: string, body: unknown): Promise<T> => call<T>('POST', path, body)
export const put = <T = void>(path: string, body: unknown): Promise<T> => call<T>('PUT', path, body)
export const patch = <T>(path: string, body: unknown): Promise<T> => call<T>('PATCH', path, body)
export const del = <T = void>(path: string): Promise<T> => call<T>('DELETE', path)
