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

export interface LineLimits {
  batch: number
  maxRows: number
  maxBytes: number
}

/** Reads NDJSON in batches of rows. Holds one batch and one line, whatever the length. Throws 413 past a limit. */
export async function* lineBatches(
  stream: Readable,
  { batch, maxRows, maxBytes }: LineLimits,
): AsyncIterable<unknown[]> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let bytes = 0
  let count = 0
  let rows: unknown[] = []
  const take = (line: string) => {
    if (line.trim() === '') return
    count += 1
    if (count > maxRows)
      throw new AppError(
        'too-large',
        `At most ${maxRows} rows are taken in one request; the rows before were stored.`,
        { limit: maxRows },
      )
    rows.push(parse(line))
  }
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes)
      throw new AppError(
        'too-large',
        `At most ${maxBytes} bytes are taken in one request; the rows before were stored.`,
        { limit: maxBytes },
      )
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      take(line)
      if (rows.length >= batch) {
        yield rows
        rows = []
      }
    }
  }
  take(rest + decoder.end())
  if (rows.length > 0) yield rows
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return new NotJson(line)
  }
}
