import type { FeedRequest } from '../reading.ts'
import { isWrongShape } from '../reading.ts'
import { DownloadError, shown } from './download-error.ts'
import { download, type Download, type Validators } from './download.ts'
import type { ConfiguredPull, PartReading, PullDeps } from './schedule.ts'

/** What a part answered last, kept until a later answer is stored. */
export interface Kept {
  validators: Validators
  text: string | undefined
}

/** What one run of a feed got to read. */
export interface Gathered {
  /** all that were asked, those that an answer led to included */
  requests: FeedRequest[]
  parts: PartReading[]
  /** parts that failed, or answered with something else than the source sends */
  faults: Error[]
  /** how many parts answered as they should */
  good: number
  /** false: every part is as it was */
  modified: boolean
  kept: Map<string, Kept>
}

/** After so many faults in a row the source is taken to be down, and not asked for its other parts. */
const MOST_FAULTS = 3

/** No list of markets leads to more; one that does would make us flood its portal. */
const MOST_FOLLOWING = 2_000

/** Asks part after part. One that fails stops nothing, unless the source asks for patience or seems to be down. */
export async function gather(
  pull: ConfiguredPull,
  requests: readonly FeedRequest[],
  known: ReadonlyMap<string, Kept>,
  { now, signal, userAgent }: { now: Date; signal: AbortSignal; userAgent: PullDeps['userAgent'] },
): Promise<Gathered> {
  const allowHosts = hostsOf(pull.options, requests)
  const gathered: Gathered = {
    requests: [...requests],
    parts: [],
    faults: [],
    good: 0,
    modified: false,
    kept: new Map(),
  }
  let faultsInARow = 0
  // grows as it is read: an answer may lead to further requests
  for (const request of gathered.requests) {
    const key = `${request.method ?? 'GET'} ${request.url} ${request.body ?? ''}`
    const before = known.get(key)
    try {
      const answer = await download(request, {
        timeoutMs: pull.timeoutMs,
        maxBytes: pull.maxBytes,
        allowHosts,
        userAgent,
        signal,
        // an answer that leads on has to be read every time
        previous: pull.feed.follow === undefined ? before?.validators : undefined,
      })
      gathered.modified ||= answer.status === 'ok'
      const text = answer.status === 'ok' ? answer.text : before?.text
      if (text !== undefined) understand(pull, gathered, request, text, now)
      const kept = answer.status === 'ok' ? keepable(answer, pull) : before
      if (kept !== undefined) gathered.kept.set(key, kept)
      gathered.good += 1
      faultsInARow = 0
    } catch (error) {
      if (signal.aborted || !(error instanceof Error)) throw error
      gathered.faults.push(error)
      faultsInARow += 1
      const waits = error instanceof DownloadError && error.retryAfterMs !== undefined
      if (waits || faultsInARow === MOST_FAULTS) break
    }
  }
  return gathered
}

/** Reads an answer. Throws where it is something else altogether; it is kept as a reject all the same. */
function understand(
  { feed, options }: ConfiguredPull,
  gathered: Gathered,
  request: FeedRequest,
  text: string,
  now: Date,
): void {
  const payload: unknown = feed.accepts === 'json' ? parseJson(text, request) : text
  const context = { options: options as never, request, now }
  const reading = feed.read(payload, context)
  gathered.parts.push({ request, reading })
  if (isWrongShape(reading))
    throw new Error(`${shown(request.url)} answered, but not with ${reading.rejects[0]?.expected}`)
  const more = feed.follow?.(payload, context) ?? []
  if (more.length > MOST_FOLLOWING)
    throw new Error(`${shown(request.url)} leads to more than ${MOST_FOLLOWING} requests`)
  gathered.requests.push(...more)
}

/** A price that was read stays; a camera's state has to be confirmed, so its list is kept. */
function keepable(
  { text, etag, lastModified }: Extract<Download, { status: 'ok' }>,
  { feed }: ConfiguredPull,
): Kept | undefined {
  if (etag === undefined && lastModified === undefined) return undefined
  const validators = {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  }
  return { validators, text: feed.domain === 'cameras' ? text : undefined }
}

function parseJson(text: string, request: FeedRequest): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const start = text.slice(0, 60).replace(/\s+/g, ' ')
    throw new Error(`${shown(request.url)} did not answer with JSON but with ${JSON.stringify(start)}`)
  }
}

/** Hosts that the feed's options name; where they name none, those that its reader asks. */
export function hostsOf(options: unknown, requests: readonly FeedRequest[]): string[] {
  const found = new Set<string>()
  const look = (value: unknown): void => {
    if (typeof value === 'string') {
      if (/^https?:\/\//.test(value) && URL.canParse(value)) found.add(new URL(value).host)
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look)
  }
  look(options)
  if (found.size === 0) for (const { url } of requests) if (URL.canParse(url)) found.add(new URL(url).host)
  return [...found]
}
