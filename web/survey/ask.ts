/** How long a phone waits for an answer: beyond it there is no connection worth the name. */
const PATIENCE_MS = 20_000

/** What the server answered with; `body` is unknown to be read by whoever asked. */
export interface Answered {
  ok: boolean
  status: number
  /** it said when to ask again */
  again: boolean
  body: unknown
}

/**
 * Asks the server, from a page or from the worker. Throws (TypeError, or DOMException by the time limit) where nobody
 * answers.
 */
export async function ask(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  patience = PATIENCE_MS,
): Promise<Answered> {
  const sent: RequestInit =
    body === undefined
      ? {}
      : body instanceof Blob
        ? { headers: { 'content-type': body.type }, body }
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(path, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(patience),
    ...sent,
  })
  const isJson = answer.headers.get('content-type')?.includes('json') === true
  return {
    ok: answer.ok,
    status: answer.status,
    again: answer.headers.has('retry-after'),
    body: isJson ? await answer.json() : null,
  }
}

/** The server's kind of error, and what it says further. */
export function refusal({ body }: Answered): { reason?: unknown; officer?: unknown } {
  return typeof body === 'object' && body !== null ? body : {}
}
