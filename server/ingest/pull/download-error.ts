export type DownloadErrorKind = 'timeout' | 'too-large' | 'status' | 'network' | 'refused-host' | 'stopped'

/** Its message names host and path only: query strings and headers may hold secrets. */
export class DownloadError extends Error {
  override name = 'DownloadError'
  readonly kind: DownloadErrorKind
  readonly retryAfterMs: number | undefined
  constructor(
    kind: DownloadErrorKind,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause })
    this.kind = kind
    this.retryAfterMs = options.retryAfterMs
  }
}

/** An address without what may be secret in it. */
export function shown(url: string): string {
  if (!URL.canParse(url)) return 'the configured address'
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}
