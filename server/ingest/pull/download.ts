import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { retryAfterMs } from './backoff.ts'
import { readText } from './body.ts'
import { DownloadError, shown } from './download-error.ts'
import { publicLookup, refusePrivateLiteral } from './inside.ts'

export interface DownloadRequest {
  url: string
  method?: 'GET' | 'POST' | undefined
  headers?: Readonly<Record<string, string>> | undefined
  body?: string | Uint8Array | undefined
}

/** What a response said of its version; sent back, it lets the source answer "not modified". */
export interface Validators {
  etag?: string
  lastModified?: string
}

export interface Limits {
  /** for everything, redirects included */
  timeoutMs: number
  /** of decoded bytes: a small gzip may hold a large page */
  maxBytes: number
  /** hosts of the feed's configured URLs, as URL.host writes them */
  allowHosts: readonly string[]
  userAgent: string
  signal?: AbortSignal
  previous?: Validators | undefined
}

export type Download = ({ status: 'ok'; text: string } & Validators) | { status: 'not-modified' }

const MAX_REDIRECTS = 3
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/**
 * Fetches one resource for a feed. Node's own http costs a quarter of fetch. Only hosts that the feed's configuration
 * names are asked, redirects included. Throws a DownloadError.
 */
export async function download(request: DownloadRequest, limits: Limits): Promise<Download> {
  const breakOff = new AbortController()
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    breakOff.abort()
  }, limits.timeoutMs)
  const stop = () => breakOff.abort()
  // by hand instead of AbortSignal.any: the outer signal lives for weeks and must not gather listeners
  limits.signal?.addEventListener('abort', stop, { once: true })
  if (limits.signal?.aborted === true) stop()
  const where = shown(request.url)
  try {
    return await follow(request, limits, breakOff.signal)
  } catch (error) {
    if (error instanceof DownloadError) throw error
    if (timedOut)
      throw new DownloadError('timeout', `no complete answer from ${where} within ${limits.timeoutMs} ms`)
    if (limits.signal?.aborted === true) throw new DownloadError('stopped', `stopped while reading ${where}`)
    throw new DownloadError('network', `${where}: ${networkFault(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
    limits.signal?.removeEventListener('abort', stop)
  }
}

async function follow(first: DownloadRequest, limits: Limits, signal: AbortSignal): Promise<Download> {
  const firstUrl = parseUrl(first.url)
  let request = first
  for (let hop = 0; ; hop += 1) {
    const url = parseUrl(request.url)
    checkHost(url, firstUrl, limits.allowHosts)
    const response = await send(url, request, limits, signal, url.host !== firstUrl.host)
    const status = response.statusCode ?? 0
    const { location } = response.headers
    if (REDIRECTS.has(status) && location !== undefined) {
      response.destroy()
      if (hop === MAX_REDIRECTS)
        throw new DownloadError('status', `${shown(first.url)} redirects more than ${MAX_REDIRECTS} times`)
      request = redirected(request, url, location, status)
      continue
    }
    if (status === 304 && limits.previous !== undefined) {
      response.resume()
      return { status: 'not-modified' }
    }
    if (status < 200 || status > 299) {
      response.destroy()
      const wait = retryAfterMs(response.headers['retry-after'], new Date())
      throw new DownloadError('status', `${shown(url.href)} answered ${status}${MEANINGS[status] ?? ''}`, {
        ...(wait === undefined ? {} : { retryAfterMs: wait }),
      })
    }
    return { status: 'ok', text: await readText(response, limits.maxBytes, url), ...validatorsOf(response) }
  }
}

const MEANINGS: Readonly<Record<number, string>> = {
  304: ' to a question that had no condition',
  401: ': it lets nobody in now, or wants a sign-in',
  403: ': it refuses this machine, or wants a sign-in',
  404: ': there is no such page, its address has changed',
  429: ': it is asked too often',
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new DownloadError('refused-host', `${shown(text)} is not a URL`)
  return new URL(text)
}

function checkHost(url: URL, first: URL, allowHosts: readonly string[]): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new DownloadError('refused-host', `${shown(url.href)}: only http and https are read`)
  if (!allowHosts.includes(url.host))
    throw new DownloadError(
      'refused-host',
      `${shown(first.href)} leads to ${url.host}, which this feed's configuration does not name`,
    )
  if (first.protocol === 'https:' && url.protocol === 'http:')
    throw new DownloadError('refused-host', `${shown(first.href)} leads from https to http`)
}

/** The request that a redirect asks for; what was secret for one host is not told to another. */
function redirected(request: DownloadRequest, from: URL, location: string, status: number): DownloadRequest {
  if (!URL.canParse(location, from.href))
    throw new DownloadError('status', `${shown(from.href)} redirects to something that is not a URL`)
  const to = new URL(location, from)
  const keepsBody = status === 307 || status === 308
  const dropped = new Set([
    ...(to.host === from.host ? [] : ['authorization', 'cookie']),
    ...(keepsBody ? [] : ['content-type', 'content-length']),
  ])
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).filter(([name]) => !dropped.has(name.toLowerCase())),
  )
  return keepsBody ? { ...request, url: to.href, headers } : { url: to.href, headers }
}

async function send(
  url: URL,
  request: DownloadRequest,
  limits: Limits,
  signal: AbortSignal,
  publicOnly: boolean,
): Promise<IncomingMessage> {
  const method = request.method ?? 'GET'
  const { etag, lastModified } = method === 'GET' ? (limits.previous ?? {}) : {}
  const options: RequestOptions = {
    method,
    signal,
    headers: {
      'user-agent': limits.userAgent,
      'accept-encoding': 'gzip, br, deflate',
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
      ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
      ...request.headers,
      ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
    },
    // a connection of its own: one that is kept open was looked up by other rules
    ...(publicOnly ? { lookup: publicLookup, agent: false } : {}),
  }
  if (publicOnly) refusePrivateLiteral(url)
  return new Promise((resolve, reject) => {
    const ask = (again: boolean) => {
      const sent = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve)
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // a kept connection that the other side closed meanwhile says nothing about the source
        if (sent.reusedSocket && error.code === 'ECONNRESET' && again && !signal.aborted) ask(false)
        else reject(error)
      })
      sent.end(request.body)
    }
    ask(true)
  })
}

function validatorsOf({ headers }: IncomingMessage): Validators {
  const { etag, 'last-modified': lastModified } = headers
  return {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  }
}

function networkFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    return 'sends an incomplete chain of certificates: name the missing one in NODE_EXTRA_CA_CERTS'
  return KNOWN_FAULTS[code] ?? (code === '' ? 'the connection failed' : `the connection failed (${code})`)
}
const KNOWN_FAULTS: Record<string, string> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'closed the connection',
  ENOTFOUND: 'its name is not known to DNS',
  EAI_AGAIN: 'its name could not be looked up',
  Z_DATA_ERROR: 'sends a packed answer that does not unpack',
  Z_BUF_ERROR: 'sends a packed answer that ends too early',
  CERT_HAS_EXPIRED: "the server's certificate has expired",
}
