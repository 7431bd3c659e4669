import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { AppError } from '../errors.ts'

/** A line that is not JSON; it becomes a reject like any other row that does not fit. */
export class NotJson {
  readonly line: string
  constructor(line: string) {
    this.line = line.slice(0, 1_000)
  }
  toJSON() {
    return { notJson: this.line }
  }
}

/** A row of ours has a few hundred characters. What is longer is refused by its beginning, its rest is passed over. */
export const MAX_LINE = 64 * 1024

export interface LineLimits {
  batch: number
  maxRows: number
  maxBytes: number
}

/**
 * Reads NDJSON in batches of rows. Holds one batch and one line, whatever the length. Past a limit it yields the whole
 * lines before it and throws 413.
 */
export async function* lineBatches(
  stream: Readable,
  { batch, maxRows, maxBytes }: LineLimits,
): AsyncIterable<unknown[]> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let passing = false
  let bytes = 0
  let count = 0
  let rows: unknown[] = []
  let fault: AppError | undefined
  const take = (line: string) => {
    if (fault !== undefined || line.trim() === '') return
    if (count === maxRows) fault = tooLarge(maxRows, 'rows')
    else rows.push(line.length > MAX_LINE ? new NotJson(line) : parse(line))
    count += 1
  }
  for await (const chunk of arriving(stream)) {
    bytes += chunk.length
    const past = Math.max(0, bytes - maxBytes)
    const lines = (rest + decoder.write(chunk.subarray(0, chunk.length - past))).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (passing) passing = false
      else take(line)
      if (rows.length >= batch) {
        yield rows
        rows = []
      }
    }
    if (passing || rest.length > MAX_LINE) {
      if (!passing) take(rest)
      passing = true
      rest = ''
    }
    if (past > 0) fault ??= tooLarge(maxBytes, 'bytes')
    if (fault !== undefined) break
  }
  if (!passing) take(rest + decoder.end())
  if (rows.length > 0) yield rows
  if (fault !== undefined) throw fault
}

const tooLarge = (limit: number, unit: 'rows' | 'bytes') =>
  new AppError(
    'too-large',
    `At most ${limit} ${unit} are taken in one request; the rows before were stored.`,
    {
      limit,
    },
  )

/** Leaves the connection open when reading ends early, so that the answer that says why gets through. */
async function* arriving(stream: Readable): AsyncIterable<Buffer> {
  try {
    yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  } catch {
    throw new AppError('bad-input', 'The body broke off; the rows of whole batches before were stored.')
  } finally {
    stream.resume()
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return new NotJson(line)
  }
}
